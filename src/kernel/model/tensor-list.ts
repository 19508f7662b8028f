import type { GgufHeader, GgufTensor } from '../gguf/read-gguf.ts';
import { invalidModel } from '../gguf/invalid-model.ts';
import type { ModelShape } from './model-shape.ts';

/** One tensor a model is made of. */
export interface NeededTensor {
  readonly name: string;
  /** Columns, then rows; a vector has one length. */
  readonly dims: readonly number[];
  readonly isOptional: boolean;
}

/** Fields of a layer in the order of the kernel's struct. */
export const LAYER_FIELDS = [
  'attentionNorm',
  'attentionNormBias',
  'query',
  'key',
  'value',
  'output',
  'queryBias',
  'keyBias',
  'valueBias',
  'outputBias',
  'feedNorm',
  'feedNormBias',
  'gate',
  'up',
  'down',
  'upBias',
  'downBias',
] as const;
export type LayerField = (typeof LAYER_FIELDS)[number];

/** Divisors of the frequencies by which positions turn (Llama 3). */
export const ROPE_FACTORS = 'rope_freqs.weight';

/** Names of the tensors of one layer; null where an architecture has none. */
type LayerNames = Readonly<Record<LayerField, string | null>>;

const DECODER_LAYER: LayerNames = {
  attentionNorm: 'attn_norm.weight',
  attentionNormBias: null,
  query: 'attn_q.weight',
  key: 'attn_k.weight',
  value: 'attn_v.weight',
  output: 'attn_output.weight',
  queryBias: 'attn_q.bias',
  keyBias: 'attn_k.bias',
  valueBias: 'attn_v.bias',
  outputBias: 'attn_output.bias',
  feedNorm: 'ffn_norm.weight',
  feedNormBias: null,
  gate: 'ffn_gate.weight',
  up: 'ffn_up.weight',
  down: 'ffn_down.weight',
  upBias: null,
  downBias: null,
};

const ENCODER_LAYER: LayerNames = {
  ...DECODER_LAYER,
  attentionNorm: 'attn_output_norm.weight',
  attentionNormBias: 'attn_output_norm.bias',
  feedNorm: 'layer_output_norm.weight',
  feedNormBias: 'layer_output_norm.bias',
  gate: null,
  upBias: 'ffn_up.bias',
  downBias: 'ffn_down.bias',
};

/** Name of the tensor of a field, or null. */
export function layerTensorName(shape: ModelShape, layer: number, field: LayerField): string | null {
  const names = shape.architecture === 'bert' ? ENCODER_LAYER : DECODER_LAYER;
  const name = names[field];
  return name === null ? null : `blk.${layer}.${name}`;
}

function layerDims(shape: ModelShape, field: LayerField): readonly number[] {
  const { width, feedForward } = shape;
  const heads = shape.heads * shape.headWidth;
  const keyHeads = shape.keyHeads * shape.headWidth;
  switch (field) {
    case 'query':
      return [width, heads];
    case 'key':
    case 'value':
      return [width, keyHeads];
    case 'output':
      return [heads, width];
    case 'gate':
    case 'up':
      return [width, feedForward];
    case 'down':
      return [feedForward, width];
    case 'queryBias':
      return [heads];
    case 'keyBias':
    case 'valueBias':
      return [keyHeads];
    case 'upBias':
      return [feedForward];
    default:
      return [width];
  }
}

const DECODER_BIASES: ReadonlySet<LayerField> = new Set(['queryBias', 'keyBias', 'valueBias', 'outputBias']);

/**
 * Lists the tensors of a model with their shapes.
 *
 * @param vocabulary - Rows of the embeddings.
 * @param positions - Rows of an encoder's position embeddings.
 */
export function neededTensors(shape: ModelShape, vocabulary: number, positions: number): NeededTensor[] {
  const { width } = shape;
  const isEncoder = shape.architecture === 'bert';
  const need = (name: string, dims: readonly number[], isOptional = false): NeededTensor => ({
    name,
    dims,
    isOptional,
  });
  const whole = isEncoder
    ? [
        need('token_embd.weight', [width, vocabulary]),
        need('position_embd.weight', [width, positions]),
        need('token_types.weight', [width, 2], true),
        need('token_embd_norm.weight', [width]),
        need('token_embd_norm.bias', [width]),
      ]
    : [
        need('token_embd.weight', [width, vocabulary]),
        need('output_norm.weight', [width]),
        need('output.weight', [width, vocabulary], true),
        need(ROPE_FACTORS, [shape.ropeWidth / 2], true),
      ];
  const layers = Array.from({ length: shape.layers }, (_, layer) =>
    LAYER_FIELDS.flatMap((field) => {
      const name = layerTensorName(shape, layer, field);
      if (name === null) return [];
      return [need(name, layerDims(shape, field), !isEncoder && DECODER_BIASES.has(field))];
    }),
  ).flat();
  return [...whole, ...layers];
}

const isSameShape = (dims: readonly number[], wanted: readonly number[]): boolean =>
  dims.length >= wanted.length && dims.every((length, index) => length === (wanted[index] ?? 1));

/**
 * Finds the tensors of a model in a file, with the dimensions that are needed: surplus ones of length 1 are left out.
 *
 * @throws UnderstudyError `engine/model-invalid` when one is missing, has another shape, or is one the architecture does not know:
 *   a model that has more than what is computed would answer wrongly.
 */
export function findTensors(
  needed: readonly NeededTensor[],
  tensors: ReadonlyMap<string, GgufTensor>,
): GgufTensor[] {
  const known = new Set(needed.map(({ name }) => name));
  for (const name of tensors.keys()) {
    if (!known.has(name) && !IGNORED.test(name)) {
      throw invalidModel(`The model has a tensor "${name}", which this architecture does not use.`, { name });
    }
  }
  return needed.flatMap(({ name, dims, isOptional }) => {
    const tensor = tensors.get(name);
    if (tensor === undefined) {
      if (isOptional) return [];
      throw invalidModel(`The model has no tensor "${name}".`, { name });
    }
    if (!isSameShape(tensor.dims, dims)) {
      throw invalidModel(`Tensor "${name}" has shape ${tensor.dims.join(' x ')}, not ${dims.join(' x ')}.`, {
        name,
      });
    }
    // What the model says, not the file: a vector may be written as a matrix of one row.
    return [{ ...tensor, dims }];
  });
}

/** The tensors of a model in a file, with the sizes that the embeddings tell. */
export interface ModelTensors {
  readonly tensors: readonly GgufTensor[];
  /** Rows of the embeddings. */
  readonly vocabulary: number;
  /** Rows of an encoder's position embeddings, else 0. */
  readonly positions: number;
}

/**
 * Lists what a model of this shape is made of, in no order.
 * @throws UnderstudyError `engine/model-invalid` as {@link findTensors}.
 */
export function modelTensors(header: GgufHeader, shape: ModelShape): ModelTensors {
  const rowsOf = (name: string): number => header.tensors.get(name)?.dims[1] ?? 0;
  const vocabulary = rowsOf('token_embd.weight');
  const positions = shape.architecture === 'bert' ? rowsOf('position_embd.weight') : 0;
  const needed = neededTensors(shape, vocabulary, positions);
  return { tensors: findTensors(needed, header.tensors), vocabulary, positions };
}

/** Published files carry tables that follow from the metadata. */
const IGNORED = /\.attn\.masked_bias$|\.rotary_emb\.inv_freq$|^cls\./;
