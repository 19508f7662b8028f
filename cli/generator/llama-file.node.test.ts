import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { isUnderstudyError } from '../../src/contracts/errors.ts';
import { tensorType } from '../../src/kernel/gguf/tensor-type.ts';
import { writeGguf } from '../../src/kernel/gguf/write-gguf.ts';
import { GgufBuilder, quantizeQ8 } from '../../test/fixtures/gguf-builder.ts';
import { tinyLlama } from '../../test/fixtures/tiny-llama.ts';
import { deriveTransformersFiles } from './derive-onnx.ts';
import { readLlamaFile } from './llama-file.ts';
import { readLlamaShape } from './llama-shape.ts';
import { halfToFloat, tensorFloats } from './tensor-floats.ts';

const small = tinyLlama({ width: 32, layers: 1, heads: 2, keyHeads: 1, feedForward: 32, vocabulary: 300 });

/** Derives, and lets through only results and the one error that is promised. */
function deriveOrReject(bytes: Uint8Array): void {
  try {
    deriveTransformersFiles(bytes);
  } catch (error) {
    if (!isUnderstudyError(error, 'engine/model-invalid')) throw error;
  }
}

describe('readLlamaFile', () => {
  it('reads tensors of floats and of 8-bit blocks', () => {
    const values = Float32Array.from({ length: 64 }, (_, index) => (index - 32) / 7);
    const file = readLlamaFile(new GgufBuilder().floats('f', [64], values).q8('q', [32, 2], values).build());
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

  it('reads lists of numbers out of a Buffer, whose slices are no copies', () => {
    const file = writeGguf([['numbers', { i32s: [1, 2, 3] }]], []);
    const { metadata } = readLlamaFile(Buffer.concat([Buffer.alloc(1), file]).subarray(1));
    assert.deepEqual([...metadata.numbers('numbers')], [1, 2, 3]);
  });

  it('refuses encodings that the graph cannot hold', () => {
    const bytes = new Uint8Array(18);
    const file = writeGguf([], [{ name: 'q', dims: [32], type: tensorType('Q4_0'), bytes }]);
    assert.throws(
      () => readLlamaFile(file),
      (error) =>
        isUnderstudyError(error, 'engine/model-invalid') && /"q" is encoded as Q4_0/.test(error.message),
    );
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
    const shape = readLlamaShape(readLlamaFile(small));
    assert.equal(shape.width, 32);
    assert.equal(shape.headWidth, 16);
    assert.equal(shape.vocabulary, 300);
  });

  it('refuses other architectures', () => {
    const file = readLlamaFile(new GgufBuilder().value('general.architecture', 'mamba').build());
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
