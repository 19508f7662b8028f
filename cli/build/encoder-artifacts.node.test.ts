import assert from 'node:assert/strict';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { isUnderstudyError } from '../../src/contracts/errors.ts';
import { parsePassageVectors } from '../../src/retrieval/passage-vectors.ts';
import { tensorType } from '../../src/kernel/gguf/tensor-type.ts';
import { writeGguf } from '../../src/kernel/gguf/write-gguf.ts';
import { randomModel, randomModelParts } from '../../test/fixtures/random-model.ts';
import { sampleFolders } from '../../test/node/sample-folder.ts';
import { openBundleFolder } from '../ask/open-bundle-folder.ts';
import { loadConfig } from '../config/load-config.ts';
import { buildBundle } from './build-bundle.ts';
import { openEncoder } from '../generator/open-encoder.ts';
import { packageFolder } from '../package-folder.ts';
import { openEarlierVectors } from './earlier-vectors.ts';
import { encoderArtifacts } from './encoder-artifacts.ts';

const { signal } = new AbortController();
const noFetch = (): Promise<string> => Promise.reject(new Error('Nothing is fetched here.'));
const quiet = (): void => undefined;
const samples = sampleFolders();
after(() => samples.removeAll());
const folder = samples.make({
  'pages/returns.md': '# Returns\n\nSend it within thirty days.',
  'pages/delivery.md': '# Delivery\n\nParcels leave at noon.',
  'encoder.gguf': randomModel({ architecture: 'bert', type: 'Q8_0' }),
  'decoder.gguf': randomModel({ architecture: 'llama', type: 'Q8_0' }),
});
const encoder = { kind: 'file', path: join(folder, 'encoder.gguf') } as const;

const FIVE_BITS = tensorType('Q5_0');

/** An encoder whose matrices have five bits a weight, which the kernel's layout widens to eight. */
function inFiveBits(): Uint8Array<ArrayBuffer> {
  const { metadata, tensors } = randomModelParts({ architecture: 'bert', type: 'Q4_0' });
  const { id, blockBytes } = tensorType('Q4_0');
  const widened = tensors.map((tensor) => {
    if (tensor.type.id !== id) return tensor;
    const blocks = tensor.bytes.length / blockBytes;
    const bytes = new Uint8Array(blocks * FIVE_BITS.blockBytes);
    // The scale, the fifth bits, the others.
    for (let block = 0; block < blocks; block += 1) {
      const from = tensor.bytes.subarray(block * blockBytes, (block + 1) * blockBytes);
      bytes.set(from.subarray(0, 2), block * FIVE_BITS.blockBytes);
      bytes.set(from.subarray(2), block * FIVE_BITS.blockBytes + 6);
    }
    return { ...tensor, type: FIVE_BITS, bytes };
  });
  return writeGguf(metadata, widened);
}

describe('the encoder of a bundle', () => {
  it('comes with the vectors of the passages, and finds a page that shares no word with the question', async () => {
    const out = join(folder, 'bundle');
    const config = loadConfig(join(folder, 'pages'), { generator: { kind: 'none' }, encoder });
    const built = await buildBundle(config, { out, createdAt: '2000-01-01T00:00:00.000Z' });
    assert.equal(built.hasEncoder, true);
    const roles = Object.values(built.manifest.artifacts).flatMap(({ role, need }) =>
      need === 'wording' ? [role] : [],
    );
    assert.deepEqual(roles.sort(), ['encoder', 'intent-vectors', 'vectors']);
    const { retriever } = await openBundleFolder(out, { withGenerator: false, signal });
    assert.ok(retriever.search('zzz qqq').ranked.length > 0);
  });

  it('is sent as published where packing would make it longer', async () => {
    const bytesOf = async (path: string): Promise<Uint8Array> => {
      const opened = await openEncoder({ kind: 'file', path }, noFetch, signal);
      assert.ok(opened !== null);
      assert.equal(opened.encoder.encode('a parcel').length, opened.encoder.width);
      opened.encoder.dispose();
      return opened.bytes;
    };
    const five = join(folder, 'five-bits.gguf');
    writeFileSync(five, inFiveBits());
    assert.deepEqual(await bytesOf(five), new Uint8Array(readFileSync(five)));
    assert.notDeepEqual(await bytesOf(encoder.path), new Uint8Array(readFileSync(encoder.path)));
  });

  it('is understudy-encoder where none is named, within 12 MB', async () => {
    const shipped = 'models/understudy-encoder/understudy-encoder.q4_0.gguf';
    const opened = await openEncoder({ kind: 'default' }, noFetch, signal);
    assert.ok(opened !== null);
    const { encoder: model, bytes } = opened;
    assert.ok(bytes.length <= 12e6 && statSync(join(packageFolder().path, shipped)).size <= 12e6);
    const likeness = (left: string, right: string): number => {
      const other = model.encode(right);
      return model.encode(left).reduce((sum, value, at) => sum + value * (other[at] ?? 0), 0);
    };
    for (const question of ['How do I get my money back?', '我想退货，怎么拿回我的钱？'])
      assert.ok(
        likeness(question, 'Refunds for returned items') >
          likeness(question, 'Resetting the thermostat') + 0.1,
      );
    model.dispose();
  });

  it('is the same for the same pages', async () => {
    const passages = [
      {
        id: 'a#1',
        documentId: 'a',
        title: 'A',
        headings: [],
        url: null,
        language: 'en',
        text: 'One. Two.',
        questions: [],
        tags: [],
      },
    ];
    const make = async (): Promise<Uint8Array | undefined> => {
      const opened = await openEncoder(encoder, noFetch, signal);
      assert.ok(opened !== null);
      const made = encoderArtifacts(opened, passages, () => null, null, signal, quiet);
      opened.encoder.dispose();
      return made.find(({ role }) => role === 'vectors')?.bytes;
    };
    const [first, second] = [await make(), await make()];
    assert.ok(first !== undefined);
    assert.deepEqual(first, second);
    assert.equal(parsePassageVectors(first, passages).passageCount, 1);
  });

  it('is refused with a code when the file is missing, or is a model that writes text', async () => {
    const codeOf = async (name: string): Promise<string> => {
      try {
        await openEncoder({ kind: 'file', path: join(folder, name) }, noFetch, signal);
        return '';
      } catch (error) {
        return isUnderstudyError(error) ? error.code : String(error);
      }
    };
    assert.equal(await codeOf('nowhere.gguf'), 'cli/not-found');
    assert.equal(await codeOf('decoder.gguf'), 'engine/model-invalid');
  });

  it('is none unless it is asked for', async () => {
    assert.equal(await openEncoder({ kind: 'none' }, noFetch, signal), null);
  });

  it('encodes only what is new when pages are built again, and gives the same bytes as a build from nothing', async () => {
    const pages = samples.make({ 'a.md': '# Returns\n\nOld words.', 'b.md': '# Delivery\n\nBy noon.' });
    const build = async (out: string): Promise<Buffer> => {
      const config = loadConfig(pages, { generator: { kind: 'none' }, encoder });
      await buildBundle(config, { out, createdAt: '2000-01-01T00:00:00.000Z' });
      const opened = await openEncoder(encoder, noFetch, signal);
      const earlier = await openEarlierVectors(out, opened?.sha256 ?? '', signal);
      opened?.encoder.dispose();
      assert.deepEqual(
        ['Returns > Old words.', 'Returns > New words.', 'Delivery > By noon.'].map(
          (text) => earlier(text) !== null,
        ),
        [!isNew, isNew, true],
      );
      assert.equal(
        (await openEarlierVectors(out, 'of another encoder', signal))('Delivery > By noon.'),
        null,
      );
      return readFileSync(join(out, 'manifest.json'));
    };
    let isNew = false;
    await build(join(folder, 'again'));
    writeFileSync(join(pages, 'a.md'), '# Returns\n\nNew words.');
    isNew = true;
    const [again, fresh] = [await build(join(folder, 'again')), await build(join(folder, 'fresh'))].map(
      (bytes) => (JSON.parse(bytes.toString()) as { artifacts: object }).artifacts,
    );
    assert.deepEqual(again, fresh);
  });

  it('is encoded anew where the earlier release is damaged', async () => {
    const out = samples.make({ 'manifest.json': '{"not": "a manifest"}' });
    const earlier = await openEarlierVectors(out, 'any', signal);
    assert.equal(earlier('a text'), null);
  });
});
