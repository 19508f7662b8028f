import { invalidModel } from './byte-reader.ts';
import type { GgufFile, GgufTensor, GgufValue } from './gguf-reader.ts';

/** Sizes of a LLaMA-class decoder. */
export interface LlamaShape {
  /** Width of the residual stream. */
  readonly width: number;
  readonly layers: number;
  readonly heads: number;
  /** Heads of keys and values; divides `heads`. */
  readonly keyHeads: number;
  /** Width of a head; even. */
  readonly headWidth: number;
  /** Width of the gated feed-forward layer. */
  readonly feedForward: number;
  readonly vocabulary: number;
  /** Most positions. */
  readonly contextTokens: number;
  readonly normEpsilon: number;
  readonly ropeBase: number;
}

const MAX_CONTEXT = 131_072;
const MAX_LAYERS = 512;

/**
 * Reads a whole number of the metadata.
 * @throws UnderstudyError `cli/model-invalid` when it is missing or out of range.
 */
export function metadataInteger(file: GgufFile, key: string, least: number, most: number): number {
  const value = file.metadata.get(key);
  if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > most) {
    throw invalidModel(`The metadata "${key}" is no whole number from ${least} to ${most}.`);
  }
  return value;
}

function metadataFloat(file: GgufFile, key: string, fallback: number): number {
  const value: GgufValue = file.metadata.get(key) ?? fallback;
  if (typeof value !== 'number' || !(value > 0) || !Number.isFinite(value)) {
    throw invalidModel(`The metadata "${key}" is no positive number.`);
  }
  return value;
}

/**
 * Takes a tensor of exactly this shape, fastest-running length first.
 * @throws UnderstudyError `cli/model-invalid` when it is missing or of another shape.
 */
export function requireTensor(file: GgufFile, name: string, dims: readonly number[]): GgufTensor {
  const tensor = file.tensors.get(name);
  if (tensor === undefined) throw invalidModel(`The model has no tensor "${name}".`);
  if (tensor.dims.length !== dims.length || tensor.dims.some((length, index) => length !== dims[index])) {
    throw invalidModel(`Tensor "${name}" has shape ${tensor.dims.join('x')}, not ${dims.join('x')}.`);
  }
  return tensor;
}

function rejectUnsupported(file: GgufFile): void {
  const architecture = file.metadata.get('general.architecture');
  if (architecture !== 'llama') {
    throw invalidModel(`The model has architecture "${String(architecture)}", not "llama".`);
  }
  const scaling = file.metadata.get('llama.rope.scaling.type');
  if ((scaling !== undefined && scaling !== 'none') || file.tensors.has('rope_freqs.weight')) {
    throw invalidModel('The model scales its rotary positions, which is not supported.');
  }
  for (const name of file.tensors.keys()) {
    if (name.endsWith('.bias') || name.includes('_exps.')) {
      throw invalidModel(`The model has tensor "${name}", which the llama decoder here does not use.`);
    }
  }
}

/**
 * Reads the sizes of the decoder from the metadata of a GGUF file.
 * @throws UnderstudyError `cli/model-invalid` when it is no plain llama model or its sizes do not fit together.
 */
export function readLlamaShape(file: GgufFile): LlamaShape {
  rejectUnsupported(file);
  const size = (key: string, most: number): number => metadataInteger(file, `llama.${key}`, 1, most);
  const width = size('embedding_length', 65_536);
  const heads = size('attention.head_count', 1024);
  const keyHeads = file.metadata.has('llama.attention.head_count_kv')
    ? size('attention.head_count_kv', 1024)
    : heads;
  const headWidth = file.metadata.has('llama.attention.key_length')
    ? size('attention.key_length', 1024)
    : width / heads;
  if (!Number.isInteger(headWidth) || headWidth % 2 !== 0 || heads % keyHeads !== 0) {
    throw invalidModel(`The model has ${heads} heads and ${keyHeads} key heads of width ${headWidth}.`);
  }
  if (file.metadata.has('llama.rope.dimension_count') && size('rope.dimension_count', 65_536) !== headWidth) {
    throw invalidModel('The model rotates only a part of each head, which is not supported.');
  }
  return {
    width,
    heads,
    keyHeads,
    headWidth,
    layers: size('block_count', MAX_LAYERS),
    feedForward: size('feed_forward_length', 262_144),
    vocabulary: file.tensors.get('token_embd.weight')?.dims[1] ?? 0,
    contextTokens: size('context_length', MAX_CONTEXT),
    normEpsilon: metadataFloat(file, 'llama.attention.layer_norm_rms_epsilon', 1e-5),
    ropeBase: metadataFloat(file, 'llama.rope.freq_base', 10_000),
  };
}
