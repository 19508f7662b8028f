import { Tensor } from './matmul';

/*
 * What the host writes into memory before it calls `attach`: all fields are 32 bits wide, in this order. Addresses are 0 where
 * the model has no such part. `model-image.ts` writes the same.
 */

/** One layer of a decoder or an encoder. Norms and biases are singles. */
@unmanaged
export class Layer {
  attentionNorm: usize;
  attentionNormBias: usize;
  query: Tensor;
  key: Tensor;
  value: Tensor;
  output: Tensor;
  queryBias: usize;
  keyBias: usize;
  valueBias: usize;
  outputBias: usize;
  feedNorm: usize;
  feedNormBias: usize;
  gate: Tensor;
  up: Tensor;
  down: Tensor;
  upBias: usize;
  downBias: usize;
}

@unmanaged
export class Model {
  width: i32;
  layers: i32;
  heads: i32;
  keyHeads: i32;
  headWidth: i32;
  feedForward: i32;
  vocabulary: i32;
  /** Most positions; a multiple of 64. */
  capacity: i32;
  /** Most tokens of a batch; a multiple of 4. */
  batch: i32;
  normEpsilon: f32;
  /** Dimensions of a head that are rotated; even. */
  ropeWidth: i32;
  /** 0 = neighbours are a pair (llama), 1 = halves are (qwen2, NeoX). */
  ropeHalves: i32;
  ropeBase: f32;
  /** Positions are divided by this. */
  ropeScale: f32;
  /** `[ropeWidth / 2]` divisors of the frequencies (Llama 3), or 0. */
  ropeFactors: usize;
  embeddings: Tensor;
  /** Vocabulary matrix of the output; 0 for encoders. */
  vocabularyOutput: Tensor;
  outputNorm: usize;
  /** Encoders: norm over the sum of embeddings. */
  embeddingNorm: usize;
  embeddingNormBias: usize;
  positionEmbeddings: Tensor;
  /** Encoders: row 0 of the token types is added. */
  typeEmbeddings: Tensor;
  /** `[layers]` of {@link Layer}, one after the other. */
  layerTable: usize;
  /** `[capacity / 64]` addresses of pages of the cache. */
  pageTable: usize;
  /** `[batch]` token ids. */
  tokens: usize;
  /** Where the scratch memory of `attach` begins; see `scratchBytes`. */
  scratch: usize;
}
