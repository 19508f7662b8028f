import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { encodeText } from '../../test/node/encode-text.ts';
import { findMojibake } from './find-mojibake.ts';
import { bothEnds, recognizeBytes, recognizeFile } from './recognize-file.ts';

const recognize = (bytes: Uint8Array | string): string | null =>
  recognizeBytes(...bothEnds(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes));

describe('recognizeBytes', () => {
  const cases: readonly (readonly [what: string, bytes: string, says: RegExp])[] = [
    ['a PDF', '%PDF-1.7\n1 0 obj', /a PDF by its bytes; name it .pdf/],
    ['a PDF behind other bytes', 'junk\n%PDF-1.4', /a PDF/],
    ['an encrypted PDF', `%PDF-1.7${' '.repeat(9000)}trailer << /Encrypt 5 0 R >>`, /an encrypted PDF/],
    ['a Word document', 'PK\x03\x04\x14\0\0\0\x08\0[Content_Types].xml', /an Office document/],
    ['an archive', 'PK\x03\x04\x14\0\0\0\x08\0a.txt', /an archive/],
    ['an encrypted archive', 'PK\x03\x04\x14\0\x01\0\x08\0a.txt', /is encrypted/],
    ['an encrypted Word document', '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', /old or encrypted Office/],
    ['a message of OpenPGP', '-----BEGIN PGP MESSAGE-----\n\nhQ', /is encrypted/],
    ['a file of OpenSSL', 'Salted__abcdefgh', /is encrypted/],
    ['RTF', '{\\rtf1\\ansi Hello}', /an RTF document/],
    ['a picture', '\x89PNG\r\n\x1a\n', /a picture/],
    ['a packed file', '\x1f\x8b\x08', /an archive/],
    ['a program', '\x7fELF\x02\x01\x01\0\0\0\0\0', /no text/],
  ];
  for (const [what, bytes, says] of cases)
    it(`knows ${what}, whatever its name`, () => {
      assert.match(recognize(bytes) ?? '', says);
    });

  it('takes random bytes for no text, though no zero is among them', () => {
    const bytes = randomBytes(400).map((byte) => (byte === 0 ? 1 : byte));
    assert.equal(recognize(bytes), 'it is no text');
  });

  it('lets text pass in every encoding that is read', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...Array.from('退货订单 abc.,\n\tPDF%-{')), maxLength: 300 }),
        (text) => {
          if (/%PDF-\d/.test(text)) return;
          assert.equal(recognize(Buffer.from(text)), null);
          assert.equal(recognize(encodeText(text, 'gb18030')), null);
          assert.equal(recognize(Buffer.from(`\ufeff${text}`, 'utf16le')), null);
        },
      ),
    );
    for (const text of ['Für Rückgaben', 'Ça coûte 3 £']) assert.equal(recognize(text), null);
  });

  it('reads only both ends of a file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'understudy-recognize-'));
    try {
      const path = join(folder, 'scan.pdf');
      writeFileSync(path, `%PDF-1.7${' '.repeat(20_000)}/Encrypt 5 0 R`);
      assert.match(recognizeFile(path) ?? '', /encrypted PDF/);
      writeFileSync(path, '');
      assert.equal(recognizeFile(path), null);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('findMojibake', () => {
  const wrong = (text: string): string => new TextDecoder('latin1').decode(new TextEncoder().encode(text));
  it('finds letters that were read in a wrong encoding before the file was saved', () => {
    for (const text of ['Für Rückgaben', 'Où est le café ?', '¿Cuánto cuesta?', '如何退货', 'don’t'])
      assert.notEqual(findMojibake(`fine\n${wrong(text)}`), null, text);
    assert.deepEqual(findMojibake('one\ntwo \ufffd\ufffd and 锟斤拷'), {
      piece: '\ufffd\ufffd',
      count: 2,
      line: 2,
    });
  });

  it('lets honest letters pass', () => {
    for (const text of [
      'NÃO é possível',
      'Âge et château',
      '«Ça», “déjà”…',
      'SÃO PAULO',
      '小心烫',
      'È così',
      '© 2026',
      'Größe 5 € – “so”',
    ])
      assert.equal(findMojibake(text), null, text);
  });
});
