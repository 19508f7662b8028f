import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { isUnderstudyError } from '../../contracts/errors.ts';
import { openGguf } from './gguf-file.ts';
import { GgufHeaderReader, readGgufHeader } from './read-gguf.ts';
import { packedTypeOf, tensorSizeBytes, tensorType } from './tensor-type.ts';
import type { WrittenValue } from './write-gguf.ts';
import { copyMetadata, layOutGguf, writeGguf } from './write-gguf.ts';

const F32 = tensorType('F32');
const VALUES: readonly (readonly [string, WrittenValue])[] = [
  ['text', 'größe 中文'],
  ['flag', true],
  ['count', { u32: 4_000_000_000 }],
  ['below', { i32: -5 }],
  ['large', { u64: 2 ** 40 }],
  ['share', { f32: 0.5 }],
  ['texts', { strings: ['a', '', 'ü'] }],
  ['numbers', { i32s: [-1, 2] }],
  ['shares', { f32s: [0.25, -1] }],
];
const small = writeGguf(VALUES, [
  { name: 'a', dims: [4, 2], type: F32, bytes: new Uint8Array(32).fill(1) },
  { name: 'b', dims: [32, 3], type: tensorType('Q8_0'), bytes: new Uint8Array(102).fill(2) },
]);

function expectRefused(file: Uint8Array, words: RegExp): void {
  try {
    openGguf(file);
  } catch (error) {
    expect(isUnderstudyError(error, 'engine/model-invalid'), String(error)).to.equal(true);
    expect(String(error)).to.match(words);
    return;
  }
  expect.fail(`was read; expected was ${String(words)}`);
}

/** Reads everything there is to read, and lets through only results and the one error that is promised. */
function readOrRefuse(file: Uint8Array): void {
  try {
    const { metadata, tensors, bytesOf } = openGguf(file);
    for (const tensor of tensors.values()) expect(bytesOf(tensor).length).to.equal(tensor.sizeBytes);
    for (const key of metadata.keys()) metadata.value(key);
  } catch (error) {
    if (!isUnderstudyError(error, 'engine/model-invalid')) throw error;
  }
}

/** A changed copy, with a 64-bit number written where `after` ends. */
function withCount(file: Uint8Array, after: string, skip: number, count: bigint): Uint8Array {
  const changed = file.slice();
  const at = new TextDecoder('latin1').decode(file).indexOf(after) + after.length + skip;
  new DataView(changed.buffer).setBigUint64(at, count, true);
  return changed;
}

describe('readGgufHeader', () => {
  it('reads values of every kind that is written', () => {
    const { metadata, version, alignment } = openGguf(small);
    expect([version, alignment]).to.deep.equal([3, 32]);
    expect(metadata.text('text')).to.equal('größe 中文');
    expect(metadata.flag('flag')).to.equal(true);
    expect(metadata.integer('count', 0, 2 ** 32)).to.equal(4_000_000_000);
    expect(metadata.integer('below', -9, 9)).to.equal(-5);
    expect(metadata.integer('large', 0, 2 ** 50)).to.equal(2 ** 40);
    expect(metadata.float('share', 0, 1)).to.equal(0.5);
    expect([...metadata.strings('texts')]).to.deep.equal(['a', '', 'ü']);
    expect([...metadata.numbers('numbers')]).to.deep.equal([-1, 2]);
    expect([...metadata.numbers('shares')]).to.deep.equal([0.25, -1]);
  });

  it('gives a fallback for what is missing, and names key and expectation for what is wrong', () => {
    const { metadata } = openGguf(small);
    expect(metadata.text('none', 'default')).to.equal('default');
    expect(metadata.numbers('none', null)).to.equal(null);
    expect(() => metadata.text('none')).to.throw(/"none" is missing; expected is a text/);
    expect(() => metadata.integer('share', 0, 9, 1)).to.throw(
      /"share" is 0.5; expected is a whole number from 0 to 9/,
    );
    expect(() => metadata.integer('count', 0, 9)).to.throw(/"count" is 4000000000/);
    expect(() => metadata.strings('numbers')).to.throw(
      /"numbers" is a list of 2; expected is a list of texts/,
    );
  });

  it('gives tensors their place in the file', () => {
    const file = openGguf(small);
    const b = file.tensors.get('b');
    expect(b?.dims).to.deep.equal([32, 3]);
    expect(b?.type.name).to.equal('Q8_0');
    expect((b?.offset ?? 1) % 32).to.equal(0);
    expect(b && [...new Set(file.bytesOf(b))]).to.deep.equal([2]);
  });

  it('reads a header that arrives in pieces as soon as it is complete', () => {
    const { headerBytes } = openGguf(small);
    expect(readGgufHeader(small.subarray(0, headerBytes - 1), small.length)).to.equal(null);
    expect(readGgufHeader(small.subarray(0, headerBytes), small.length)?.tensors.size).to.equal(2);
  });

  it('is not asked to look again before a quarter more has come', () => {
    const strings = Array.from({ length: 40_000 }, (_, index) => `token ${index}`);
    const file = writeGguf([['tokens', { strings }]], []);
    const reader = new GgufHeaderReader(file.length);
    let attempts = 0;
    for (let bytes = 0; ; bytes += 1000) {
      const before = reader.neededBytes;
      const header = reader.read(file.subarray(0, bytes));
      if (reader.neededBytes !== before) attempts += 1;
      if (header === null) continue;
      expect(header.metadata.strings('tokens').at(39_999)).to.equal('token 39999');
      break;
    }
    expect(attempts).to.be.below(20);
  });

  it('writes what it reads', () => {
    const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 });
    const value: fc.Arbitrary<WrittenValue> = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.boolean(),
      fc.record({ u32: fc.nat() }),
      fc.record({ strings: fc.array(fc.string({ unit: 'grapheme' })) }),
      fc.record({ i32s: fc.array(fc.integer()) }),
    );
    const columns = fc.integer({ min: 1, max: 40 });
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(name, value), { selector: ([key]) => key, maxLength: 8 }),
        fc.uniqueArray(fc.tuple(name, columns), { selector: ([key]) => key, maxLength: 8 }),
        (values, tensors) => {
          const file = writeGguf(
            values,
            tensors.map(([key, width]) => ({
              name: key,
              dims: [width, 2],
              type: F32,
              bytes: new Uint8Array(width * 8),
            })),
          );
          const header = openGguf(file);
          expect([...header.metadata.keys()]).to.deep.equal(values.map(([key]) => key));
          expect([...header.tensors.keys()]).to.deep.equal(tensors.map(([key]) => key));
          const copy = openGguf(writeGguf(copyMetadata(header.metadata), []));
          for (const [key] of values) {
            expect(copy.metadata.raw(key)).to.deep.equal(header.metadata.raw(key));
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('keeps the alignment that is written among the values', () => {
    const layout = layOutGguf([['general.alignment', { u32: 256 }]], [{ name: 'a', dims: [3], type: F32 }]);
    expect(layout.header.length).to.equal(256);
    expect(layout.fileBytes).to.equal(512);
  });

  it('counts packed tensors in groups of eight rows', () => {
    expect(tensorSizeBytes(packedTypeOf(tensorType('Q4_K')), [512, 9])).to.equal(16 * 2 * 148);
    expect(tensorSizeBytes(tensorType('Q4_K'), [512, 9])).to.equal(9 * 2 * 144);
    expect(tensorSizeBytes(tensorType('Q4_0'), [48, 1])).to.equal(null);
    expect(tensorSizeBytes(F32, [2 ** 30, 2 ** 30])).to.equal(null);
  });
});

describe('a hostile GGUF file', () => {
  const one = (dims: readonly number[], name = 't'): Uint8Array =>
    writeGguf([], [{ name, dims, type: F32, bytes: new Uint8Array(dims.reduce((a, b) => a * b, 4)) }]);

  it('is refused: no GGUF, another version, big-endian', () => {
    expectRefused(new Uint8Array(0), /ends at byte 0/);
    expectRefused(new TextEncoder().encode('GGML0000'), /does not begin with "GGUF"/);
    expectRefused(Uint8Array.of(71, 71, 85, 70, 1, 0, 0, 0), /version 1/);
    expectRefused(Uint8Array.of(71, 71, 85, 70, 0, 0, 0, 3), /big-endian/);
  });

  it('is refused: a million of keys, of tensors, of lists', () => {
    const file = small.slice();
    const view = new DataView(file.buffer);
    view.setBigUint64(16, 1_000_000n, true);
    expectRefused(file, /announces 1000000 metadata values; at most/);
    view.setBigUint64(8, 1_000_000n, true);
    expectRefused(file, /announces 1000000 tensors; at most/);
    view.setBigUint64(8, 2n ** 64n - 1n, true);
    expectRefused(file, /beyond all sizes/);
    const lists = new Uint8Array(3_000_000 * 12);
    const listView = new DataView(lists.buffer);
    listView.setUint32(0, 9, true);
    listView.setUint32(4, 9, true);
    listView.setBigUint64(8, 2_900_000n, true);
    expectRefused(writeGguf([['k', { raw: lists }]], []), /more than 2097152 texts/);
  });

  it('is refused: lengths that lie', () => {
    expectRefused(withCount(small, 'numbers', 8, 1n << 40n), /announces 1099511627776 values/);
    expectRefused(withCount(small, 'text', 4, 1n << 40n), /1099511627776 more are expected/);
    expectRefused(withCount(small, 'text', 4, (1n << 64n) - 1n), /beyond all sizes/);
    expectRefused(withCount(small, 'flag', -12, 1n << 40n), /name at byte \d+ takes 1099511627776 bytes/);
  });

  it('is refused: lists nested without end', () => {
    const raw = new Uint8Array(1004);
    const view = new DataView(raw.buffer);
    view.setUint32(0, 9, true);
    for (let at = 4; at + 12 <= raw.length; at += 12) {
      view.setUint32(at, 9, true);
      view.setBigUint64(at + 4, 1n, true);
    }
    expectRefused(writeGguf([['deep', { raw }]], []), /nests more than 3 lists/);
  });

  it('is refused: alignments that are none', () => {
    for (const u32 of [0, 3, 2 ** 31]) {
      const file = small.slice(0);
      const aligned = writeGguf([['general.alignment', { u32: 32 }]], []);
      new DataView(aligned.buffer).setUint32(24 + 8 + 17 + 4, u32, true);
      expect(file.length).to.be.above(0);
      expectRefused(aligned, /"general.alignment" is/);
    }
  });

  it('is refused: shapes that overflow, are empty, or are not of blocks', () => {
    expectRefused(withCount(one([4, 4]), 't', 4, 1n << 52n), /no valid shape/);
    expectRefused(withCount(one([4, 4]), 't', 4, 1n << 63n), /beyond all sizes/);
    expectRefused(withCount(one([4, 4]), 't', 4, 0n), /no valid shape/);
    expectRefused(withCount(one([4, 4]), 't', 4, 1_000_000n), /reaches past the end/);
  });

  it('is refused: kinds that are not known', () => {
    const file = one([4]);
    const type = 24 + 8 + 1 + 4 + 8;
    new DataView(file.buffer).setUint32(type, 7, true);
    expectRefused(file, /"t" is encoded as Q5_1, which is not read/);
    new DataView(file.buffer).setUint32(type, 4_000_000, true);
    expectRefused(file, /encoded as number 4000000/);
    expectRefused(writeGguf([['k', { raw: Uint8Array.of(99, 0, 0, 0) }]], []), /unknown kind 99/);
  });

  it('is refused: tensors over one another, outside, off the alignment, or twice', () => {
    const bytes = new Uint8Array(64);
    const two = writeGguf(
      [],
      [
        { name: 'x', dims: [16], type: F32, bytes },
        { name: 'y', dims: [16], type: F32, bytes },
      ],
    );
    const offset = 4 + 8 + 4;
    expectRefused(withCount(two, 'y', offset, 32n), /"x" and "y" lie over one another/);
    expectRefused(withCount(two, 'y', offset, 96n), /past the end/);
    expectRefused(withCount(two, 'y', offset, 33n), /no multiple of the alignment/);
    const twice = two.slice();
    twice[twice.indexOf(121, 24)] = 120;
    expectRefused(twice, /holds tensor "x" twice/);
    expectRefused(
      writeGguf(
        [
          ['a', 'x'],
          ['a', 'y'],
        ],
        [],
      ),
      /holds "a" twice/,
    );
  });

  it('is refused: text that is not UTF-8', () => {
    const raw = new Uint8Array(13);
    raw.set([8, 0, 0, 0, 1]);
    raw[12] = 0xff;
    const { metadata } = openGguf(writeGguf([['k', { raw }]], []));
    expect(() => metadata.text('k')).to.throw(/"k" is not UTF-8/);
    const key = small.slice();
    key[24 + 8] = 0xff;
    expectRefused(key, /not UTF-8/);
  });

  it('gives a header or the one error, whatever bytes are changed', () => {
    const change = fc.tuple(fc.nat(small.length - 1), fc.integer({ min: 0, max: 255 }));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 8 }), (changes) => {
        const file = small.slice();
        for (const [at, value] of changes) file[at] = value;
        readOrRefuse(file);
      }),
      { numRuns: 1000 },
    );
  });

  it('is refused wherever it is cut', () => {
    const last = openGguf(small).tensors.get('b');
    const end = (last?.offset ?? 0) + (last?.sizeBytes ?? 0);
    for (let length = 0; length < end; length += 1) {
      expectRefused(small.subarray(0, length), /ends at|past the end|announces/);
    }
  });
});
