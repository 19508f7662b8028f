/** Packed tensor types, by the ids of ggml. */
export const F32: i32 = 0;
export const F16: i32 = 1;
export const Q4_0: i32 = 2;
/** Read only: packed as Q8_0, which holds its numbers exactly. */
export const Q5_0: i32 = 6;
export const Q8_0: i32 = 8;
export const Q4_K: i32 = 12;
export const Q5_K: i32 = 13;
export const Q6_K: i32 = 14;
export const BF16: i32 = 30;

/** Rows that are laid out together: two vectors of four lanes, one lane a row. */
export const GROUP: i32 = 8;

/** Columns that share a scale of the activations, and a block of the weights. */
export const BLOCK: i32 = 32;

/** Columns of a super-block of the K types. */
export const SUPER: i32 = 256;

/** Bytes of a group of eight rows: `bytes(type) * columns / columnsOf(type)`. */
// @ts-ignore: decorator
@inline
export function groupBytes(type: i32, columns: i32): usize {
  const n = <usize>columns;
  if (type == Q8_0) return (n >> 5) * 272;
  if (type == Q4_0) return (n >> 5) * 144;
  if (type == Q4_K) return (n >> 8) * 1184;
  if (type == Q5_K) return (n >> 8) * 1440;
  if (type == Q6_K) return (n >> 8) * 1680;
  if (type == F32) return n << 5;
  return n << 4;
}
