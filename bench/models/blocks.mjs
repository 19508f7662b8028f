import { brainBits, halfBits } from './half.mjs';

/**
 * How tensor types lie in a file: number in GGUF, values and bytes of a block, and how a block of random weights is written.
 * Every block that is written is one that a quantizer could write: scales are finite and not 0, and the mean over a
 * block is near 0. Layouts are those of ggml (https://github.com/ggml-org/llama.cpp, `ggml/src/ggml-common.h`).
 *
 * @typedef {object} BlockType
 * @property {number} number
 * @property {number} values
 * @property {number} bytes
 * @property {(view: DataView, at: number, deviation: number, random: ReturnType<typeof import('./random.mjs').randomFrom>) => void} write
 *   `deviation` is the standard deviation that the weights get, about.
 */

/** Scales differ from block to block, or a runtime that mixes them up would not be noticed. */
const jitter = (random) => 0.75 + random.unit() / 2;
const randomSign = (random) => (random.word() & 1 ? 1 : -1);

function randomBytes(view, at, length, random) {
  for (let index = 0; index < length; index += 4) {
    const word = random.word();
    for (let part = 0; part < Math.min(4, length - index); part += 1)
      view.setUint8(at + index + part, (word >>> (8 * part)) & 255);
  }
}

/** Deviation of whole numbers that are evenly spread over so many neighbors. */
const evenDeviation = (count) => Math.sqrt((count * count - 1) / 12);

function writeQ8(view, at, deviation, random) {
  view.setUint16(at, halfBits((deviation * jitter(random)) / evenDeviation(255)), true);
  for (let index = 0; index < 32; index += 1) view.setInt8(at + 2 + index, (random.word() % 255) - 127);
}

function writeQ4(view, at, deviation, random) {
  // The scale has either sign, as in files of ggml: values are d · (q − 8), whose mean is not 0 under one sign.
  view.setUint16(at, halfBits((randomSign(random) * deviation * jitter(random)) / evenDeviation(16)), true);
  randomBytes(view, at + 2, 16, random);
}

/** Eight scales and eight minima of 6 bits in 12 bytes, as Q4_K and Q5_K pack them. */
function packScales(view, at, scales, minima) {
  for (let index = 0; index < 4; index += 1) {
    view.setUint8(at + index, scales[index] | ((scales[index + 4] >> 4) << 6));
    view.setUint8(at + 4 + index, minima[index] | ((minima[index + 4] >> 4) << 6));
    view.setUint8(at + 8 + index, (scales[index + 4] & 15) | ((minima[index + 4] & 15) << 4));
  }
}

/** Blocks of 256 with values d · scale · q − dmin · minimum; `levels` is 16 or 32. */
const writeKBlock = (levels) => (view, at, deviation, random) => {
  const scale = (deviation * jitter(random)) / evenDeviation(levels) / 48;
  view.setUint16(at, halfBits(scale), true);
  view.setUint16(at + 2, halfBits((scale * (levels - 1)) / 2), true);
  const scales = Array.from({ length: 8 }, () => 33 + (random.word() % 31));
  const shift = () => (random.word() % 5) - 2;
  const minima = scales.map((value) => Math.min(63, value + shift()));
  packScales(view, at + 4, scales, minima);
  randomBytes(view, at + 16, levels === 32 ? 160 : 128, random);
};

function writeQ6(view, at, deviation, random) {
  randomBytes(view, at, 192, random);
  for (let index = 0; index < 16; index += 1)
    view.setInt8(at + 192 + index, randomSign(random) * (64 + (random.word() % 64)));
  view.setUint16(at + 208, halfBits((deviation * jitter(random)) / evenDeviation(64) / 96), true);
}

/** @type {Record<'F32' | 'F16' | 'BF16' | 'Q8_0' | 'Q4_0' | 'Q4_K' | 'Q5_K' | 'Q6_K', BlockType>} */
export const BLOCK_TYPES = {
  F32: {
    number: 0,
    values: 1,
    bytes: 4,
    write: (view, at, deviation, random) => view.setFloat32(at, deviation * random.normal(), true),
  },
  F16: {
    number: 1,
    values: 1,
    bytes: 2,
    write: (view, at, deviation, random) => view.setUint16(at, halfBits(deviation * random.normal()), true),
  },
  BF16: {
    number: 30,
    values: 1,
    bytes: 2,
    write: (view, at, deviation, random) => view.setUint16(at, brainBits(deviation * random.normal()), true),
  },
  Q8_0: { number: 8, values: 32, bytes: 34, write: writeQ8 },
  Q4_0: { number: 2, values: 32, bytes: 18, write: writeQ4 },
  Q4_K: { number: 12, values: 256, bytes: 144, write: writeKBlock(16) },
  Q5_K: { number: 13, values: 256, bytes: 176, write: writeKBlock(32) },
  Q6_K: { number: 14, values: 256, bytes: 210, write: writeQ6 },
};

/** Type of a tensor whose rows are so long: rows that are no whole number of blocks of 256 fall back to blocks of 32. */
export const typeForRows = (type, columns) => (columns % BLOCK_TYPES[type].values === 0 ? type : 'Q8_0');

/**
 * Blocks that tensors repeat. Their number is prime, so that no two rows of a matrix begin at the same one: equal rows would
 * be equal logits.
 */
const PATTERN_BLOCKS = { 1: 2_097_143, 32: 65_537, 256: 65_537 };

/**
 * Makes the blocks that tensors of one type and one deviation repeat.
 *
 * @param {keyof typeof BLOCK_TYPES} type
 * @param {number} deviation
 * @param {ReturnType<typeof import('./random.mjs').randomFrom>} random
 * @returns {Uint8Array}
 */
export function makePattern(type, deviation, random) {
  const { values, bytes, write } = BLOCK_TYPES[type];
  const blocks = PATTERN_BLOCKS[values];
  const pattern = new Uint8Array(blocks * bytes);
  const view = new DataView(pattern.buffer);
  for (let block = 0; block < blocks; block += 1) write(view, block * bytes, deviation, random);
  return pattern;
}
