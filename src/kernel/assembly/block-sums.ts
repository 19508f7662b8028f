import { dot16, dot32, WIDE } from './dot';
import { Q4_0, Q4_K, Q5_K, Q6_K } from './tensor-types';

/*
 * Integer sums of one block of four rows and 32 columns with one or four tokens, stored: 16 bytes a token, for Q6_K 32, the
 * sums of its two halves of 16 columns, which have scales of their own.
 */

const LOW: i32 = 0x0f0f0f0f;

/** Bits of the nibbles from the plane above them, moved to bit 4: bit `j` of each byte for Q5_K. */
// @ts-ignore: decorator
@inline
function fifthBit(plane: v128, j: i32): v128 {
  const moved = j < 4 ? i16x8.shl(plane, 4 - j) : i16x8.shr_u(plane, j - 4);
  return v128.and(moved, i8x16.splat(0x10));
}

/** Two bits from the plane of Q6_K, moved to bits 4 and 5; `k` is the vector of four columns within 16. */
// @ts-ignore: decorator
@inline
function upperBits(plane: v128, k: i32): v128 {
  const moved = k < 2 ? i16x8.shl(plane, 4 - 2 * k) : i16x8.shr_u(plane, 2 * k - 4);
  return v128.and(moved, i8x16.splat(0x30));
}

/**
 * @param type - A constant, as are `way` and `tokens` (1 or 4).
 * @param nibbles - Where the four bits of this block lie, for its eight rows.
 * @param half - 0 for rows 0–3, 16 for rows 4–7.
 * @param x - Activations of this block of the first token; the next token's lie `step` bytes on.
 * @param to - Where the sums go.
 */
// @ts-ignore: decorator
@inline
export function blockSums(
  type: i32,
  way: i32,
  tokens: i32,
  nibbles: usize,
  half: usize,
  x: usize,
  step: usize,
  to: usize,
): void {
  const low = i32x4.splat(LOW);
  const p = nibbles + half;
  const a = v128.load(p);
  const b = v128.load(p, 32);
  const c = v128.load(p, 64);
  const d = v128.load(p, 96);
  let u0 = v128.and(a, low);
  let u1 = v128.and(i16x8.shr_u(a, 4), low);
  let u2 = v128.and(b, low);
  let u3 = v128.and(i16x8.shr_u(b, 4), low);
  let u4 = v128.and(c, low);
  let u5 = v128.and(i16x8.shr_u(c, 4), low);
  let u6 = v128.and(d, low);
  let u7 = v128.and(i16x8.shr_u(d, 4), low);
  if (type == Q5_K) {
    const plane = v128.load(p, 128);
    u0 = v128.or(u0, fifthBit(plane, 0));
    u1 = v128.or(u1, fifthBit(plane, 1));
    u2 = v128.or(u2, fifthBit(plane, 2));
    u3 = v128.or(u3, fifthBit(plane, 3));
    u4 = v128.or(u4, fifthBit(plane, 4));
    u5 = v128.or(u5, fifthBit(plane, 5));
    u6 = v128.or(u6, fifthBit(plane, 6));
    u7 = v128.or(u7, fifthBit(plane, 7));
  }
  if (type == Q6_K) {
    const first = v128.load(p, 128);
    const last = v128.load(p, 160);
    u0 = v128.or(u0, upperBits(first, 0));
    u1 = v128.or(u1, upperBits(first, 1));
    u2 = v128.or(u2, upperBits(first, 2));
    u3 = v128.or(u3, upperBits(first, 3));
    u4 = v128.or(u4, upperBits(last, 0));
    u5 = v128.or(u5, upperBits(last, 1));
    u6 = v128.or(u6, upperBits(last, 2));
    u7 = v128.or(u7, upperBits(last, 3));
    const far: usize = way == WIDE ? 32 : 16;
    v128.store(to, dot16(way, 6, u0, u1, u2, u3, x));
    v128.store(to, dot16(way, 6, u4, u5, u6, u7, x + far), 16);
    if (tokens == 4) {
      const y = x + step;
      const z = y + step;
      const w = z + step;
      v128.store(to, dot16(way, 6, u0, u1, u2, u3, y), 32);
      v128.store(to, dot16(way, 6, u4, u5, u6, u7, y + far), 48);
      v128.store(to, dot16(way, 6, u0, u1, u2, u3, z), 64);
      v128.store(to, dot16(way, 6, u4, u5, u6, u7, z + far), 80);
      v128.store(to, dot16(way, 6, u0, u1, u2, u3, w), 96);
      v128.store(to, dot16(way, 6, u4, u5, u6, u7, w + far), 112);
    }
    return;
  }
  const bits: i32 = type == Q4_0 || type == Q4_K ? 4 : 5;
  v128.store(to, dot32(way, bits, u0, u1, u2, u3, u4, u5, u6, u7, x));
  if (tokens == 4) {
    const y = x + step;
    const z = y + step;
    const w = z + step;
    v128.store(to, dot32(way, bits, u0, u1, u2, u3, u4, u5, u6, u7, y), 16);
    v128.store(to, dot32(way, bits, u0, u1, u2, u3, u4, u5, u6, u7, z), 32);
    v128.store(to, dot32(way, bits, u0, u1, u2, u3, u4, u5, u6, u7, w), 48);
  }
}
