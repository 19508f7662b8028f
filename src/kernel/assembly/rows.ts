import { readHalf, SCALE_SHIFT } from './half';
import { Tensor } from './matmul';
import { BF16, F16, F32, groupBytes, Q4_0, Q4_K, Q5_K, Q8_0 } from './tensor-types';

/*
 * Reads single rows of packed matrices as singles: embeddings of tokens.
 */

// @ts-ignore: decorator
@inline
function lane(row: usize): usize {
  return (((row & 7) >> 2) << 4) + ((row & 3) << 2);
}

// @ts-ignore: decorator
@inline
function nibble(nibbles: usize, at: usize, column: usize): i32 {
  const byte = <u32>load<u8>(nibbles + ((column >> 3) << 5) + at + (column & 3));
  return <i32>(column & 4 ? byte >> 4 : byte & 15);
}

// @ts-ignore: decorator
@inline
function scale(at: usize): f32 {
  return readHalf(at) / SCALE_SHIFT;
}

/** Writes `columns` singles of a row. */
export function readRow(t: Tensor, row: i32, to: usize): void {
  const r = <usize>row & 7;
  const group = t.at + groupBytes(t.type, t.columns) * (<usize>row >> 3);
  const at = lane(r);
  const type = t.type;
  for (let c: usize = 0; c < <usize>t.columns; c++) {
    const inner = c & 31;
    let value: f32;
    if (type == Q8_0) {
      const block = group + (c >> 5) * 272;
      value = scale(block + r * 2) * <f32>(<i32>load<i8>(block + 16 + ((inner >> 2) << 5) + at + (c & 3)));
    } else if (type == Q4_0) {
      const block = group + (c >> 5) * 144;
      value = scale(block + r * 2) * <f32>(nibble(block + 16, at, inner) - 8);
    } else if (type == F32) {
      value = load<f32>(group + (c << 5) + (r << 2));
    } else if (type == F16) {
      value = scale(group + (c << 4) + (r << 1));
    } else if (type == BF16) {
      value = reinterpret<f32>(<u32>load<u16>(group + (c << 4) + (r << 1)) << 16);
    } else if (type == Q4_K || type == Q5_K) {
      const size: usize = type == Q5_K ? 176 : 144;
      const head = group + (c >> 8) * (32 + 8 * size);
      const block = head + 32 + ((c >> 5) & 7) * size;
      let q = nibble(block + 16, at, inner);
      if (type == Q5_K) q |= <i32>(((<u32>load<u8>(block + 144 + at + (c & 3)) >> <u32>(inner >> 2)) & 1) << 4);
      value =
        scale(head + r * 2) * <f32>load<u8>(block + r) * <f32>q -
        scale(head + 16 + r * 2) * <f32>load<u8>(block + 8 + r);
    } else {
      const head = group + (c >> 8) * 1680;
      const block = head + 16 + ((c >> 5) & 7) * 208;
      const bits = <u32>load<u8>(block + 144 + ((inner >> 4) << 5) + at + (c & 3));
      const q = nibble(block + 16, at, inner) | <i32>(((bits >> <u32>(((inner >> 2) & 3) << 1)) & 3) << 4);
      value = scale(head + r * 2) * <f32>load<i8>(block + ((inner >> 4) << 3) + r) * <f32>(q - 32);
    }
    store<f32>(to + (c << 2), value);
  }
}
