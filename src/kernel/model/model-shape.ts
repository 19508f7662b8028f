import type { GgufMetadata } from '../gguf/metadata.ts';
import { invalidModel } from '../gguf/invalid-model.ts';

/** Architectures the kernel runs, by their names in GGUF. */
export const ARCHITECTURES = ['llama', 'qwen2', 'bert'] as const;
export type Architecture = (typeof ARCHITECTURES)[number];

/** Metadata of packed files: the version of the layout. */
export const PACKED_KEY = 'understudy.packed';
export const PACKED_VERSION = 1;

/** Sizes of a model, read from its metadata and checked against each other. */
export interface ModelShape {
  readonly architecture: Architecture;
  /** Width of the residual stream; a multiple of 32. */
  readonly width: number;
  readonly layers: number;
  readonly heads: number;
  /** Heads of keys and values; divides `heads`. */
  readonly keyHeads: number;
  /** A multiple of 8. */
  readonly headWidth: number;
  /** A multiple of 32. */
  readonly feedForward: number;
  /** Most positions the model was trained for. */
  readonly contextTokens: number;
  readonly normEpsilon: number;
  /** Dimensions of a head that are rotated; 0 for encoders, which embed positions. */
  readonly ropeWidth: number;
  /** Whether the halves of a head are pairs (NeoX, qwen2), not neighbours (llama). */
  readonly ropeHalves: boolean;
  readonly ropeBase: number;
  /** Positions are divided by it. */
  readonly ropeScale: number;
  /** How an encoder's hidden states become one vector. */
  readonly pooling: 'mean' | 'first' | 'none';
}

const POOLING = { 0: 'none', 1: 'mean', 2: 'first' } as const;

function isArchitecture(name: string): name is Architecture {
  return ARCHITECTURES.some((known) => known === name);
}

function readRopeScale(metadata: GgufMetadata, architecture: Architecture): number {
  const type = metadata.text(`${architecture}.rope.scaling.type`, 'none');
  if (type === 'none') return 1;
  if (type === 'linear') return metadata.float(`${architecture}.rope.scaling.factor`, 1, 1024);
  throw invalidModel(
    `The model scales its positions as "${type}"; "linear" and the factors of Llama 3 are read.`,
  );
}

function readPooling(metadata: GgufMetadata): ModelShape['pooling'] {
  const type = metadata.integer('bert.pooling_type', 0, 8, 1);
  if (type === 0 || type === 1 || type === 2) return POOLING[type];
  throw invalidModel(`The encoder pools by method ${type}; mean (1) and first token (2) are known.`);
}

/**
 * Reads the sizes of a model.
 * @throws UnderstudyError `engine/model-invalid` for another architecture, a missing or senseless size, or sizes that do not fit.
 */
export function readModelShape(metadata: GgufMetadata): ModelShape {
  // A packed file of another layout has weights that would be read as noise.
  metadata.integer(PACKED_KEY, PACKED_VERSION, PACKED_VERSION, PACKED_VERSION);
  const architecture = metadata.text('general.architecture');
  if (!isArchitecture(architecture)) {
    throw invalidModel(`The model is a "${architecture}"; ${ARCHITECTURES.join(', ')} are read.`, {
      architecture,
    });
  }
  const size = (key: string, most: number): number => metadata.integer(`${architecture}.${key}`, 1, most);
  const isEncoder = architecture === 'bert';
  const width = size('embedding_length', 16_384);
  const heads = size('attention.head_count', 512);
  const keyHeads = metadata.integer(`${architecture}.attention.head_count_kv`, 1, 512, heads);
  const headWidth = metadata.integer(`${architecture}.attention.key_length`, 1, 512, width / heads);
  const valueWidth = metadata.integer(`${architecture}.attention.value_length`, 1, 512, headWidth);
  const ropeWidth = isEncoder
    ? 0
    : metadata.integer(`${architecture}.rope.dimension_count`, 2, 512, headWidth);
  const feedForward = size('feed_forward_length', 65_536);
  if (width % 32 !== 0 || feedForward % 32 !== 0 || (heads * headWidth) % 32 !== 0) {
    throw invalidModel(
      `The widths ${width}, ${feedForward} and ${heads} x ${headWidth} are no multiples of 32.`,
    );
  }
  if (!Number.isInteger(headWidth) || headWidth % 8 !== 0 || valueWidth !== headWidth) {
    throw invalidModel(
      `The heads are ${headWidth} and ${valueWidth} wide; they have to be alike, a multiple of 8.`,
    );
  }
  if (heads % keyHeads !== 0) throw invalidModel(`${keyHeads} key heads do not divide ${heads} heads.`);
  if (ropeWidth > headWidth || ropeWidth % 2 !== 0) {
    throw invalidModel(`${ropeWidth} of ${headWidth} dimensions of a head are to be rotated.`);
  }
  const epsilonKey = isEncoder ? 'layer_norm_epsilon' : 'layer_norm_rms_epsilon';
  return {
    architecture,
    width,
    heads,
    keyHeads,
    headWidth,
    feedForward,
    ropeWidth,
    layers: size('block_count', 256),
    contextTokens: size('context_length', 2 ** 24),
    // BERT's 1e-12 is a little less as a single.
    normEpsilon: metadata.float(`${architecture}.attention.${epsilonKey}`, 1e-13, 1e-2, 1e-5),
    ropeHalves: architecture === 'qwen2',
    ropeBase: metadata.float(`${architecture}.rope.freq_base`, 1, 1e12, 10_000),
    ropeScale: isEncoder ? 1 : readRopeScale(metadata, architecture),
    pooling: isEncoder ? readPooling(metadata) : 'none',
  };
}
