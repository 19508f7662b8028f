import { keysAt, layerBytes, PAGE } from './cache';
import { HALF_RESCALE, highHalves, lowHalves } from './half';
import { exp4, max4, sum4 } from './math';
import { Model } from './model';

/*
 * Scaled dot-product attention of one token over cached positions, for the heads that share a key head. Lanes are positions for the scores
 * and dimensions for the values, so that nothing is summed across lanes; two heads at once share the conversion from halves.
 */

/** Scores of `length` positions for one or two heads (`second` = 0 for one) of key head `group`. */
// @ts-ignore: decorator
@inline
function score(
  pair: bool,
  m: Model,
  layer: i32,
  group: i32,
  length: i32,
  first: usize,
  second: usize,
  to: usize,
  to2: usize,
): void {
  const inner = <usize>(m.headWidth * PAGE * 2) * group;
  const blockStep = <usize>m.headWidth << 4;
  for (let position = 0; position < length; position += 8) {
    let k = keysAt(m, layer, position) + inner + blockStep * ((<usize>position >> 3) & 7);
    let a = f32x4.splat(0);
    let b = a;
    let c = a;
    let d = a;
    for (let i: usize = 0, end = <usize>m.headWidth << 2; i < end; i += 4) {
      const halves = v128.load(k);
      const low = lowHalves(halves);
      const high = highHalves(halves);
      const q = v128.load32_splat(first + i);
      a = f32x4.add(a, f32x4.mul(q, low));
      b = f32x4.add(b, f32x4.mul(q, high));
      if (pair) {
        const r = v128.load32_splat(second + i);
        c = f32x4.add(c, f32x4.mul(r, low));
        d = f32x4.add(d, f32x4.mul(r, high));
      }
      k += 16;
    }
    const at = <usize>position << 2;
    v128.store(to + at, a);
    v128.store(to + at, b, 16);
    if (pair) {
      v128.store(to2 + at, c);
      v128.store(to2 + at, d, 16);
    }
  }
}

/**
 * What weights are multiplied with: values come times 2^-112, and small weights times them would be denormal, which some processors
 * multiply a hundred times slower. Leaves room for the sum of 2^17 of them.
 */
const WEIGHT_SHIFT: f32 = 1267650600228229401496703205376.0; // 2^100

/** Turns scores into weights and returns the inverse of their sum; surplus positions up to a multiple of 8 become 0. */
function soften(scores: usize, length: i32): f32 {
  const padded = (length + 7) & ~7;
  for (let i = length; i < padded; i++) store<f32>(scores + (<usize>i << 2), -Infinity);
  const end = scores + (<usize>padded << 2);
  let m = f32x4.splat(-Infinity);
  for (let p = scores; p < end; p += 16) m = f32x4.pmax(m, v128.load(p));
  const largest = f32x4.splat(max4(m));
  const shift = f32x4.splat(WEIGHT_SHIFT);
  for (let p = scores; p < end; p += 16) {
    v128.store(p, f32x4.mul(exp4(f32x4.sub(v128.load(p), largest)), shift));
  }
  for (let i = length; i < padded; i++) store<f32>(scores + (<usize>i << 2), 0);
  let sum = f32x4.splat(0);
  for (let p = scores; p < end; p += 16) sum = f32x4.add(sum, v128.load(p));
  return 1.0 / sum4(sum);
}

// @ts-ignore: decorator
@inline
function mix(
  pair: bool,
  m: Model,
  layer: i32,
  group: i32,
  length: i32,
  weights: usize,
  weights2: usize,
  factor: f32,
  factor2: f32,
  to: usize,
  to2: usize,
): void {
  const inner = layerBytes(m) + <usize>(m.headWidth * PAGE * 2) * group;
  for (let i: usize = 0; i < <usize>m.headWidth; i += 8) {
    let a = f32x4.splat(0);
    let b = a;
    let c = a;
    let d = a;
    for (let start = 0; start < length; start += PAGE) {
      let v = keysAt(m, layer, start) + inner + (i << 7);
      const count = min(PAGE, length - start);
      let w: usize = <usize>start << 2;
      for (let n = 0; n < count; n++) {
        const halves = v128.load(v);
        const low = lowHalves(halves);
        const high = highHalves(halves);
        const p = v128.load32_splat(weights + w);
        a = f32x4.add(a, f32x4.mul(p, low));
        b = f32x4.add(b, f32x4.mul(p, high));
        if (pair) {
          const q = v128.load32_splat(weights2 + w);
          c = f32x4.add(c, f32x4.mul(q, low));
          d = f32x4.add(d, f32x4.mul(q, high));
        }
        v += 16;
        w += 4;
      }
    }
    const f = f32x4.splat(factor);
    v128.store(to + (i << 2), f32x4.mul(a, f));
    v128.store(to + (i << 2), f32x4.mul(b, f), 16);
    if (pair) {
      const g = f32x4.splat(factor2);
      v128.store(to2 + (i << 2), f32x4.mul(c, g));
      v128.store(to2 + (i << 2), f32x4.mul(d, g), 16);
    }
  }
}

/**
 * Attends with all heads of one key head.
 *
 * @param queries - `[heads][headWidth]` singles of the token, times 2^112 / sqrt(headWidth).
 * @param out - `[heads][headWidth]` singles.
 * @param scratch - Two times `capacity` singles of this thread.
 */
export function attend(m: Model, layer: i32, group: i32, length: i32, queries: usize, out: usize, scratch: usize): void {
  const share = m.heads / m.keyHeads;
  const size = <usize>m.headWidth << 2;
  const scores2 = scratch + (<usize>m.capacity << 2);
  let head = <usize>(group * share);
  const end = head + share;
  for (; head + 1 < end; head += 2) {
    const q = queries + head * size;
    score(true, m, layer, group, length, q, q + size, scratch, scores2);
    const f = soften(scratch, length) * HALF_RESCALE;
    const g = soften(scores2, length) * HALF_RESCALE;
    const o = out + head * size;
    mix(true, m, layer, group, length, scratch, scores2, f, g, o, o + size);
  }
  if (head < end) {
    score(false, m, layer, group, length, queries + head * size, 0, scratch, 0);
    const f = soften(scratch, length) * HALF_RESCALE;
    mix(false, m, layer, group, length, scratch, 0, f, 0, out + head * size, 0);
  }
}
