import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { BLOCK_TYPES, makePattern, typeForRows } from '../../bench/models/blocks.mjs';
import { brainBits, halfBits } from '../../bench/models/half.mjs';
import { randomFrom } from '../../bench/models/random.mjs';
import { makePrompt, makeVocabulary } from '../../bench/models/vocabulary.mjs';
import { writeGguf } from '../../bench/models/write-gguf.mjs';
import { readLlamaFile } from '../../cli/generator/llama-file.ts';
import { readLlamaShape } from '../../cli/generator/llama-shape.ts';
import { halfToFloat, tensorFloats } from '../../cli/generator/tensor-floats.ts';

const SHAPE = {
  architecture: 'llama',
  width: 256,
  layers: 1,
  heads: 4,
  keyHeads: 2,
  feedForward: 512,
  vocabulary: 600,
  tied: true,
  contextTokens: 64,
  ropeBase: 10_000,
} as const;

type TypeName = keyof typeof BLOCK_TYPES;
type Unpack = (view: DataView, at: number) => number[];

const half = (view: DataView, at: number): number => halfToFloat(view.getUint16(at, true));
const many = (count: number, value: (index: number) => number): number[] =>
  Array.from({ length: count }, (_, index) => value(index));
const float32 = new DataView(new ArrayBuffer(4));

function brainToFloat(bits: number): number {
  float32.setUint32(0, bits << 16);
  return float32.getFloat32(0);
}

/** Six-bit scale and minimum of a sub-block, of twelve bytes. */
function scaleAndMinimum(view: DataView, at: number, index: number): [number, number] {
  const byte = (offset: number): number => view.getUint8(at + offset);
  if (index < 4) return [byte(index) & 63, byte(index + 4) & 63];
  return [
    (byte(index + 4) & 15) | ((byte(index - 4) >> 6) << 4),
    (byte(index + 4) >> 4) | ((byte(index) >> 6) << 4),
  ];
}

const unpackK =
  (highBits: number | null, lowBits: number): Unpack =>
  (view, at) =>
    many(256, (index) => {
      const sub = index >> 5;
      const [scale, minimum] = scaleAndMinimum(view, at + 4, sub);
      const low = (view.getUint8(at + lowBits + (index >> 6) * 32 + (index & 31)) >> (4 * (sub & 1))) & 15;
      const high = highBits === null ? 0 : (view.getUint8(at + highBits + (index & 31)) >> sub) & 1;
      return half(view, at) * scale * (low + 16 * high) - half(view, at + 2) * minimum;
    });

/** The layouts once more, as the reader's side has them. */
const UNPACK: Record<TypeName, Unpack> = {
  F32: (view, at) => [view.getFloat32(at, true)],
  F16: (view, at) => [half(view, at)],
  BF16: (view, at) => [brainToFloat(view.getUint16(at, true))],
  Q8_0: (view, at) => many(32, (index) => half(view, at) * view.getInt8(at + 2 + index)),
  Q4_0: (view, at) =>
    many(
      32,
      (index) => half(view, at) * (((view.getUint8(at + 2 + (index & 15)) >> (index < 16 ? 0 : 4)) & 15) - 8),
    ),
  Q4_K: unpackK(null, 16),
  Q5_K: unpackK(16, 48),
  Q6_K: (view, at) =>
    many(256, (index) => {
      const part = index >> 7;
      const quarter = (index >> 5) & 3;
      const lane = index & 31;
      const low = (view.getUint8(at + part * 64 + (quarter & 1) * 32 + lane) >> (quarter < 2 ? 0 : 4)) & 15;
      const high = (view.getUint8(at + 128 + part * 32 + lane) >> (2 * quarter)) & 3;
      return half(view, at + 208) * view.getInt8(at + 192 + (index >> 4)) * (low + 16 * high - 32);
    }),
};

function moments(values: readonly number[]): { mean: number; deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, deviation: Math.sqrt(square) };
}

const digest = async (path: string): Promise<string> =>
  createHash('sha256')
    .update(await readFile(path))
    .digest('hex');

describe('models of random weights', () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bench-models-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  for (const type of Object.keys(BLOCK_TYPES) as TypeName[]) {
    it(`writes blocks of ${type} whose weights have the wanted deviation and a mean near 0`, () => {
      const pattern = makePattern(type, 0.02, randomFrom('a seed'));
      const view = new DataView(pattern.buffer);
      const { bytes, values } = BLOCK_TYPES[type];
      const blocks = 65_536 / values;
      const weights = many(blocks, (index) => index).flatMap((block) => UNPACK[type](view, block * bytes));
      assert.equal(weights.length, 65_536);
      assert.ok(weights.every(Number.isFinite));
      const { mean, deviation } = moments(weights);
      assert.ok(Math.abs(mean) < 0.002, `mean ${mean}`);
      assert.ok(deviation > 0.016 && deviation < 0.024, `deviation ${deviation}`);
    });
  }

  it('gives the same file for the same arguments and another for another seed', async () => {
    const write = async (name: string, seed: string): Promise<string> => {
      const path = join(folder, name);
      await writeGguf(path, { shape: SHAPE, type: 'Q8_0', seed });
      return digest(path);
    };
    const first = await write('a.gguf', 'one');
    assert.equal(await write('b.gguf', 'one'), first);
    assert.notEqual(await write('c.gguf', 'two'), first);
  });

  it('writes a file that the reader of the build takes, with no two rows alike', async () => {
    const path = join(folder, 'd.gguf');
    await writeGguf(path, { shape: SHAPE, type: 'Q8_0' });
    const file = readLlamaFile(await readFile(path));
    const shape = readLlamaShape(file);
    assert.deepEqual(
      [shape.width, shape.layers, shape.heads, shape.keyHeads, shape.feedForward, shape.vocabulary],
      [256, 1, 4, 2, 512, 600],
    );
    const embedding = file.tensors.get('token_embd.weight');
    assert.ok(embedding !== undefined);
    const floats = tensorFloats(embedding);
    const rows = new Set(
      many(600, (row) => row).map((row) => floats.slice(row * 256, row * 256 + 256).join()),
    );
    assert.equal(rows.size, 600);
  });

  it('takes blocks of 32 where rows are no whole number of blocks of 256', () => {
    assert.equal(typeForRows('Q4_K', 576), 'Q8_0');
    assert.equal(typeForRows('Q4_K', 512), 'Q4_K');
    assert.equal(typeForRows('F16', 577), 'F16');
  });

  it('makes prompts whose words are one token each, grown by merges that are there', () => {
    const { tokens, merges } = makeVocabulary(16_384);
    assert.equal(new Set(tokens).size, 16_384);
    const { ids, text } = makePrompt(16_384, 256);
    assert.equal(new Set(ids).size, 256);
    const words = text.trim().split(' ');
    assert.deepEqual(
      words.map((word) => `Ġ${word}`),
      ids.map((id) => tokens[id]),
    );
    const known = new Set(merges);
    for (const word of words)
      for (let length = 1; length <= word.length; length += 1)
        assert.ok(known.has(`Ġ${word.slice(0, length - 1)} ${word.charAt(length - 1)}`));
  });

  it('rounds to half precision and bfloat16 as IEEE 754 says, the smallest numbers as well', () => {
    const halves = new Map([
      [1, 0x3c00],
      [-2, 0xc000],
      [1 / 3, 0x3555],
      [65_504, 0x7bff],
      [2 ** -14, 0x0400],
      [2 ** -24, 0x0001],
      [2 ** -14 - 2 ** -26, 0x0400],
      [-3 * 2 ** -24, 0x8003],
      [0, 0],
    ]);
    for (const [value, bits] of halves) assert.equal(halfBits(value), bits, String(value));
    assert.equal(brainBits(1), 0x3f80);
    assert.equal(brainBits(-1.00390625), 0xbf80);
    assert.equal(brainBits(1.01171875), 0x3f82);
  });
});
