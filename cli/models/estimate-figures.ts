import type { CatalogueModel, ModelFormat } from '../../src/contracts/model-catalogue.ts';
import { known } from './load-catalogue.ts';

/** Bytes of weights, and whether they are calculated rather than stated by a source. */
export interface WeightFigure {
  readonly bytes: number;
  readonly isCalculated: boolean;
}

/** Sizes that the memory of a conversation follows from. */
export interface CacheShape {
  readonly layers: number;
  readonly keyHeads: number;
  readonly headWidth: number;
}

/** Bits a weight, scales included: GGUF keeps a half for 32 weights, MLC a half or a float for 32. */
const BITS: ReadonlyMap<string, number> = new Map([
  ['F32', 32],
  ['F16', 16],
  ['BF16', 16],
  ['Q8_0', 8.5],
  ['Q4_0', 4.5],
  ['q0f32', 32],
  ['q0f16', 16],
  ['q4f32_1', 5],
  ['q4f16_1', 4.5],
]);
/** What a GGUF repository whose files are not listed is reckoned as. */
const UNLISTED_GGUF = 'Q8_0';
/** Peak memory by weights, of the kernel. */
const MEMORY_FACTOR = 1.15;
/** Keys and values are kept as halves. */
const CACHE_VALUE_BYTES = 2;

/** Bytes of the weights: as stated, or `parameters × bits of the quantization ÷ 8`; null when neither is known. */
export function estimateWeights(model: CatalogueModel, format: ModelFormat): WeightFigure | null {
  const stated = known(format.sizeBytes);
  if (stated !== null) return { bytes: stated, isCalculated: false };
  const parameters = known(model.parameters);
  const quantization = known(format.quantization) ?? (format.kind === 'gguf' ? UNLISTED_GGUF : '');
  const bits = BITS.get(quantization);
  return parameters === null || bits === undefined
    ? null
    : { bytes: Math.round((parameters * bits) / 8), isCalculated: true };
}

/** Sizes of the cache of a model; null when one of them is unknown. */
export function cacheShapeOf(model: CatalogueModel): CacheShape | null {
  const [layers, width, heads, keyHeads] = [
    known(model.layers),
    known(model.width),
    known(model.heads),
    known(model.kvHeads),
  ];
  if (layers === null || width === null || heads === null || keyHeads === null) return null;
  return { layers, keyHeads, headWidth: width / heads };
}

/** Bytes of keys and values: `2 × layers × key heads × head width × tokens × 2 bytes`. */
export function cacheBytes({ layers, keyHeads, headWidth }: CacheShape, contextTokens: number): number {
  return 2 * layers * keyHeads * headWidth * contextTokens * CACHE_VALUE_BYTES;
}

/** Peak memory of the kernel: `weights × 1.15 + cache`. */
export function memoryBytes(weightBytes: number, cache: number): number {
  return Math.ceil(weightBytes * MEMORY_FACTOR + cache);
}

/**
 * Milliseconds a token: every weight is read once for it, so `bytes ÷ bandwidth` is the least.
 * @param bandwidthGBps - Bytes that one thread reads in a second, in units of 10^9.
 */
export function msPerTokenOf(weightBytes: number, bandwidthGBps: number): number {
  return weightBytes / (bandwidthGBps * 1e6);
}
