import { invalidModel } from './invalid-model.ts';

/** Names of the encodings that models are published in; the ids are those of ggml. */
export type PublishedTypeName = 'F32' | 'F16' | 'BF16' | 'Q8_0' | 'Q4_0' | 'Q4_K' | 'Q5_K' | 'Q6_K';

/** Encodings that are read and packed as another one that holds their numbers exactly. */
export type WidenedTypeName = 'Q5_0';

/** Names of all encodings that are read; `P_…` is the same precision with the rows laid out for SIMD. */
export type TensorTypeName = PublishedTypeName | WidenedTypeName | `P_${PublishedTypeName}`;

/** How the numbers of a tensor are encoded: rows of blocks that take the same number of bytes each. */
export interface TensorType {
  /** The id in the file; ours lie from 0x55530000 on, far from those that ggml counts up. */
  readonly id: number;
  readonly name: TensorTypeName;
  /** Values a block; the columns of a tensor are a multiple of it. */
  readonly blockValues: number;
  /** Bytes a block of one row. */
  readonly blockBytes: number;
  /** Whether rows lie in groups of {@link PACKED_ROWS}, the last group padded to the full number. */
  readonly isPacked: boolean;
}

/** Rows of a group in packed tensors. */
export const PACKED_ROWS = 8;

/** What is added to the id of a published type to name its packed form. */
const PACKED_ID = 0x55530000;

/** Id of ggml, name, values a block, bytes a block as published, bytes a block when packed. */
const ROWS: readonly (readonly [number, PublishedTypeName, number, number, number])[] = [
  [0, 'F32', 1, 4, 4],
  [1, 'F16', 1, 2, 2],
  [30, 'BF16', 1, 2, 2],
  [8, 'Q8_0', 32, 34, 34],
  [2, 'Q4_0', 32, 18, 18],
  // Packed, the 6-bit scales and minimums of the eight parts take a byte each.
  [12, 'Q4_K', 256, 144, 148],
  [13, 'Q5_K', 256, 176, 180],
  [14, 'Q6_K', 256, 210, 210],
];

/** llama.cpp writes Q5_0 into files that are named after a K type where rows are no multiple of 256. */
const Q5_0: TensorType = { id: 6, name: 'Q5_0', blockValues: 32, blockBytes: 22, isPacked: false };

const TYPES: readonly TensorType[] = [
  Q5_0,
  ...ROWS.flatMap(([id, name, blockValues, blockBytes, packedBytes]) => [
    { id, name, blockValues, blockBytes, isPacked: false },
    {
      id: PACKED_ID + id,
      name: `P_${name}` as const,
      blockValues,
      blockBytes: packedBytes,
      isPacked: true,
    },
  ]),
];

const BY_ID: ReadonlyMap<number, TensorType> = new Map(TYPES.map((type) => [type.id, type]));
const BY_NAME: ReadonlyMap<string, TensorType> = new Map(TYPES.map((type) => [type.name, type]));

/** Encodings of ggml that are met in published files and not read, to name them in words. */
const UNREAD: ReadonlyMap<number, string> = new Map(
  Object.entries({
    Q4_1: 3,
    Q5_1: 7,
    Q8_1: 9,
    Q2_K: 10,
    Q3_K: 11,
    Q8_K: 15,
    IQ2_XXS: 16,
    IQ2_XS: 17,
    IQ3_XXS: 18,
    IQ1_S: 19,
    IQ4_NL: 20,
    IQ3_S: 21,
    IQ2_S: 22,
    IQ4_XS: 23,
    I8: 24,
    I16: 25,
    I32: 26,
    I64: 27,
    F64: 28,
    IQ1_M: 29,
    TQ1_0: 34,
    TQ2_0: 35,
    MXFP4: 39,
  }).map(([name, id]) => [id, name]),
);

/** Gives the encoding with this id; null when it is not read. */
export function tensorTypeById(id: number): TensorType | null {
  return BY_ID.get(id) ?? null;
}

/** Gives the encoding with this name. */
export function tensorType(name: TensorTypeName): TensorType {
  const type = BY_NAME.get(name);
  if (type === undefined) throw invalidModel(`There is no encoding "${name}".`);
  return type;
}

/** Gives the packed form of a published encoding; a packed one is its own. */
export function packedTypeOf(type: TensorType): TensorType {
  if (type.isPacked) return type;
  const id = type === Q5_0 ? tensorType('Q8_0').id : type.id;
  return BY_ID.get(PACKED_ID + id) ?? type;
}

/** Names an encoding that is not read, for an error. */
export function nameOfUnread(id: number): string {
  return UNREAD.get(id) ?? `number ${id}`;
}

/**
 * Counts the bytes of a tensor.
 * @param dims - Lengths, the fastest-running first; all the others together are the rows.
 * @returns Null when the columns are no multiple of the block, or a number passes 2^53.
 */
export function tensorSizeBytes(type: TensorType, dims: readonly number[]): number | null {
  const [columns = 0, ...others] = dims;
  if (columns < 1 || columns % type.blockValues !== 0) return null;
  let rows = 1;
  for (const length of others) {
    if (length < 1) return null;
    rows *= length;
    if (!Number.isSafeInteger(rows)) return null;
  }
  const stored = type.isPacked ? Math.ceil(rows / PACKED_ROWS) * PACKED_ROWS : rows;
  const rowBytes = (columns / type.blockValues) * type.blockBytes;
  const sizeBytes = stored * rowBytes;
  return Number.isSafeInteger(rowBytes) && Number.isSafeInteger(sizeBytes) ? sizeBytes : null;
}
