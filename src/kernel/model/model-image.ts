import type { Arena } from '../runtime/arena.ts';
import type { ModelShape } from './model-shape.ts';
import { LAYER_FIELDS, layerTensorName, ROPE_FACTORS } from './tensor-list.ts';

/** Where a tensor lies in the kernel's memory. */
export interface PlacedTensor {
  /** First byte of the numbers. */
  readonly at: number;
  /** Address of the kernel's `Tensor`; 0 for vectors. */
  readonly matrix: number;
  readonly rows: number;
}

/** Sizes that the host chooses. */
export interface ImageLimits {
  /** Most positions of the cache; a multiple of 64. */
  readonly capacity: number;
  /** Most tokens of a batch; a multiple of 4. */
  readonly batch: number;
  readonly threads: number;
}

/** Addresses in a model's image. */
export interface ModelImage {
  readonly model: number;
  readonly tokens: number;
  readonly pageTable: number;
  /** Says where the scratch memory begins, once its size is known. */
  readonly placeScratch: (at: number) => void;
}

/** Positions of a page of the cache; `PAGE` of assembly/cache.ts. */
export const PAGE_POSITIONS = 64;

const WORD = 4;
const MATRIX_FIELDS: ReadonlySet<string> = new Set(['query', 'key', 'value', 'output', 'gate', 'up', 'down']);

const single = new DataView(new ArrayBuffer(WORD));
function bitsOf(value: number): number {
  single.setFloat32(0, value);
  return single.getUint32(0);
}

/**
 * Writes the structs that `attach` reads: `Model` and `Layer` of assembly/model.ts, in the same order.
 *
 * @param placed - Tensors by name.
 */
export function writeModelImage(
  arena: Arena,
  shape: ModelShape,
  vocabulary: number,
  placed: ReadonlyMap<string, PlacedTensor>,
  limits: ImageLimits,
): ModelImage {
  const vector = (name: string | null): number => (name === null ? 0 : (placed.get(name)?.at ?? 0));
  const matrix = (name: string | null): number => (name === null ? 0 : (placed.get(name)?.matrix ?? 0));
  const layerTable = arena.take(shape.layers * LAYER_FIELDS.length * WORD);
  for (let layer = 0; layer < shape.layers; layer += 1) {
    const words = LAYER_FIELDS.map((field) => {
      const name = layerTensorName(shape, layer, field);
      return MATRIX_FIELDS.has(field) ? matrix(name) : vector(name);
    });
    arena.writeWords(layerTable + layer * words.length * WORD, words);
  }
  const pageTable = arena.take((limits.capacity / PAGE_POSITIONS) * WORD);
  const tokens = arena.take(limits.batch * WORD);
  const words = (scratch: number): number[] => [
    shape.width,
    shape.layers,
    shape.heads,
    shape.keyHeads,
    shape.headWidth,
    shape.feedForward,
    vocabulary,
    limits.capacity,
    limits.batch,
    bitsOf(shape.normEpsilon),
    shape.ropeWidth,
    shape.ropeHalves ? 1 : 0,
    bitsOf(shape.ropeBase),
    bitsOf(shape.ropeScale),
    vector(ROPE_FACTORS),
    matrix('token_embd.weight'),
    matrix('output.weight') || matrix('token_embd.weight'),
    vector('output_norm.weight'),
    vector('token_embd_norm.weight'),
    vector('token_embd_norm.bias'),
    matrix('position_embd.weight'),
    matrix('token_types.weight'),
    layerTable,
    pageTable,
    tokens,
    scratch,
  ];
  const model = arena.take(words(0).length * WORD);
  arena.writeWords(model, words(0));
  return {
    model,
    tokens,
    pageTable,
    placeScratch: (scratch) => {
      arena.writeWords(model, words(scratch));
    },
  };
}
