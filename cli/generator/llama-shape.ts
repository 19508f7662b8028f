import { invalidModel } from '../../src/kernel/gguf/invalid-model.ts';
import type { LlamaFile, LoadedTensor } from './llama-file.ts';

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
 * Takes a tensor of exactly this shape, fastest-running length first.
 * @throws UnderstudyError `engine/model-invalid` when it is missing or of another shape.
 */
export function requireTensor(file: LlamaFile, name: string, dims: readonly number[]): LoadedTensor {
  const tensor = file.tensors.get(name);
  if (tensor === undefined) throw invalidModel(`The model has no tensor "${name}".`);
  if (tensor.dims.length !== dims.length || tensor.dims.some((length, index) => length !== dims[index])) {
    throw invalidModel(`Tensor "${name}" has shape ${tensor.dims.join('x')}, not ${dims.join('x')}.`);
  }
  return tensor;
}

function rejectUnsupported(file: LlamaFile): void {
  const architecture = file.metadata.text('general.architecture');
  if (architecture !== 'llama') {
    throw invalidModel(`The model has architecture "${architecture}", not "llama".`);
  }
  const scaling = file.metadata.text('llama.rope.scaling.type', 'none');
  if (scaling !== 'none' || file.tensors.has('rope_freqs.weight')) {
    throw invalidModel('The model scales its rotary positions, which is not supported.');
  }
  for (const name of file.tensors.keys()) {
    if (name.endsWith('.bias') || name.includes('_exps.')) {
      throw invalidModel(`The model has tensor "${name}", which the llama decoder here does not use.`);
    }
  }
}

function positive(file: LlamaFile, key: string, fallback: number): number {
  return file.metadata.float(key, Number.MIN_VALUE, Number.MAX_VALUE, fallback);
}

/**
 * Reads the sizes of the decoder from the metadata of a GGUF file.
 * @throws UnderstudyError `engine/model-invalid` when it is no plain llama model or its sizes do not fit together.
 */
export function readLlamaShape(file: LlamaFile): LlamaShape {
  rejectUnsupported(file);
  const size = (key: string, most: number): number => file.metadata.integer(`llama.${key}`, 1, most);
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
    normEpsilon: positive(file, 'llama.attention.layer_norm_rms_epsilon', 1e-5),
    ropeBase: positive(file, 'llama.rope.freq_base', 10_000),
  };
}
