/**
 * Sizes of a decoder of random weights. A head is `width / heads` wide.
 *
 * @typedef {object} ModelShape
 * @property {'llama' | 'qwen2'} architecture
 * @property {number} width Of the residual stream.
 * @property {number} layers
 * @property {number} heads
 * @property {number} keyHeads Heads of keys and values; divides `heads`.
 * @property {number} feedForward Width of the gated layer.
 * @property {number} vocabulary
 * @property {boolean} tied Whether the embedding is also the output matrix.
 * @property {number} contextTokens Most positions.
 * @property {number} ropeBase
 */

/** @type {Record<'s30' | 's135' | 'tl', ModelShape>} Shapes that the benchmark measures: 32 M, SmolLM2-135M, TinyLlama-1.1B. */
export const SHAPES = {
  s30: {
    architecture: 'llama',
    width: 512,
    layers: 8,
    heads: 8,
    keyHeads: 4,
    feedForward: 1408,
    vocabulary: 16_384,
    tied: true,
    contextTokens: 2048,
    ropeBase: 10_000,
  },
  s135: {
    architecture: 'llama',
    width: 576,
    layers: 30,
    heads: 9,
    keyHeads: 3,
    feedForward: 1536,
    vocabulary: 49_152,
    tied: true,
    contextTokens: 2048,
    ropeBase: 10_000,
  },
  tl: {
    architecture: 'llama',
    width: 2048,
    layers: 22,
    heads: 32,
    keyHeads: 4,
    feedForward: 5632,
    vocabulary: 32_000,
    tied: false,
    contextTokens: 2048,
    ropeBase: 10_000,
  },
};

/** Weights of a shape, for the printed size. @param {ModelShape} shape */
export function parameterCount(shape) {
  const { width, layers, heads, keyHeads, feedForward, vocabulary, tied } = shape;
  const keys = (width / heads) * keyHeads;
  const layer = 2 * width * width + 2 * width * keys + 3 * width * feedForward + 2 * width;
  return layers * layer + width + vocabulary * width * (tied ? 1 : 2);
}
