import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { isUnderstudyError } from '../../src/contracts/errors.ts';
import { GgufBuilder, quantizeQ8 } from '../../test/fixtures/gguf-builder.ts';
import { tinyLlama } from '../../test/fixtures/tiny-llama.ts';
import { deriveTransformersFiles } from './derive-onnx.ts';
import { readGguf } from './gguf-reader.ts';
import { readLlamaShape } from './llama-shape.ts';
import { halfToFloat, tensorFloats } from './tensor-floats.ts';

const small = tinyLlama({ width: 32, layers: 1, heads: 2, keyHeads: 1, feedForward: 32, vocabulary: 300 });

function assertRejected(bytes: Uint8Array, expected: RegExp): void {
  assert.throws(
    () => readGguf(bytes),
    (error) => isUnderstudyError(error, 'cli/model-invalid') && expected.test(error.message),
  );
}

/** Derives, and lets through only results and the one error that is promised. */
function deriveOrReject(bytes: Uint8Array): void {
  try {
    deriveTransformersFiles(bytes);
  } catch (error) {
    if (!isUnderstudyError(error, 'cli/model-invalid')) throw error;
  }
}

describe('readGguf', () => {
  it('reads metadata of every kind that is written', () => {
    const file = readGguf(
      new GgufBuilder()
        .value('text', 'größe 中文')
        .value('flag', true)
        .value('count', { u32: 4_000_000_000 })
        .value('share', { f32: 0.5 })
        .value('texts', { strings: ['a', ''] })
        .value('numbers', { i32s: [-1, 2] })
        .build(),
    );
    assert.deepEqual(Object.fromEntries(file.metadata), {
      text: 'größe 中文',
      flag: true,
      count: 4_000_000_000,
      share: 0.5,
      texts: ['a', ''],
      numbers: [-1, 2],
    });
  });

  it('reads tensors of floats and of 8-bit blocks', () => {
    const values = Float32Array.from({ length: 64 }, (_, index) => (index - 32) / 7);
    const file = readGguf(new GgufBuilder().floats('f', [64], values).q8('q', [32, 2], values).build());
    const plain = file.tensors.get('f');
    const blocks = file.tensors.get('q');
    assert.ok(plain !== undefined && blocks !== undefined);
    assert.deepEqual(tensorFloats(plain), values);
    assert.deepEqual(blocks.dims, [32, 2]);
    assert.deepEqual(blocks.bytes, quantizeQ8(values));
    for (const [index, value] of tensorFloats(blocks).entries()) {
      assert.ok(Math.abs(value - (values[index] ?? 0)) < 0.03);
    }
  });

  it('says what is wrong with a file', () => {
    assertRejected(new Uint8Array(0), /ends at byte 0/);
    assertRejected(new TextEncoder().encode('GGML0000000000000000'), /does not begin/);
    assertRejected(Uint8Array.of(71, 71, 85, 70, 0, 0, 0, 3), /version 50331648/);
    assertRejected(small.subarray(0, 2000), /announces 300 values/);
    assertRejected(small.subarray(0, 100), /The file ends at byte 100/);
    assertRejected(small.subarray(0, small.length - 100), /past the end/);
    assertRejected(new GgufBuilder().value('a', 'x').value('a', 'y').build(), /"a" twice/);
    assertRejected(new GgufBuilder().q8('q', [16, 2], new Float32Array(32)).build(), /no multiple of 32/);
  });

  it('does not believe a count that the file cannot hold', () => {
    const bytes = new GgufBuilder().value('list', { i32s: [1, 2, 3] }).build();
    const count = 4 + 4 + 8 + 8 + (8 + 4) + 4 + 4;
    new DataView(bytes.buffer).setBigUint64(count, 1n << 40n, true);
    assertRejected(bytes, /announces 1099511627776 values/);
  });

  it('meets changed bytes with nothing but its one error', () => {
    const header = Math.floor(small.length / 3);
    const change = fc.tuple(
      fc.oneof(fc.nat(header), fc.nat(small.length - 1)),
      fc.integer({ min: 0, max: 255 }),
    );
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 8 }), (changes) => {
        const bytes = small.slice();
        for (const [at, value] of changes) bytes[at] = value;
        deriveOrReject(bytes);
      }),
      { numRuns: 300 },
    );
  });

  it('meets cut files with nothing but its one error', () => {
    fc.assert(
      fc.property(fc.nat(small.length), (length) => deriveOrReject(small.subarray(0, length))),
      { numRuns: 200 },
    );
  });
});

describe('readLlamaShape', () => {
  it('reads the sizes of a model', () => {
    const shape = readLlamaShape(readGguf(small));
    assert.equal(shape.width, 32);
    assert.equal(shape.headWidth, 16);
    assert.equal(shape.vocabulary, 300);
  });

  it('refuses other architectures', () => {
    const file = readGguf(new GgufBuilder().value('general.architecture', 'mamba').build());
    assert.throws(() => readLlamaShape(file), /"mamba", not "llama"/);
  });
});

describe('halfToFloat', () => {
  it('decodes zero, the smallest, the largest and infinity', () => {
    assert.equal(halfToFloat(0x0000), 0);
    assert.equal(halfToFloat(0x0001), 2 ** -24);
    assert.equal(halfToFloat(0x3c00), 1);
    assert.equal(halfToFloat(0xfbff), -65_504);
    assert.equal(halfToFloat(0x7c00), Infinity);
    assert.ok(Number.isNaN(halfToFloat(0x7e00)));
  });
});
