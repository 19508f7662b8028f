import { joinPairs } from './lanes';

/*
 * Integer dot products of unsigned weights of at most 6 bits with signed bytes, four rows at once. Vectors of weights hold four
 * columns of four rows; each is met by the same four activations in all lanes. All ways give the same integers.
 */

/** Widens to 16 bits: plain SIMD128. Reads activations of 16 bits. */
export const WIDE: i32 = 0;
/** Relaxed products of pairs, summed in 16 bits: for processors that saturate sums of two products there. */
export const PAIR: i32 = 1;
/** Relaxed dot products of four bytes: for processors that have one instruction for them. */
export const QUAD: i32 = 2;

// @ts-ignore: decorator
@inline
function pair(weights: v128, x: usize): v128 {
  if (!ASC_FEATURE_RELAXED_SIMD) return weights;
  return i16x8.relaxed_dot_i8x16_i7x16_s(v128.load32_splat(x), weights);
}

// @ts-ignore: decorator
@inline
function quad(weights: v128, x: usize, sum: v128): v128 {
  if (!ASC_FEATURE_RELAXED_SIMD) return sum;
  return i32x4.relaxed_dot_i8x16_i7x16_add_s(v128.load32_splat(x), weights, sum);
}

// @ts-ignore: decorator
@inline
function wideLow(weights: v128, x: usize): v128 {
  return i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_u(weights), v128.load64_splat(x));
}

// @ts-ignore: decorator
@inline
function wideHigh(weights: v128, x: usize): v128 {
  return i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_u(weights), v128.load64_splat(x));
}

/**
 * Sums over 16 columns.
 *
 * @param way - WIDE, PAIR or QUAD; a constant.
 * @param bits - Of the weights, 4 to 6; a constant. Bounds how many products fit 16 bits: 4 of 5 bits, 2 of 6.
 * @param x - Activations: 16 bytes, or 16 numbers of 16 bits for WIDE.
 */
// @ts-ignore: decorator
@inline
export function dot16(way: i32, bits: i32, u0: v128, u1: v128, u2: v128, u3: v128, x: usize): v128 {
  if (way == WIDE) {
    const low = i32x4.add(
      i32x4.add(wideLow(u0, x), wideLow(u1, x + 8)),
      i32x4.add(wideLow(u2, x + 16), wideLow(u3, x + 24)),
    );
    const high = i32x4.add(
      i32x4.add(wideHigh(u0, x), wideHigh(u1, x + 8)),
      i32x4.add(wideHigh(u2, x + 16), wideHigh(u3, x + 24)),
    );
    return joinPairs(low, high);
  }
  if (way == PAIR) {
    const ones = i16x8.splat(1);
    const first = i16x8.add(pair(u0, x), pair(u1, x + 4));
    const last = i16x8.add(pair(u2, x + 8), pair(u3, x + 12));
    if (bits < 6) return i32x4.dot_i16x8_s(i16x8.add(first, last), ones);
    return i32x4.add(i32x4.dot_i16x8_s(first, ones), i32x4.dot_i16x8_s(last, ones));
  }
  return quad(u3, x + 12, quad(u2, x + 8, quad(u1, x + 4, quad(u0, x, i32x4.splat(0)))));
}

/** Sums over 32 columns; see {@link dot16}. */
// @ts-ignore: decorator
@inline
export function dot32(
  way: i32,
  bits: i32,
  u0: v128,
  u1: v128,
  u2: v128,
  u3: v128,
  u4: v128,
  u5: v128,
  u6: v128,
  u7: v128,
  x: usize,
): v128 {
  if (way == WIDE) {
    const low0 = i32x4.add(
      i32x4.add(wideLow(u0, x), wideLow(u1, x + 8)),
      i32x4.add(wideLow(u2, x + 16), wideLow(u3, x + 24)),
    );
    const high0 = i32x4.add(
      i32x4.add(wideHigh(u0, x), wideHigh(u1, x + 8)),
      i32x4.add(wideHigh(u2, x + 16), wideHigh(u3, x + 24)),
    );
    const low1 = i32x4.add(
      i32x4.add(wideLow(u4, x + 32), wideLow(u5, x + 40)),
      i32x4.add(wideLow(u6, x + 48), wideLow(u7, x + 56)),
    );
    const high1 = i32x4.add(
      i32x4.add(wideHigh(u4, x + 32), wideHigh(u5, x + 40)),
      i32x4.add(wideHigh(u6, x + 48), wideHigh(u7, x + 56)),
    );
    return joinPairs(i32x4.add(low0, low1), i32x4.add(high0, high1));
  }
  if (way == PAIR && bits == 4) {
    const first = i16x8.add(
      i16x8.add(pair(u0, x), pair(u1, x + 4)),
      i16x8.add(pair(u2, x + 8), pair(u3, x + 12)),
    );
    const last = i16x8.add(
      i16x8.add(pair(u4, x + 16), pair(u5, x + 20)),
      i16x8.add(pair(u6, x + 24), pair(u7, x + 28)),
    );
    return i32x4.dot_i16x8_s(i16x8.add(first, last), i16x8.splat(1));
  }
  if (way == PAIR) {
    return i32x4.add(dot16(way, bits, u0, u1, u2, u3, x), dot16(way, bits, u4, u5, u6, u7, x + 16));
  }
  const sum = quad(u3, x + 12, quad(u2, x + 8, quad(u1, x + 4, quad(u0, x, i32x4.splat(0)))));
  return quad(u7, x + 28, quad(u6, x + 24, quad(u5, x + 20, quad(u4, x + 16, sum))));
}
