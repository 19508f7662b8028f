import { SCALE_RESCALE } from './half';
import { max4 } from './math';

/**
 * Activations in 8 bits with a scale for every 32, in the forms the kernels read. One set of arrays for all tokens of a
 * batch; strides follow from the widest input of the model.
 */

/** Signed bytes, one a column. */
export let x8: usize = 0;
/** The same numbers in 16 bits. */
export let x16: usize = 0;
/** Scale of each 32, times 2^102: see SCALE_RESCALE. */
export let xScale: usize = 0;
/** Sum of each 32 quantized numbers, as an integer. */
export let xSum: usize = 0;
/** Scale times sum of each 32, as a single. */
export let xSumScaled: usize = 0;
/** Scale of each 32. */
export let xPlainScale: usize = 0;
/** Sums of each 16 quantized numbers, as integers. */
export let xSum16: usize = 0;
/** Token 0 alone: what is positive of its numbers, zeros elsewhere; and what is negative, negated. */
export let xPositive: usize = 0;
export let xNegative: usize = 0;
/** Most columns of an input. */
export let xColumns: i32 = 0;

/** Bytes of all arrays. */
export function activationBytes(columns: i32, tokens: i32): usize {
  // 1 + 2 bytes a column, four arrays of 4 bytes for 32 columns, one of 4 bytes for 16; and both signs of one token.
  const token = <usize>columns * 3 + <usize>(columns >> 5) * 16 + <usize>(columns >> 4) * 4;
  return token * tokens + <usize>columns * 2;
}

/** Says where the arrays lie; `columns` is a multiple of 256. */
export function placeActivations(at: usize, columns: i32, tokens: i32): void {
  const n = <usize>columns * tokens;
  xColumns = columns;
  x16 = at;
  x8 = x16 + n * 2;
  xScale = x8 + n;
  xSum = xScale + (n >> 3);
  xSumScaled = xSum + (n >> 3);
  xPlainScale = xSumScaled + (n >> 3);
  xSum16 = xPlainScale + (n >> 3);
  xPositive = xSum16 + (n >> 2);
  xNegative = xPositive + columns;
}

/** Quantizes `columns` (a multiple of 32) singles for token `token` of the batch. */
export function quantize(from: usize, columns: i32, token: i32): void {
  const first = <usize>token * xColumns;
  const wide = x16 + first * 2;
  const narrow = x8 + first;
  const at4 = first >> 3;
  for (let b: usize = 0, blocks = <usize>(columns >> 5); b < blocks; b++) {
    const p = from + (b << 7);
    const v0 = v128.load(p);
    const v1 = v128.load(p, 16);
    const v2 = v128.load(p, 32);
    const v3 = v128.load(p, 48);
    const v4 = v128.load(p, 64);
    const v5 = v128.load(p, 80);
    const v6 = v128.load(p, 96);
    const v7 = v128.load(p, 112);
    const m0 = f32x4.pmax(f32x4.abs(v0), f32x4.abs(v1));
    const m1 = f32x4.pmax(f32x4.abs(v2), f32x4.abs(v3));
    const m2 = f32x4.pmax(f32x4.abs(v4), f32x4.abs(v5));
    const m3 = f32x4.pmax(f32x4.abs(v6), f32x4.abs(v7));
    const largest = max4(f32x4.pmax(f32x4.pmax(m0, m1), f32x4.pmax(m2, m3)));
    // Below the smallest scale that survives the multiplications: such a block is zero.
    const isZero = !(largest > 1e-30);
    const scale: f32 = isZero ? 0 : largest / 127.0;
    const inverse = f32x4.splat(isZero ? 0 : 127.0 / largest);
    const i0 = i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(v0, inverse)));
    const i1 = i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(v1, inverse)));
    const i2 = i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(v2, inverse)));
    const i3 = i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(v3, inverse)));
    const i4 = i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(v4, inverse)));
    const i5 = i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(v5, inverse)));
    const i6 = i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(v6, inverse)));
    const i7 = i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(v7, inverse)));
    const w0 = i16x8.narrow_i32x4_s(i0, i1);
    const w1 = i16x8.narrow_i32x4_s(i2, i3);
    const w2 = i16x8.narrow_i32x4_s(i4, i5);
    const w3 = i16x8.narrow_i32x4_s(i6, i7);
    const to16 = wide + (b << 6);
    v128.store(to16, w0);
    v128.store(to16, w1, 16);
    v128.store(to16, w2, 32);
    v128.store(to16, w3, 48);
    const to8 = narrow + (b << 5);
    const n0 = i8x16.narrow_i16x8_s(w0, w1);
    const n1 = i8x16.narrow_i16x8_s(w2, w3);
    v128.store(to8, n0);
    v128.store(to8, n1, 16);
    if (ASC_FEATURE_RELAXED_SIMD && token == 0) {
      const zero = i8x16.splat(0);
      v128.store(xPositive + (b << 5), i8x16.max_s(n0, zero));
      v128.store(xPositive + (b << 5), i8x16.max_s(n1, zero), 16);
      v128.store(xNegative + (b << 5), i8x16.max_s(i8x16.neg(n0), zero));
      v128.store(xNegative + (b << 5), i8x16.max_s(i8x16.neg(n1), zero), 16);
    }
    const ones = i16x8.splat(1);
    const first16 = sumLanes(i32x4.dot_i16x8_s(i16x8.add(w0, w1), ones));
    const last16 = sumLanes(i32x4.dot_i16x8_s(i16x8.add(w2, w3), ones));
    const to = at4 + (b << 2);
    store<f32>(xScale + to, scale * SCALE_RESCALE);
    store<f32>(xPlainScale + to, scale);
    store<i32>(xSum + to, first16 + last16);
    store<f32>(xSumScaled + to, scale * <f32>(first16 + last16));
    store<i32>(xSum16 + (to << 1), first16);
    store<i32>(xSum16 + (to << 1), last16, 4);
  }
}

// @ts-ignore: decorator
@inline
function sumLanes(v: v128): i32 {
  return (
    i32x4.extract_lane(v, 0) + i32x4.extract_lane(v, 1) + i32x4.extract_lane(v, 2) + i32x4.extract_lane(v, 3)
  );
}
