import { expect } from '@open-wc/testing';
import { expectCode } from '../../test/contract/responder.ts';
import { isUnderstudyError } from '../contracts/errors.ts';
import { FileShelf, MAX_FILE_BYTES } from './file-shelf.ts';

describe('FileShelf', () => {
  it('keeps files and says what they are', async () => {
    let count = 0;
    const shelf = new FileShelf(() => `file-${String((count += 1))}`);
    const bytes = new Uint8Array([1, 2]);
    const photo = shelf.add({ name: 'Leak.PNG', mimeType: 'image/png', bytes });
    expect(photo).to.deep.equal({
      kind: 'file',
      id: 'file-1',
      name: 'Leak.PNG',
      type: 'image',
      sizeBytes: 2,
      extension: '.png',
      mimeType: 'image/png',
      url: '',
    });
    const types = [
      ['a.pdf', 'application/pdf'],
      ['a', 'text/plain'],
      ['a.mp3', 'audio/mpeg'],
      ['a.bin', ''],
    ].map(([name = '', mimeType = '']) => shelf.add({ name, mimeType, bytes }).type);
    expect(types).to.deep.equal(['document', 'document', 'audio', 'custom']);
    expect(await shelf.read(photo)).to.deep.equal(bytes);
    shelf.clear();
    await expectCode(shelf.read(photo), 'turn/file-refused');
  });

  it('refuses what is empty or too large, and lets the oldest go when there are too many', async () => {
    const shelf = new FileShelf();
    for (const size of [0, MAX_FILE_BYTES + 1]) {
      let error: unknown = null;
      try {
        shelf.add({ name: 'a', mimeType: '', bytes: new Uint8Array(size) });
      } catch (caught) {
        error = caught;
      }
      expect(isUnderstudyError(error, 'turn/file-refused')).to.equal(true);
    }
    const bytes = new Uint8Array(MAX_FILE_BYTES);
    const files = [1, 2, 3, 4, 5].map((at) => shelf.add({ name: String(at), mimeType: '', bytes }));
    const [first, second] = files;
    if (first === undefined || second === undefined) throw new Error('There are no files.');
    await expectCode(shelf.read(first), 'turn/file-refused');
    expect((await shelf.read(second)).byteLength).to.equal(MAX_FILE_BYTES);
  });
});
