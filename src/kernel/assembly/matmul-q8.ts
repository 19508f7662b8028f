import { highHalves, lowHalves } from './half';
import { joinPairs } from './lanes';
import { x16, x8, xColumns, xScale, xSum } from './quantize';

/*
 * Q8_0, packed: for eight rows and 32 columns 16 bytes of scales (halves times 2^10), then for every four columns 16 bytes
 * of rows 0–3 and 16 bytes of rows 4–7, four columns of a row beside each other. The loops are unrolled by hand: neither
 * the compiler nor the engines do it, and it is worth a fifth of the speed.
 */

/** Bytes of a block of eight rows and 32 columns. */
const STEP: usize = 272;

/**
 * One token, dot products in 16 bits. Two groups of rows are read at once, `apart` bytes and rows from each other: two streams keep
 * more of the memory busy than one.
 */
export function q8Wide1(w: usize, groups: i32, blocks: i32, apart: usize, rowsApart: i32, token: i32, out: usize): void {
  const xs = xScale + ((<usize>token * xColumns) >> 3);
  const xw = x16 + <usize>token * xColumns * 2;
  let p = w;
  let q = w + apart;
  const far = <usize>rowsApart << 2;
  for (let g = 0; g < groups; g++) {
    let A0 = f32x4.splat(0);
    let B0 = A0;
    let A1 = A0;
    let B1 = A0;
    let xp = xw;
    for (let n = 0; n < blocks; n++) {
      let a0 = i32x4.splat(0);
      let b0 = a0;
      let c0 = a0;
      let d0 = a0;
      let a1 = a0;
      let b1 = a0;
      let c1 = a0;
      let d1 = a0;
      let X: v128;
      X = v128.load64_splat(xp, 0);
      a0 = i32x4.add(a0, i32x4.dot_i16x8_s(v128.load_ext<i8>(p, 16), X));
      b0 = i32x4.add(b0, i32x4.dot_i16x8_s(v128.load_ext<i8>(p, 24), X));
      c0 = i32x4.add(c0, i32x4.dot_i16x8_s(v128.load_ext<i8>(p, 32), X));
      d0 = i32x4.add(d0, i32x4.dot_i16x8_s(v128.load_ext<i8>(p, 40), X));
      a1 = i32x4.add(a1, i32x4.dot_i16x8_s(v128.load_ext<i8>(q, 16), X));
      b1 = i32x4.add(b1, i32x4.dot_i16x8_s(v128.load_ext<i8>(q, 24), X));
      c1 = i32x4.add(c1, i32x4.dot_i16x8_s(v128.load_ext<i8>(q, 32), X));
      d1 = i32x4.add(d1, i32x4.dot_i16x8_s(v128.load_ext<i8>(q, 40), X));
      X = v128.load64_splat(xp, 8);
      a0 = i32x4.add(a0, i32x4.dot_i16x8_s(v128.load_ext<i8>(p, 48), X));
      b0 = i32x4.add(b0, i32x4.dot_i16x8_s(v128.load_ext<i8>(p, 56), X));
      c0 = i32x4.add(c0, i32x4.dot_i16x8_s(v128.load_ext<i8>(p, 64), X));
      d0 = i32x4.add(d0, i32x4.dot_i16x8_s(v128.load_ext<i8>(p, 72), X));
      a1 = i32x4.add(a1, i32x4.dot_i16x8_s(v128.load_ext<i8>(q, 48), X));
      b1 = i32x4.add(b1, i32x4.dot_i16x8_s(v128.load_ext<i8>(q, 56), X));
      c1 = i32x4.add(c1, i32x4.dot_i16x8_s(v128.load_ext<i8>(q, 64), X));
      d1 = i32x4.add(d1, i32x4.dot_i16x8_s(v128.load_ext<i8>(q, 72), X));
      X = v128.load64_splat(xp, 16);
      a0 = i32x4.add(a0, i32x4.dot_i16x8_s(v128.load_ext<i8>(p, 80), X));
      b0 = i32x4.add(b0, i32x4.dot_i16x8_s(v128.load_ext<i8>(p, 88), X));
      c0 = i32x4.add(c0, i32x4.dot_i16x8_s(v128.load_ext<i8>(p, 96), X));
      d0 = i32x4.add(d0, i32x4.dot_i16x8_s(v128.load_ext<i8>(p, 104), X));
      a1 = i32x4.add(a1, i32x4.dot_i16x8_s(v128.load_ext<i8>(q, 80), X));
      b1 = i32x4.add(b1, i32x4.dot_i16x8_s(v128.load_ext<i8>(q, 88), X));
      c1 = i32x4.add(c1, i32x4.dot_i16x8_s(v128.load_ext<i8>(q, 96), X));
      d1 = i32x4.add(d1, i32x4.dot_i16x8_s(v128.load_ext<i8>(q, 104), X));
      X = v128.load64_splat(xp, 24);
      a0 = i32x4.add(a0, i32x4.dot_i16x8_s(v128.load_ext<i8>(p, 112), X));
      b0 = i32x4.add(b0, i32x4.dot_i16x8_s(v128.load_ext<i8>(p, 120), X));
      c0 = i32x4.add(c0, i32x4.dot_i16x8_s(v128.load_ext<i8>(p, 128), X));
      d0 = i32x4.add(d0, i32x4.dot_i16x8_s(v128.load_ext<i8>(p, 136), X));
      a1 = i32x4.add(a1, i32x4.dot_i16x8_s(v128.load_ext<i8>(q, 112), X));
      b1 = i32x4.add(b1, i32x4.dot_i16x8_s(v128.load_ext<i8>(q, 120), X));
      c1 = i32x4.add(c1, i32x4.dot_i16x8_s(v128.load_ext<i8>(q, 128), X));
      d1 = i32x4.add(d1, i32x4.dot_i16x8_s(v128.load_ext<i8>(q, 136), X));
      X = v128.load64_splat(xp, 32);
      a0 = i32x4.add(a0, i32x4.dot_i16x8_s(v128.load_ext<i8>(p, 144), X));
      b0 = i32x4.add(b0, i32x4.dot_i16x8_s(v128.load_ext<i8>(p, 152), X));
      c0 = i32x4.add(c0, i32x4.dot_i16x8_s(v128.load_ext<i8>(p, 160), X));
      d0 = i32x4.add(d0, i32x4.dot_i16x8_s(v128.load_ext<i8>(p, 168), X));
      a1 = i32x4.add(a1, i32x4.dot_i16x8_s(v128.load_ext<i8>(q, 144), X));
      b1 = i32x4.add(b1, i32x4.dot_i16x8_s(v128.load_ext<i8>(q, 152), X));
      c1 = i32x4.add(c1, i32x4.dot_i16x8_s(v128.load_ext<i8>(q, 160), X));
      d1 = i32x4.add(d1, i32x4.dot_i16x8_s(v128.load_ext<i8>(q, 168), X));
      X = v128.load64_splat(xp, 40);
      a0 = i32x4.add(a0, i32x4.dot_i16x8_s(v128.load_ext<i8>(p, 176), X));
      b0 = i32x4.add(b0, i32x4.dot_i16x8_s(v128.load_ext<i8>(p, 184), X));
      c0 = i32x4.add(c0, i32x4.dot_i16x8_s(v128.load_ext<i8>(p, 192), X));
      d0 = i32x4.add(d0, i32x4.dot_i16x8_s(v128.load_ext<i8>(p, 200), X));
      a1 = i32x4.add(a1, i32x4.dot_i16x8_s(v128.load_ext<i8>(q, 176), X));
      b1 = i32x4.add(b1, i32x4.dot_i16x8_s(v128.load_ext<i8>(q, 184), X));
      c1 = i32x4.add(c1, i32x4.dot_i16x8_s(v128.load_ext<i8>(q, 192), X));
      d1 = i32x4.add(d1, i32x4.dot_i16x8_s(v128.load_ext<i8>(q, 200), X));
      X = v128.load64_splat(xp, 48);
      a0 = i32x4.add(a0, i32x4.dot_i16x8_s(v128.load_ext<i8>(p, 208), X));
      b0 = i32x4.add(b0, i32x4.dot_i16x8_s(v128.load_ext<i8>(p, 216), X));
      c0 = i32x4.add(c0, i32x4.dot_i16x8_s(v128.load_ext<i8>(p, 224), X));
      d0 = i32x4.add(d0, i32x4.dot_i16x8_s(v128.load_ext<i8>(p, 232), X));
      a1 = i32x4.add(a1, i32x4.dot_i16x8_s(v128.load_ext<i8>(q, 208), X));
      b1 = i32x4.add(b1, i32x4.dot_i16x8_s(v128.load_ext<i8>(q, 216), X));
      c1 = i32x4.add(c1, i32x4.dot_i16x8_s(v128.load_ext<i8>(q, 224), X));
      d1 = i32x4.add(d1, i32x4.dot_i16x8_s(v128.load_ext<i8>(q, 232), X));
      X = v128.load64_splat(xp, 56);
      a0 = i32x4.add(a0, i32x4.dot_i16x8_s(v128.load_ext<i8>(p, 240), X));
      b0 = i32x4.add(b0, i32x4.dot_i16x8_s(v128.load_ext<i8>(p, 248), X));
      c0 = i32x4.add(c0, i32x4.dot_i16x8_s(v128.load_ext<i8>(p, 256), X));
      d0 = i32x4.add(d0, i32x4.dot_i16x8_s(v128.load_ext<i8>(p, 264), X));
      a1 = i32x4.add(a1, i32x4.dot_i16x8_s(v128.load_ext<i8>(q, 240), X));
      b1 = i32x4.add(b1, i32x4.dot_i16x8_s(v128.load_ext<i8>(q, 248), X));
      c1 = i32x4.add(c1, i32x4.dot_i16x8_s(v128.load_ext<i8>(q, 256), X));
      d1 = i32x4.add(d1, i32x4.dot_i16x8_s(v128.load_ext<i8>(q, 264), X));
      const x = v128.load32_splat(xs + (<usize>n << 2));
      const s = v128.load(p);
      const t = v128.load(q);
      A0 = f32x4.add(A0, f32x4.mul(f32x4.convert_i32x4_s(joinPairs(a0, b0)), f32x4.mul(lowHalves(s), x)));
      B0 = f32x4.add(B0, f32x4.mul(f32x4.convert_i32x4_s(joinPairs(c0, d0)), f32x4.mul(highHalves(s), x)));
      A1 = f32x4.add(A1, f32x4.mul(f32x4.convert_i32x4_s(joinPairs(a1, b1)), f32x4.mul(lowHalves(t), x)));
      B1 = f32x4.add(B1, f32x4.mul(f32x4.convert_i32x4_s(joinPairs(c1, d1)), f32x4.mul(highHalves(t), x)));
      p += STEP;
      q += STEP;
      xp += 64;
    }
    v128.store(out, A0);
    v128.store(out, B0, 16);
    v128.store(out + far, A1);
    v128.store(out + far, B1, 16);
    out += 32;
  }
}

/** As {@link q8Wide1} with the relaxed dot product of four bytes, where the processor computes it without loss. */
export function q8Quad1(
  w: usize,
  groups: i32,
  blocks: i32,
  apart: usize,
  rowsApart: i32,
  token: i32,
  out: usize,
  flipByte: i32,
  bias: i32,
): void {
  const flip = i8x16.splat(<i8>flipByte);
  const xs = xScale + ((<usize>token * xColumns) >> 3);
  const xc = xSum + ((<usize>token * xColumns) >> 3);
  const xn = x8 + <usize>token * xColumns;
  let p = w;
  let q = w + apart;
  const far = <usize>rowsApart << 2;
  for (let g = 0; g < groups; g++) {
    let A0 = f32x4.splat(0);
    let B0 = A0;
    let A1 = A0;
    let B1 = A0;
    let xp = xn;
    for (let n = 0; n < blocks; n++) {
      let a0 = i32x4.splat(bias * load<i32>(xc + (<usize>n << 2)));
      let b0 = a0;
      let a1 = a0;
      let b1 = a0;
      let X: v128;
      X = v128.load32_splat(xp, 0);
      a0 = i32x4.relaxed_dot_i8x16_i7x16_add_s(X, v128.xor(v128.load(p, 16), flip), a0);
      b0 = i32x4.relaxed_dot_i8x16_i7x16_add_s(X, v128.xor(v128.load(p, 32), flip), b0);
      a1 = i32x4.relaxed_dot_i8x16_i7x16_add_s(X, v128.xor(v128.load(q, 16), flip), a1);
      b1 = i32x4.relaxed_dot_i8x16_i7x16_add_s(X, v128.xor(v128.load(q, 32), flip), b1);
      X = v128.load32_splat(xp, 4);
      a0 = i32x4.relaxed_dot_i8x16_i7x16_add_s(X, v128.xor(v128.load(p, 48), flip), a0);
      b0 = i32x4.relaxed_dot_i8x16_i7x16_add_s(X, v128.xor(v128.load(p, 64), flip), b0);
      a1 = i32x4.relaxed_dot_i8x16_i7x16_add_s(X, v128.xor(v128.load(q, 48), flip), a1);
      b1 = i32x4.relaxed_dot_i8x16_i7x16_add_s(X, v128.xor(v128.load(q, 64), flip), b1);
      X = v128.load32_splat(xp, 8);
      a0 = i32x4.relaxed_dot_i8x16_i7x16_add_s(X, v128.xor(v128.load(p, 80), flip), a0);
      b0 = i32x4.relaxed_dot_i8x16_i7x16_add_s(X, v128.xor(v128.load(p, 96), flip), b0);
      a1 = i32x4.relaxed_dot_i8x16_i7x16_add_s(X, v128.xor(v128.load(q, 80), flip), a1);
      b1 = i32x4.relaxed_dot_i8x16_i7x16_add_s(X, v128.xor(v128.load(q, 96), flip), b1);
      X = v128.load32_splat(xp, 12);
      a0 = i32x4.relaxed_dot_i8x16_i7x16_add_s(X, v128.xor(v128.load(p, 112), flip), a0);
      b0 = i32x4.relaxed_dot_i8x16_i7x16_add_s(X, v128.xor(v128.load(p, 128), flip), b0);
      a1 = i32x4.relaxed_dot_i8x16_i7x16_add_s(X, v128.xor(v128.load(q, 112), flip), a1);
      b1 = i32x4.relaxed_dot_i8x16_i7x16_add_s(X, v128.xor(v128.load(q, 128), flip), b1);
      X = v128.load32_splat(xp, 16);
      a0 = i32x4.relaxed_dot_i8x16_i7x16_add_s(X, v128.xor(v128.load(p, 144), flip), a0);
      b0 = i32x4.relaxed_dot_i8x16_i7x16_add_s(X, v128.xor(v128.load(p, 160), flip), b0);
      a1 = i32x4.relaxed_dot_i8x16_i7x16_add_s(X, v128.xor(v128.load(q, 144), flip), a1);
      b1 = i32x4.relaxed_dot_i8x16_i7x16_add_s(X, v128.xor(v128.load(q, 160), flip), b1);
      X = v128.load32_splat(xp, 20);
      a0 = i32x4.relaxed_dot_i8x16_i7x16_add_s(X, v128.xor(v128.load(p, 176), flip), a0);
      b0 = i32x4.relaxed_dot_i8x16_i7x16_add_s(X, v128.xor(v128.load(p, 192), flip), b0);
      a1 = i32x4.relaxed_dot_i8x16_i7x16_add_s(X, v128.xor(v128.load(q, 176), flip), a1);
      b1 = i32x4.relaxed_dot_i8x16_i7x16_add_s(X, v128.xor(v128.load(q, 192), flip), b1);
      X = v128.load32_splat(xp, 24);
      a0 = i32x4.relaxed_dot_i8x16_i7x16_add_s(X, v128.xor(v128.load(p, 208), flip), a0);
      b0 = i32x4.relaxed_dot_i8x16_i7x16_add_s(X, v128.xor(v128.load(p, 224), flip), b0);
      a1 = i32x4.relaxed_dot_i8x16_i7x16_add_s(X, v128.xor(v128.load(q, 208), flip), a1);
      b1 = i32x4.relaxed_dot_i8x16_i7x16_add_s(X, v128.xor(v128.load(q, 224), flip), b1);
      X = v128.load32_splat(xp, 28);
      a0 = i32x4.relaxed_dot_i8x16_i7x16_add_s(X, v128.xor(v128.load(p, 240), flip), a0);
      b0 = i32x4.relaxed_dot_i8x16_i7x16_add_s(X, v128.xor(v128.load(p, 256), flip), b0);
      a1 = i32x4.relaxed_dot_i8x16_i7x16_add_s(X, v128.xor(v128.load(q, 240), flip), a1);
      b1 = i32x4.relaxed_dot_i8x16_i7x16_add_s(X, v128.xor(v128.load(q, 256), flip), b1);
      const x = v128.load32_splat(xs + (<usize>n << 2));
      const s = v128.load(p);
      const t = v128.load(q);
      A0 = f32x4.add(A0, f32x4.mul(f32x4.convert_i32x4_s(a0), f32x4.mul(lowHalves(s), x)));
      B0 = f32x4.add(B0, f32x4.mul(f32x4.convert_i32x4_s(b0), f32x4.mul(highHalves(s), x)));
      A1 = f32x4.add(A1, f32x4.mul(f32x4.convert_i32x4_s(a1), f32x4.mul(lowHalves(t), x)));
      B1 = f32x4.add(B1, f32x4.mul(f32x4.convert_i32x4_s(b1), f32x4.mul(highHalves(t), x)));
      p += STEP;
      q += STEP;
      xp += 32;
    }
    v128.store(out, A0);
    v128.store(out, B0, 16);
    v128.store(out + far, A1);
    v128.store(out + far, B1, 16);
    out += 32;
  }
}

/** Four tokens against one group of eight rows: weights are widened once for four. */
export function q8Wide4(w: usize, blocks: i32, token: i32, out: usize, stride: usize): void {
  const step4 = <usize>(xColumns >> 3);
  const step16 = <usize>xColumns * 2;
  for (let half: usize = 0; half < 2; half++) {
    let xs = xScale + step4 * token;
    let x0 = x16 + step16 * token;
    let x1 = x0 + step16;
    let x2 = x1 + step16;
    let x3 = x2 + step16;
    let A0 = f32x4.splat(0);
    let A1 = A0;
    let A2 = A0;
    let A3 = A0;
    let p = w + 16 + (half << 4);
    let ps = w + (half << 3);
    for (let n = 0; n < blocks; n++) {
      let l0 = i32x4.splat(0);
      let l1 = l0;
      let l2 = l0;
      let l3 = l0;
      let h0 = l0;
      let h1 = l0;
      let h2 = l0;
      let h3 = l0;
      let L: v128;
      let H: v128;
      let X: v128;
      {
        L = v128.load_ext<i8>(p, 0);
        H = v128.load_ext<i8>(p, 8);
        X = v128.load64_splat(x0, 0);
        l0 = i32x4.add(l0, i32x4.dot_i16x8_s(L, X));
        h0 = i32x4.add(h0, i32x4.dot_i16x8_s(H, X));
        X = v128.load64_splat(x1, 0);
        l1 = i32x4.add(l1, i32x4.dot_i16x8_s(L, X));
        h1 = i32x4.add(h1, i32x4.dot_i16x8_s(H, X));
        X = v128.load64_splat(x2, 0);
        l2 = i32x4.add(l2, i32x4.dot_i16x8_s(L, X));
        h2 = i32x4.add(h2, i32x4.dot_i16x8_s(H, X));
        X = v128.load64_splat(x3, 0);
        l3 = i32x4.add(l3, i32x4.dot_i16x8_s(L, X));
        h3 = i32x4.add(h3, i32x4.dot_i16x8_s(H, X));
        L = v128.load_ext<i8>(p, 32);
        H = v128.load_ext<i8>(p, 40);
        X = v128.load64_splat(x0, 8);
        l0 = i32x4.add(l0, i32x4.dot_i16x8_s(L, X));
        h0 = i32x4.add(h0, i32x4.dot_i16x8_s(H, X));
        X = v128.load64_splat(x1, 8);
        l1 = i32x4.add(l1, i32x4.dot_i16x8_s(L, X));
        h1 = i32x4.add(h1, i32x4.dot_i16x8_s(H, X));
        X = v128.load64_splat(x2, 8);
        l2 = i32x4.add(l2, i32x4.dot_i16x8_s(L, X));
        h2 = i32x4.add(h2, i32x4.dot_i16x8_s(H, X));
        X = v128.load64_splat(x3, 8);
        l3 = i32x4.add(l3, i32x4.dot_i16x8_s(L, X));
        h3 = i32x4.add(h3, i32x4.dot_i16x8_s(H, X));
        L = v128.load_ext<i8>(p, 64);
        H = v128.load_ext<i8>(p, 72);
        X = v128.load64_splat(x0, 16);
        l0 = i32x4.add(l0, i32x4.dot_i16x8_s(L, X));
        h0 = i32x4.add(h0, i32x4.dot_i16x8_s(H, X));
        X = v128.load64_splat(x1, 16);
        l1 = i32x4.add(l1, i32x4.dot_i16x8_s(L, X));
        h1 = i32x4.add(h1, i32x4.dot_i16x8_s(H, X));
        X = v128.load64_splat(x2, 16);
        l2 = i32x4.add(l2, i32x4.dot_i16x8_s(L, X));
        h2 = i32x4.add(h2, i32x4.dot_i16x8_s(H, X));
        X = v128.load64_splat(x3, 16);
        l3 = i32x4.add(l3, i32x4.dot_i16x8_s(L, X));
        h3 = i32x4.add(h3, i32x4.dot_i16x8_s(H, X));
        L = v128.load_ext<i8>(p, 96);
        H = v128.load_ext<i8>(p, 104);
        X = v128.load64_splat(x0, 24);
        l0 = i32x4.add(l0, i32x4.dot_i16x8_s(L, X));
        h0 = i32x4.add(h0, i32x4.dot_i16x8_s(H, X));
        X = v128.load64_splat(x1, 24);
        l1 = i32x4.add(l1, i32x4.dot_i16x8_s(L, X));
        h1 = i32x4.add(h1, i32x4.dot_i16x8_s(H, X));
        X = v128.load64_splat(x2, 24);
        l2 = i32x4.add(l2, i32x4.dot_i16x8_s(L, X));
        h2 = i32x4.add(h2, i32x4.dot_i16x8_s(H, X));
        X = v128.load64_splat(x3, 24);
        l3 = i32x4.add(l3, i32x4.dot_i16x8_s(L, X));
        h3 = i32x4.add(h3, i32x4.dot_i16x8_s(H, X));
        L = v128.load_ext<i8>(p, 128);
        H = v128.load_ext<i8>(p, 136);
        X = v128.load64_splat(x0, 32);
        l0 = i32x4.add(l0, i32x4.dot_i16x8_s(L, X));
        h0 = i32x4.add(h0, i32x4.dot_i16x8_s(H, X));
        X = v128.load64_splat(x1, 32);
        l1 = i32x4.add(l1, i32x4.dot_i16x8_s(L, X));
        h1 = i32x4.add(h1, i32x4.dot_i16x8_s(H, X));
        X = v128.load64_splat(x2, 32);
        l2 = i32x4.add(l2, i32x4.dot_i16x8_s(L, X));
        h2 = i32x4.add(h2, i32x4.dot_i16x8_s(H, X));
        X = v128.load64_splat(x3, 32);
        l3 = i32x4.add(l3, i32x4.dot_i16x8_s(L, X));
        h3 = i32x4.add(h3, i32x4.dot_i16x8_s(H, X));
        L = v128.load_ext<i8>(p, 160);
        H = v128.load_ext<i8>(p, 168);
        X = v128.load64_splat(x0, 40);
        l0 = i32x4.add(l0, i32x4.dot_i16x8_s(L, X));
        h0 = i32x4.add(h0, i32x4.dot_i16x8_s(H, X));
        X = v128.load64_splat(x1, 40);
        l1 = i32x4.add(l1, i32x4.dot_i16x8_s(L, X));
        h1 = i32x4.add(h1, i32x4.dot_i16x8_s(H, X));
        X = v128.load64_splat(x2, 40);
        l2 = i32x4.add(l2, i32x4.dot_i16x8_s(L, X));
        h2 = i32x4.add(h2, i32x4.dot_i16x8_s(H, X));
        X = v128.load64_splat(x3, 40);
        l3 = i32x4.add(l3, i32x4.dot_i16x8_s(L, X));
        h3 = i32x4.add(h3, i32x4.dot_i16x8_s(H, X));
        L = v128.load_ext<i8>(p, 192);
        H = v128.load_ext<i8>(p, 200);
        X = v128.load64_splat(x0, 48);
        l0 = i32x4.add(l0, i32x4.dot_i16x8_s(L, X));
        h0 = i32x4.add(h0, i32x4.dot_i16x8_s(H, X));
        X = v128.load64_splat(x1, 48);
        l1 = i32x4.add(l1, i32x4.dot_i16x8_s(L, X));
        h1 = i32x4.add(h1, i32x4.dot_i16x8_s(H, X));
        X = v128.load64_splat(x2, 48);
        l2 = i32x4.add(l2, i32x4.dot_i16x8_s(L, X));
        h2 = i32x4.add(h2, i32x4.dot_i16x8_s(H, X));
        X = v128.load64_splat(x3, 48);
        l3 = i32x4.add(l3, i32x4.dot_i16x8_s(L, X));
        h3 = i32x4.add(h3, i32x4.dot_i16x8_s(H, X));
        L = v128.load_ext<i8>(p, 224);
        H = v128.load_ext<i8>(p, 232);
        X = v128.load64_splat(x0, 56);
        l0 = i32x4.add(l0, i32x4.dot_i16x8_s(L, X));
        h0 = i32x4.add(h0, i32x4.dot_i16x8_s(H, X));
        X = v128.load64_splat(x1, 56);
        l1 = i32x4.add(l1, i32x4.dot_i16x8_s(L, X));
        h1 = i32x4.add(h1, i32x4.dot_i16x8_s(H, X));
        X = v128.load64_splat(x2, 56);
        l2 = i32x4.add(l2, i32x4.dot_i16x8_s(L, X));
        h2 = i32x4.add(h2, i32x4.dot_i16x8_s(H, X));
        X = v128.load64_splat(x3, 56);
        l3 = i32x4.add(l3, i32x4.dot_i16x8_s(L, X));
        h3 = i32x4.add(h3, i32x4.dot_i16x8_s(H, X));
      }
      const s = lowHalves(v128.load64_zero(ps));
      A0 = f32x4.add(A0, f32x4.mul(f32x4.convert_i32x4_s(joinPairs(l0, h0)), f32x4.mul(s, v128.load32_splat(xs))));
      A1 = f32x4.add(A1, f32x4.mul(f32x4.convert_i32x4_s(joinPairs(l1, h1)), f32x4.mul(s, v128.load32_splat(xs + step4))));
      A2 = f32x4.add(A2, f32x4.mul(f32x4.convert_i32x4_s(joinPairs(l2, h2)), f32x4.mul(s, v128.load32_splat(xs + 2 * step4))));
      A3 = f32x4.add(A3, f32x4.mul(f32x4.convert_i32x4_s(joinPairs(l3, h3)), f32x4.mul(s, v128.load32_splat(xs + 3 * step4))));
      xs += 4;
      p += STEP;
      ps += STEP;
      x0 += 64;
      x1 += 64;
      x2 += 64;
      x3 += 64;
    }
    const to = out + (half << 4);
    v128.store(to, A0);
    v128.store(to + stride, A1);
    v128.store(to + 2 * stride, A2);
    v128.store(to + 3 * stride, A3);
  }
}

/** As {@link q8Wide4} with the relaxed dot product of four bytes. */
export function q8Quad4(
  w: usize,
  blocks: i32,
  token: i32,
  out: usize,
  stride: usize,
  flipByte: i32,
  bias: i32,
): void {
  const flip = i8x16.splat(<i8>flipByte);
  const step4 = <usize>(xColumns >> 3);
  const step8 = <usize>xColumns;
  for (let half: usize = 0; half < 2; half++) {
    let xs = xScale + step4 * token;
    let xc = xSum + step4 * token;
    let x0 = x8 + step8 * token;
    let x1 = x0 + step8;
    let x2 = x1 + step8;
    let x3 = x2 + step8;
    let A0 = f32x4.splat(0);
    let A1 = A0;
    let A2 = A0;
    let A3 = A0;
    let p = w + 16 + (half << 4);
    let ps = w + (half << 3);
    for (let n = 0; n < blocks; n++) {
      let l0 = i32x4.splat(bias * load<i32>(xc));
      let l1 = i32x4.splat(bias * load<i32>(xc + step4));
      let l2 = i32x4.splat(bias * load<i32>(xc + 2 * step4));
      let l3 = i32x4.splat(bias * load<i32>(xc + 3 * step4));
      let W: v128;
      {
        W = v128.xor(v128.load(p, 0), flip);
        l0 = i32x4.relaxed_dot_i8x16_i7x16_add_s(v128.load32_splat(x0, 0), W, l0);
        l1 = i32x4.relaxed_dot_i8x16_i7x16_add_s(v128.load32_splat(x1, 0), W, l1);
        l2 = i32x4.relaxed_dot_i8x16_i7x16_add_s(v128.load32_splat(x2, 0), W, l2);
        l3 = i32x4.relaxed_dot_i8x16_i7x16_add_s(v128.load32_splat(x3, 0), W, l3);
        W = v128.xor(v128.load(p, 32), flip);
        l0 = i32x4.relaxed_dot_i8x16_i7x16_add_s(v128.load32_splat(x0, 4), W, l0);
        l1 = i32x4.relaxed_dot_i8x16_i7x16_add_s(v128.load32_splat(x1, 4), W, l1);
        l2 = i32x4.relaxed_dot_i8x16_i7x16_add_s(v128.load32_splat(x2, 4), W, l2);
        l3 = i32x4.relaxed_dot_i8x16_i7x16_add_s(v128.load32_splat(x3, 4), W, l3);
        W = v128.xor(v128.load(p, 64), flip);
        l0 = i32x4.relaxed_dot_i8x16_i7x16_add_s(v128.load32_splat(x0, 8), W, l0);
        l1 = i32x4.relaxed_dot_i8x16_i7x16_add_s(v128.load32_splat(x1, 8), W, l1);
        l2 = i32x4.relaxed_dot_i8x16_i7x16_add_s(v128.load32_splat(x2, 8), W, l2);
        l3 = i32x4.relaxed_dot_i8x16_i7x16_add_s(v128.load32_splat(x3, 8), W, l3);
        W = v128.xor(v128.load(p, 96), flip);
        l0 = i32x4.relaxed_dot_i8x16_i7x16_add_s(v128.load32_splat(x0, 12), W, l0);
        l1 = i32x4.relaxed_dot_i8x16_i7x16_add_s(v128.load32_splat(x1, 12), W, l1);
        l2 = i32x4.relaxed_dot_i8x16_i7x16_add_s(v128.load32_splat(x2, 12), W, l2);
        l3 = i32x4.relaxed_dot_i8x16_i7x16_add_s(v128.load32_splat(x3, 12), W, l3);
        W = v128.xor(v128.load(p, 128), flip);
        l0 = i32x4.relaxed_dot_i8x16_i7x16_add_s(v128.load32_splat(x0, 16), W, l0);
        l1 = i32x4.relaxed_dot_i8x16_i7x16_add_s(v128.load32_splat(x1, 16), W, l1);
        l2 = i32x4.relaxed_dot_i8x16_i7x16_add_s(v128.load32_splat(x2, 16), W, l2);
        l3 = i32x4.relaxed_dot_i8x16_i7x16_add_s(v128.load32_splat(x3, 16), W, l3);
        W = v128.xor(v128.load(p, 160), flip);
        l0 = i32x4.relaxed_dot_i8x16_i7x16_add_s(v128.load32_splat(x0, 20), W, l0);
        l1 = i32x4.relaxed_dot_i8x16_i7x16_add_s(v128.load32_splat(x1, 20), W, l1);
        l2 = i32x4.relaxed_dot_i8x16_i7x16_add_s(v128.load32_splat(x2, 20), W, l2);
        l3 = i32x4.relaxed_dot_i8x16_i7x16_add_s(v128.load32_splat(x3, 20), W, l3);
        W = v128.xor(v128.load(p, 192), flip);
        l0 = i32x4.relaxed_dot_i8x16_i7x16_add_s(v128.load32_splat(x0, 24), W, l0);
        l1 = i32x4.relaxed_dot_i8x16_i7x16_add_s(v128.load32_splat(x1, 24), W, l1);
        l2 = i32x4.relaxed_dot_i8x16_i7x16_add_s(v128.load32_splat(x2, 24), W, l2);
        l3 = i32x4.relaxed_dot_i8x16_i7x16_add_s(v128.load32_splat(x3, 24), W, l3);
        W = v128.xor(v128.load(p, 224), flip);
        l0 = i32x4.relaxed_dot_i8x16_i7x16_add_s(v128.load32_splat(x0, 28), W, l0);
        l1 = i32x4.relaxed_dot_i8x16_i7x16_add_s(v128.load32_splat(x1, 28), W, l1);
        l2 = i32x4.relaxed_dot_i8x16_i7x16_add_s(v128.load32_splat(x2, 28), W, l2);
        l3 = i32x4.relaxed_dot_i8x16_i7x16_add_s(v128.load32_splat(x3, 28), W, l3);
      }
      const s = lowHalves(v128.load64_zero(ps));
      A0 = f32x4.add(A0, f32x4.mul(f32x4.convert_i32x4_s(l0), f32x4.mul(s, v128.load32_splat(xs))));
      A1 = f32x4.add(A1, f32x4.mul(f32x4.convert_i32x4_s(l1), f32x4.mul(s, v128.load32_splat(xs + step4))));
      A2 = f32x4.add(A2, f32x4.mul(f32x4.convert_i32x4_s(l2), f32x4.mul(s, v128.load32_splat(xs + 2 * step4))));
      A3 = f32x4.add(A3, f32x4.mul(f32x4.convert_i32x4_s(l3), f32x4.mul(s, v128.load32_splat(xs + 3 * step4))));
      xs += 4;
      xc += 4;
      p += STEP;
      ps += STEP;
      x0 += 32;
      x1 += 32;
      x2 += 32;
      x3 += 32;
    }
    const to = out + (half << 4);
    v128.store(to, A0);
    v128.store(to + stride, A1);
    v128.store(to + 2 * stride, A2);
    v128.store(to + 3 * stride, A3);
  }
}
