import { highHalves, lowHalves } from './half';
import { xColumns, xNegative, xPositive, xScale } from './quantize';

/** Bytes of a block of eight rows and 32 columns; the layout is that of matmul-q8.ts. */
const STEP: usize = 272;

/**
 * Products of signed weights with activations parted by sign: both parts fit the seven bits of the relaxed product. Of a pair of columns each
 * product stands in one part only, so the difference of the parts' sums fits 16 bits again: at most 2 · 128 · 127.
 */
// @ts-ignore: decorator
@inline
function bothSigns(weights: v128, positive: v128, negative: v128): v128 {
  if (!ASC_FEATURE_RELAXED_SIMD) return weights;
  return i32x4.dot_i16x8_s(
    i16x8.sub(
      i16x8.relaxed_dot_i8x16_i7x16_s(weights, positive),
      i16x8.relaxed_dot_i8x16_i7x16_s(weights, negative),
    ),
    i16x8.splat(1),
  );
}

/**
 * One token against two groups of rows at once, where four bytes are not multiplied in one instruction without loss. From memory it is as fast
 * as activations of seven bits would be, with all eight (`npm run bench -- dot`).
 */
export function q8Signs1(w: usize, groups: i32, blocks: i32, apart: usize, rowsApart: i32, out: usize): void {
  let p = w;
  let q = w + apart;
  const far = <usize>rowsApart << 2;
  for (let g = 0; g < groups; g++) {
    let A0 = f32x4.splat(0);
    let B0 = A0;
    let A1 = A0;
    let B1 = A0;
    let xp = xPositive;
    let xn = xNegative;
    for (let n = 0; n < blocks; n++) {
      let a0 = i32x4.splat(0);
      let b0 = a0;
      let a1 = a0;
      let b1 = a0;
      let X: v128;
      let Y: v128;
      X = v128.load32_splat(xp, 0);
      Y = v128.load32_splat(xn, 0);
      a0 = i32x4.add(a0, bothSigns(v128.load(p, 16), X, Y));
      b0 = i32x4.add(b0, bothSigns(v128.load(p, 32), X, Y));
      a1 = i32x4.add(a1, bothSigns(v128.load(q, 16), X, Y));
      b1 = i32x4.add(b1, bothSigns(v128.load(q, 32), X, Y));
      X = v128.load32_splat(xp, 4);
      Y = v128.load32_splat(xn, 4);
      a0 = i32x4.add(a0, bothSigns(v128.load(p, 48), X, Y));
      b0 = i32x4.add(b0, bothSigns(v128.load(p, 64), X, Y));
      a1 = i32x4.add(a1, bothSigns(v128.load(q, 48), X, Y));
      b1 = i32x4.add(b1, bothSigns(v128.load(q, 64), X, Y));
      X = v128.load32_splat(xp, 8);
      Y = v128.load32_splat(xn, 8);
      a0 = i32x4.add(a0, bothSigns(v128.load(p, 80), X, Y));
      b0 = i32x4.add(b0, bothSigns(v128.load(p, 96), X, Y));
      a1 = i32x4.add(a1, bothSigns(v128.load(q, 80), X, Y));
      b1 = i32x4.add(b1, bothSigns(v128.load(q, 96), X, Y));
      X = v128.load32_splat(xp, 12);
      Y = v128.load32_splat(xn, 12);
      a0 = i32x4.add(a0, bothSigns(v128.load(p, 112), X, Y));
      b0 = i32x4.add(b0, bothSigns(v128.load(p, 128), X, Y));
      a1 = i32x4.add(a1, bothSigns(v128.load(q, 112), X, Y));
      b1 = i32x4.add(b1, bothSigns(v128.load(q, 128), X, Y));
      X = v128.load32_splat(xp, 16);
      Y = v128.load32_splat(xn, 16);
      a0 = i32x4.add(a0, bothSigns(v128.load(p, 144), X, Y));
      b0 = i32x4.add(b0, bothSigns(v128.load(p, 160), X, Y));
      a1 = i32x4.add(a1, bothSigns(v128.load(q, 144), X, Y));
      b1 = i32x4.add(b1, bothSigns(v128.load(q, 160), X, Y));
      X = v128.load32_splat(xp, 20);
      Y = v128.load32_splat(xn, 20);
      a0 = i32x4.add(a0, bothSigns(v128.load(p, 176), X, Y));
      b0 = i32x4.add(b0, bothSigns(v128.load(p, 192), X, Y));
      a1 = i32x4.add(a1, bothSigns(v128.load(q, 176), X, Y));
      b1 = i32x4.add(b1, bothSigns(v128.load(q, 192), X, Y));
      X = v128.load32_splat(xp, 24);
      Y = v128.load32_splat(xn, 24);
      a0 = i32x4.add(a0, bothSigns(v128.load(p, 208), X, Y));
      b0 = i32x4.add(b0, bothSigns(v128.load(p, 224), X, Y));
      a1 = i32x4.add(a1, bothSigns(v128.load(q, 208), X, Y));
      b1 = i32x4.add(b1, bothSigns(v128.load(q, 224), X, Y));
      X = v128.load32_splat(xp, 28);
      Y = v128.load32_splat(xn, 28);
      a0 = i32x4.add(a0, bothSigns(v128.load(p, 240), X, Y));
      b0 = i32x4.add(b0, bothSigns(v128.load(p, 256), X, Y));
      a1 = i32x4.add(a1, bothSigns(v128.load(q, 240), X, Y));
      b1 = i32x4.add(b1, bothSigns(v128.load(q, 256), X, Y));
      const x = v128.load32_splat(xScale + (<usize>n << 2));
      const s = v128.load(p);
      const t = v128.load(q);
      A0 = f32x4.add(A0, f32x4.mul(f32x4.convert_i32x4_s(a0), f32x4.mul(lowHalves(s), x)));
      B0 = f32x4.add(B0, f32x4.mul(f32x4.convert_i32x4_s(b0), f32x4.mul(highHalves(s), x)));
      A1 = f32x4.add(A1, f32x4.mul(f32x4.convert_i32x4_s(a1), f32x4.mul(lowHalves(t), x)));
      B1 = f32x4.add(B1, f32x4.mul(f32x4.convert_i32x4_s(b1), f32x4.mul(highHalves(t), x)));
      p += STEP;
      q += STEP;
      xp += 32;
      xn += 32;
    }
    v128.store(out, A0);
    v128.store(out, B0, 16);
    v128.store(out + far, A1);
    v128.store(out + far, B1, 16);
    out += 32;
  }
}
