import { readHalf, SCALE_SHIFT, toHalf } from './half';
import { F16, F32, Q4_0, Q4_K, Q5_0, Q5_K, Q6_K, Q8_0 } from './tensor-types';

/*
 * Lays rows of a GGUF file out for the kernels: eight rows at a time, as matmul-q8.ts, matmul-q4.ts, matmul-k.ts and matmul-float.ts say.
 * Sources of the formats: ggml's ggml-common.h (block_q8_0, block_q5_0, block_q4_0, block_q4_K, block_q5_K, block_q6_K).
 */

/** Largest scale, and weight of F16, that is read; stored times 2^10 it is still a half. */
const LARGEST_SCALE: f32 = 63.9;

/** Writes a scale; false when it is no number or too large. */
function writeScale(at: usize, from: usize): bool {
  const scale = readHalf(from);
  if (!(abs<f32>(scale) < LARGEST_SCALE)) return false;
  store<u16>(at, <u16>toHalf(scale * SCALE_SHIFT));
  return true;
}

/** Byte within 128 bytes of nibbles: `row` of 8, `column` of 32; bit 2 of the column says which half of the byte. */
// @ts-ignore: decorator
@inline
function nibbleAt(row: usize, column: usize): usize {
  return ((column >> 3) << 5) + ((row >> 2) << 4) + ((row & 3) << 2) + (column & 3);
}

// @ts-ignore: decorator
@inline
function putNibble(nibbles: usize, row: usize, column: usize, value: u32): void {
  const at = nibbles + nibbleAt(row, column);
  const shift = column & 4;
  store<u8>(at, <u8>((<u32>load<u8>(at) & (0xf0 >> <u32>shift)) | (value << <u32>shift)));
}

function packQ8(from: usize, to: usize, blocks: usize, row: usize): bool {
  for (let b: usize = 0; b < blocks; b++) {
    const source = from + b * 34;
    const target = to + b * 272;
    if (!writeScale(target + row * 2, source)) return false;
    for (let j: usize = 0; j < 8; j++) {
      store<u32>(
        target + 16 + (j << 5) + ((row >> 2) << 4) + ((row & 3) << 2),
        load<u32>(source + 2 + (j << 2)),
      );
    }
  }
  return true;
}

/** Q5_0 as Q8_0: llama.cpp writes it where rows are no multiple of 256, in files that are named after a K type. */
function packQ5(from: usize, to: usize, blocks: usize, row: usize): bool {
  for (let b: usize = 0; b < blocks; b++) {
    const source = from + b * 22;
    const target = to + b * 272;
    if (!writeScale(target + row * 2, source)) return false;
    const high = load<u32>(source + 2);
    for (let i: usize = 0; i < 32; i++) {
      const byte = <u32>load<u8>(source + 6 + (i & 15));
      const low = i < 16 ? byte & 15 : byte >> 4;
      const value = <i32>(low | (((high >> <u32>i) & 1) << 4)) - 16;
      store<i8>(target + 16 + ((i >> 2) << 5) + ((row >> 2) << 4) + ((row & 3) << 2) + (i & 3), <i8>value);
    }
  }
  return true;
}

function packQ4(from: usize, to: usize, blocks: usize, row: usize): bool {
  for (let b: usize = 0; b < blocks; b++) {
    const source = from + b * 18;
    const target = to + b * 144;
    if (!writeScale(target + row * 2, source)) return false;
    for (let i: usize = 0; i < 16; i++) {
      const byte = <u32>load<u8>(source + 2 + i);
      putNibble(target + 16, row, i, byte & 15);
      putNibble(target + 16, row, i + 16, byte >> 4);
    }
  }
  return true;
}

/** Scale (low byte) and minimum (next byte) of sub-block `j` in the 12 bytes of 6-bit numbers. */
function sixBits(from: usize, j: usize): u32 {
  if (j < 4) return (<u32>load<u8>(from + j) & 63) | ((<u32>load<u8>(from + j + 4) & 63) << 8);
  const low = <u32>load<u8>(from + j + 4);
  const scale = (low & 15) | ((<u32>load<u8>(from + j - 4) >> 6) << 4);
  const minimum = (low >> 4) | ((<u32>load<u8>(from + j) >> 6) << 4);
  return scale | (minimum << 8);
}

function packQ45K(type: i32, from: usize, to: usize, supers: usize, row: usize): bool {
  const is5 = type == Q5_K;
  const sourceBytes: usize = is5 ? 176 : 144;
  const blockBytes: usize = is5 ? 16 + 128 + 32 : 16 + 128;
  for (let s: usize = 0; s < supers; s++) {
    const source = from + s * sourceBytes;
    const target = to + s * (32 + 8 * blockBytes);
    if (!writeScale(target + row * 2, source)) return false;
    if (!writeScale(target + 16 + row * 2, source + 2)) return false;
    const high = source + 16;
    const low = is5 ? source + 48 : source + 16;
    for (let j: usize = 0; j < 8; j++) {
      const block = target + 32 + j * blockBytes;
      const scales = sixBits(source + 4, j);
      store<u8>(block + row, <u8>scales);
      store<u8>(block + 8 + row, <u8>(scales >> 8));
      const plane = block + 16 + 128 + ((row >> 2) << 4) + ((row & 3) << 2);
      if (is5) store<u32>(plane, 0);
      for (let i: usize = 0; i < 32; i++) {
        // 32 bytes hold two sub-blocks: the even one in the low nibbles.
        const byte = <u32>load<u8>(low + ((j >> 1) << 5) + i);
        putNibble(block + 16, row, i, j & 1 ? byte >> 4 : byte & 15);
        if (is5) {
          const bit = (<u32>load<u8>(high + i) >> <u32>j) & 1;
          const at = plane + (i & 3);
          store<u8>(at, <u8>(<u32>load<u8>(at) | (bit << <u32>(i >> 2))));
        }
      }
    }
  }
  return true;
}

function packQ6K(from: usize, to: usize, supers: usize, row: usize): bool {
  for (let s: usize = 0; s < supers; s++) {
    const source = from + s * 210;
    const target = to + s * 1680;
    if (!writeScale(target + row * 2, source + 208)) return false;
    for (let j: usize = 0; j < 8; j++) {
      const block = target + 16 + j * 208;
      store<u8>(block + row, load<u8>(source + 192 + 2 * j));
      store<u8>(block + 8 + row, load<u8>(source + 192 + 2 * j + 1));
      const plane = block + 16 + 128 + ((row >> 2) << 4) + ((row & 3) << 2);
      store<u32>(plane, 0);
      store<u32>(plane + 32, 0);
      // 128 columns: 64 bytes of low nibbles, 32 of high bits; sub-block j is the (j & 3)rd 32 columns of its half.
      const half = j >> 2;
      const part = j & 3;
      for (let i: usize = 0; i < 32; i++) {
        const byte = <u32>load<u8>(source + half * 64 + ((part & 1) << 5) + i);
        putNibble(block + 16, row, i, part & 2 ? byte >> 4 : byte & 15);
        const bits = (<u32>load<u8>(source + 128 + half * 32 + i) >> <u32>(part << 1)) & 3;
        const at = plane + ((i >> 4) << 5) + (i & 3);
        store<u8>(at, <u8>(<u32>load<u8>(at) | (bits << <u32>(((i >> 2) & 3) << 1))));
      }
    }
  }
  return true;
}

function packFloat(type: i32, from: usize, to: usize, columns: usize, row: usize): bool {
  for (let c: usize = 0; c < columns; c++) {
    if (type == F32) {
      const bits = load<u32>(from + (c << 2));
      if ((bits & 0x7f800000) == 0x7f800000) return false;
      store<u32>(to + (c << 5) + (row << 2), bits);
    } else if (type == F16) {
      if (!writeScale(to + (c << 4) + (row << 1), from + (c << 1))) return false;
    } else {
      const bits = <u32>load<u16>(from + (c << 1));
      if ((bits & 0x7f80) == 0x7f80) return false;
      store<u16>(to + (c << 4) + (row << 1), <u16>bits);
    }
  }
  return true;
}

/**
 * Packs up to eight rows, one after the other at `from`, into one group at `to`; missing rows become zeros.
 *
 * @returns 1, or 0 when a weight or a scale is not finite, or a scale or a weight in F16 is 64 or more.
 */
export function pack(type: i32, from: usize, rowBytes: usize, rows: i32, columns: i32, to: usize, bytes: usize): i32 {
  memory.fill(to, 0, bytes);
  const blocks = <usize>(columns >> 5);
  const supers = <usize>(columns >> 8);
  for (let row: usize = 0; row < <usize>rows; row++) {
    const source = from + rowBytes * row;
    let isValid: bool;
    if (type == Q8_0) isValid = packQ8(source, to, blocks, row);
    else if (type == Q5_0) isValid = packQ5(source, to, blocks, row);
    else if (type == Q4_0) isValid = packQ4(source, to, blocks, row);
    else if (type == Q6_K) isValid = packQ6K(source, to, supers, row);
    else if (type == Q4_K || type == Q5_K) isValid = packQ45K(type, source, to, supers, row);
    else isValid = packFloat(type, source, to, columns, row);
    if (!isValid) return 0;
  }
  return 1;
}
