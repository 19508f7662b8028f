import { blockSums } from './block-sums';
import { WIDE } from './dot';
import { highHalves, lowHalves, SCALE_RESCALE } from './half';
import { x16, x8, xColumns, xPlainScale, xSum16, xSumScaled } from './quantize';
import { Q4_K, Q6_K } from './tensor-types';

/*
 * Q4_K, Q5_K and Q6_K, packed: for eight rows and 256 columns
 *   Q4_K, Q5_K  16 bytes of scales and 16 of minimums (halves times 2^10); then for each 32 columns eight bytes of scales and eight of
 *               minimums, 128 bytes of nibbles as in Q4_0, and for Q5_K 32 bytes of fifth bits;
 *   Q6_K        16 bytes of scales; then for each 32 columns eight signed scales of its first 16 columns and eight of its last,
 *               128 bytes of nibbles and 64 bytes of the two bits above them.
 */

const NIBBLES: usize = 128;

/** Bytes of 32 columns of eight rows. */
// @ts-ignore: decorator
@inline
function blockBytes(type: i32): usize {
  return type == Q4_K ? 16 + NIBBLES : type == Q6_K ? 16 + NIBBLES + 64 : 16 + NIBBLES + 32;
}

/** Four unsigned bytes as singles. */
// @ts-ignore: decorator
@inline
function fourBytes(at: usize): v128 {
  return f32x4.convert_i32x4_u(i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(at))));
}

/** Four signed bytes as singles. */
// @ts-ignore: decorator
@inline
function fourSigned(at: usize): v128 {
  return f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(i16x8.extend_low_i8x16_s(v128.load32_zero(at))));
}

/** What a block adds to the sum of products, before the scale of the super-block. */
// @ts-ignore: decorator
@inline
function products(type: i32, sums: usize, a: v128, b: v128, scale: usize, sum16: usize): v128 {
  const x = v128.load32_splat(scale);
  if (type == Q6_K) {
    const first = i32x4.add(v128.load(sums), i32x4.splat(-32 * load<i32>(sum16)));
    const last = i32x4.add(v128.load(sums, 16), i32x4.splat(-32 * load<i32>(sum16, 4)));
    return f32x4.mul(
      f32x4.add(f32x4.mul(f32x4.convert_i32x4_s(first), a), f32x4.mul(f32x4.convert_i32x4_s(last), b)),
      x,
    );
  }
  return f32x4.mul(f32x4.convert_i32x4_s(v128.load(sums)), f32x4.mul(a, x));
}

/** Four tokens from `token` on against four rows: `half` 0 for rows 0–3 of the group, 16 for rows 4–7. */
// @ts-ignore: decorator
@inline
function fourRows(
  type: i32,
  way: i32,
  w: usize,
  supers: i32,
  token: i32,
  half: usize,
  out: usize,
  stride: usize,
  scratch: usize,
): void {
  const step4 = <usize>(xColumns >> 3);
  const step8 = step4 << 1;
  const stepToken = <usize>xColumns << (way == WIDE ? 1 : 0);
  const stepX: usize = way == WIDE ? 64 : 32;
  const stepSums: usize = type == Q6_K ? 32 : 16;
  let x = (way == WIDE ? x16 : x8) + stepToken * token;
  let xs = xPlainScale + step4 * token;
  let xm = xSumScaled + step4 * token;
  let xc = xSum16 + step8 * token;
  let T0 = f32x4.splat(0);
  let T1 = T0;
  let T2 = T0;
  let T3 = T0;
  let p = w;
  const quarter = half >> 2;
  const rescale = f32x4.splat(SCALE_RESCALE);
  for (let s = 0; s < supers; s++) {
    const d = f32x4.mul(lowHalves(v128.load64_zero(p + (half >> 1))), rescale);
    let e = d;
    p += 16;
    if (type != Q6_K) {
      e = f32x4.mul(lowHalves(v128.load64_zero(p + (half >> 1))), rescale);
      p += 16;
    }
    let A0 = f32x4.splat(0);
    let A1 = A0;
    let A2 = A0;
    let A3 = A0;
    let M0 = A0;
    let M1 = A0;
    let M2 = A0;
    let M3 = A0;
    for (let n = 0; n < 8; n++) {
      blockSums(type, way, 4, p + 16, half, x, stepToken, scratch);
      const a = type == Q6_K ? fourSigned(p + quarter) : fourBytes(p + quarter);
      const b = type == Q6_K ? fourSigned(p + 8 + quarter) : fourBytes(p + 8 + quarter);
      A0 = f32x4.add(A0, products(type, scratch, a, b, xs, xc));
      A1 = f32x4.add(A1, products(type, scratch + stepSums, a, b, xs + step4, xc + step8));
      A2 = f32x4.add(A2, products(type, scratch + 2 * stepSums, a, b, xs + 2 * step4, xc + 2 * step8));
      A3 = f32x4.add(A3, products(type, scratch + 3 * stepSums, a, b, xs + 3 * step4, xc + 3 * step8));
      if (type != Q6_K) {
        M0 = f32x4.add(M0, f32x4.mul(b, v128.load32_splat(xm)));
        M1 = f32x4.add(M1, f32x4.mul(b, v128.load32_splat(xm + step4)));
        M2 = f32x4.add(M2, f32x4.mul(b, v128.load32_splat(xm + 2 * step4)));
        M3 = f32x4.add(M3, f32x4.mul(b, v128.load32_splat(xm + 3 * step4)));
      }
      p += blockBytes(type);
      x += stepX;
      xs += 4;
      xm += 4;
      xc += 8;
    }
    T0 = f32x4.add(T0, total(type, d, A0, e, M0));
    T1 = f32x4.add(T1, total(type, d, A1, e, M1));
    T2 = f32x4.add(T2, total(type, d, A2, e, M2));
    T3 = f32x4.add(T3, total(type, d, A3, e, M3));
  }
  v128.store(out + half, T0);
  v128.store(out + half + stride, T1);
  v128.store(out + half + 2 * stride, T2);
  v128.store(out + half + 3 * stride, T3);
}

// @ts-ignore: decorator
@inline
function total(type: i32, d: v128, products: v128, e: v128, minimums: v128): v128 {
  if (type == Q6_K) return f32x4.mul(d, products);
  return f32x4.sub(f32x4.mul(d, products), f32x4.mul(e, minimums));
}

/** One token against eight rows, both halves in turn at each block: their chains of operations do not wait for each other. */
// @ts-ignore: decorator
@inline
function eightRows(type: i32, way: i32, w: usize, supers: i32, token: i32, out: usize, scratch: usize): void {
  const step4 = <usize>(xColumns >> 3);
  const stepX: usize = way == WIDE ? 64 : 32;
  let x = (way == WIDE ? x16 : x8) + (<usize>xColumns << (way == WIDE ? 1 : 0)) * token;
  let xs = xPlainScale + step4 * token;
  let xm = xSumScaled + step4 * token;
  let xc = xSum16 + (step4 << 1) * token;
  let T0 = f32x4.splat(0);
  let T1 = T0;
  let p = w;
  const rescale = f32x4.splat(SCALE_RESCALE);
  for (let s = 0; s < supers; s++) {
    const scales = v128.load(p);
    const d0 = f32x4.mul(lowHalves(scales), rescale);
    const d1 = f32x4.mul(highHalves(scales), rescale);
    let e0 = d0;
    let e1 = d1;
    p += 16;
    if (type != Q6_K) {
      const minimums = v128.load(p);
      e0 = f32x4.mul(lowHalves(minimums), rescale);
      e1 = f32x4.mul(highHalves(minimums), rescale);
      p += 16;
    }
    let A0 = f32x4.splat(0);
    let A1 = A0;
    let M0 = A0;
    let M1 = A0;
    for (let n = 0; n < 8; n++) {
      blockSums(type, way, 1, p + 16, 0, x, 0, scratch);
      blockSums(type, way, 1, p + 16, 16, x, 0, scratch + 32);
      const a0 = type == Q6_K ? fourSigned(p) : fourBytes(p);
      const b0 = type == Q6_K ? fourSigned(p + 8) : fourBytes(p + 8);
      const a1 = type == Q6_K ? fourSigned(p + 4) : fourBytes(p + 4);
      const b1 = type == Q6_K ? fourSigned(p + 12) : fourBytes(p + 12);
      A0 = f32x4.add(A0, products(type, scratch, a0, b0, xs, xc));
      A1 = f32x4.add(A1, products(type, scratch + 32, a1, b1, xs, xc));
      if (type != Q6_K) {
        const m = v128.load32_splat(xm);
        M0 = f32x4.add(M0, f32x4.mul(b0, m));
        M1 = f32x4.add(M1, f32x4.mul(b1, m));
      }
      p += blockBytes(type);
      x += stepX;
      xs += 4;
      xm += 4;
      xc += 8;
    }
    T0 = f32x4.add(T0, total(type, d0, A0, e0, M0));
    T1 = f32x4.add(T1, total(type, d1, A1, e1, M1));
  }
  v128.store(out, T0);
  v128.store(out, T1, 16);
}

/** One or four tokens (a constant, as `type` and `way`) against one group of eight rows. */
// @ts-ignore: decorator
@inline
export function kRows(
  type: i32,
  way: i32,
  tokens: i32,
  w: usize,
  supers: i32,
  token: i32,
  out: usize,
  stride: usize,
  scratch: usize,
): void {
  if (tokens == 1) {
    eightRows(type, way, w, supers, token, out, scratch);
    return;
  }
  for (let half: usize = 0; half < 32; half += 16) {
    fourRows(type, way, w, supers, token, half, out, stride, scratch);
  }
}
