import { blockSums } from './block-sums';
import { WIDE } from './dot';
import { highHalves, lowHalves } from './half';
import { x16, x8, xColumns, xScale, xSum } from './quantize';
import { Q4_0 } from './tensor-types';

/*
 * Q4_0, packed: for eight rows and 32 columns 16 bytes of scales (halves times 2^10), then for every eight columns 16 bytes of rows
 * 0–3 and 16 of rows 4–7: the low nibbles are the first four columns, the high ones the last four. Stored plus 8.
 */

/** Bytes of a block of eight rows and 32 columns. */
const STEP: usize = 144;
const ZERO: i32 = -8;

/** One token against `groups` groups of eight rows and as many others `apart` bytes and `rowsApart` rows on. */
// @ts-ignore: decorator
@inline
export function q4One(
  way: i32,
  w: usize,
  groups: i32,
  blocks: i32,
  apart: usize,
  rowsApart: i32,
  token: i32,
  out: usize,
  scratch: usize,
): void {
  const at4 = (<usize>token * xColumns) >> 3;
  const xs = xScale + at4;
  const xc = xSum + at4;
  const x = way == WIDE ? x16 + <usize>token * xColumns * 2 : x8 + <usize>token * xColumns;
  const stepX: usize = way == WIDE ? 64 : 32;
  const far = <usize>rowsApart << 2;
  let p = w;
  let q = w + apart;
  for (let g = 0; g < groups; g++) {
    let A0 = f32x4.splat(0);
    let B0 = A0;
    let A1 = A0;
    let B1 = A0;
    let xp = x;
    for (let n: usize = 0, end = <usize>blocks << 2; n < end; n += 4) {
      blockSums(Q4_0, way, 1, p + 16, 0, xp, 0, scratch);
      blockSums(Q4_0, way, 1, p + 16, 16, xp, 0, scratch + 16);
      blockSums(Q4_0, way, 1, q + 16, 0, xp, 0, scratch + 32);
      blockSums(Q4_0, way, 1, q + 16, 16, xp, 0, scratch + 48);
      const c = i32x4.splat(ZERO * load<i32>(xc + n));
      const f = v128.load32_splat(xs + n);
      const s = v128.load(p);
      const t = v128.load(q);
      A0 = f32x4.add(A0, scaled(v128.load(scratch), c, lowHalves(s), f));
      B0 = f32x4.add(B0, scaled(v128.load(scratch, 16), c, highHalves(s), f));
      A1 = f32x4.add(A1, scaled(v128.load(scratch, 32), c, lowHalves(t), f));
      B1 = f32x4.add(B1, scaled(v128.load(scratch, 48), c, highHalves(t), f));
      p += STEP;
      q += STEP;
      xp += stepX;
    }
    v128.store(out, A0);
    v128.store(out, B0, 16);
    v128.store(out + far, A1);
    v128.store(out + far, B1, 16);
    out += 32;
  }
}

/** Four tokens against one group of eight rows. */
// @ts-ignore: decorator
@inline
export function q4Four(
  way: i32,
  w: usize,
  blocks: i32,
  token: i32,
  out: usize,
  stride: usize,
  scratch: usize,
): void {
  const step4 = <usize>(xColumns >> 3);
  const stepToken = <usize>xColumns << (way == WIDE ? 1 : 0);
  const stepX: usize = way == WIDE ? 64 : 32;
  for (let half: usize = 0; half < 32; half += 16) {
    let xs = xScale + step4 * token;
    let xc = xSum + step4 * token;
    let x = (way == WIDE ? x16 : x8) + stepToken * token;
    let A0 = f32x4.splat(0);
    let A1 = A0;
    let A2 = A0;
    let A3 = A0;
    let p = w;
    for (let n = 0; n < blocks; n++) {
      blockSums(Q4_0, way, 4, p + 16, half, x, stepToken, scratch);
      const s = lowHalves(v128.load64_zero(p + (half >> 1)));
      A0 = f32x4.add(A0, scaledBy(v128.load(scratch), xc, s, xs));
      A1 = f32x4.add(A1, scaledBy(v128.load(scratch, 16), xc + step4, s, xs + step4));
      A2 = f32x4.add(A2, scaledBy(v128.load(scratch, 32), xc + 2 * step4, s, xs + 2 * step4));
      A3 = f32x4.add(A3, scaledBy(v128.load(scratch, 48), xc + 3 * step4, s, xs + 3 * step4));
      p += STEP;
      x += stepX;
      xs += 4;
      xc += 4;
    }
    const to = out + half;
    v128.store(to, A0);
    v128.store(to + stride, A1);
    v128.store(to + 2 * stride, A2);
    v128.store(to + 3 * stride, A3);
  }
}

// @ts-ignore: decorator
@inline
function scaled(sums: v128, correction: v128, scales: v128, factor: v128): v128 {
  return f32x4.mul(f32x4.convert_i32x4_s(i32x4.add(sums, correction)), f32x4.mul(scales, factor));
}

// @ts-ignore: decorator
@inline
function scaledBy(sums: v128, sum: usize, scales: v128, factor: usize): v128 {
  return scaled(sums, i32x4.splat(ZERO * load<i32>(sum)), scales, v128.load32_splat(factor));
}
