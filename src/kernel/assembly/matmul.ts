import { PAIR, QUAD, WIDE } from './dot';
import { kRows } from './matmul-k';
import { floatRows, isFloat } from './matmul-float';
import { q4Four, q4One } from './matmul-q4';
import { q8Signs1 } from './matmul-q8-signs';
import { q8Quad1, q8Quad4, q8Wide1, q8Wide4 } from './matmul-q8';
import { BF16, F16, F32, groupBytes, Q4_0, Q4_K, Q5_K, Q6_K, Q8_0 } from './tensor-types';

/** A matrix in memory. `rows` is a multiple of eight: those beyond the model's are zeros. */
@unmanaged
export class Tensor {
  type: i32;
  at: usize;
  rows: i32;
  columns: i32;
}

/** How weights of at most 6 bits are multiplied: PAIR or QUAD in the relaxed build, WIDE in the plain one. */
export let way: i32 = WIDE;
/** How Q8_0 is multiplied: WIDE, QUAD, or PAIR, which is both signs for one token and WIDE for four. */
export let wayOf8: i32 = WIDE;
/** What turns stored bytes into the operand of the relaxed dot product for QUAD: 0x80 for each byte, or 0. */
let flip: i32 = 0;
/** Zero point of that operand, negative. */
let bias: i32 = 0;

/**
 * Finds out what this machine's relaxed dot product does beyond the seven bits that the standard fixes, and chooses the ways.
 * All of them give the same integers.
 */
export function probe(): i32 {
  if (!ASC_FEATURE_RELAXED_SIMD) return 0;
  // 255 as the second operand: unsigned without loss gives 4·127·255, signed gives 4·127·(-1), anything else saturates.
  const sum = i32x4.extract_lane(
    i32x4.relaxed_dot_i8x16_i7x16_add_s(i8x16.splat(<i8>load<u8>(PROBE)), i8x16.splat(<i8>load<u8>(PROBE, 1)), i32x4.splat(0)),
    0,
  );
  if (sum == 4 * 127 * 255) return chooseWays(QUAD, QUAD, 0x80, -128);
  if (sum == -4 * 127) return chooseWays(QUAD, QUAD, 0, 0);
  return chooseWays(PAIR, PAIR, 0, 0);
}

/** Bytes that the compiler cannot know: 127 and 255. */
const PROBE: usize = memory.data<u8>([127, 255]);

/** Sets the ways by hand: for tests and benchmarks. */
export function chooseWays(low: i32, eight: i32, flipByte: i32, zero: i32): i32 {
  way = low;
  wayOf8 = eight;
  flip = flipByte;
  bias = zero;
  return low | (eight << 4) | (flipByte << 8);
}

function lowOne(w: usize, t: Tensor, groups: i32, apart: usize, far: i32, token: i32, out: usize, scratch: usize): void {
  const blocks = t.columns >> 5;
  if (ASC_FEATURE_RELAXED_SIMD) {
    if (way == QUAD) return q4One(QUAD, w, groups, blocks, apart, far, token, out, scratch);
    if (way == PAIR) return q4One(PAIR, w, groups, blocks, apart, far, token, out, scratch);
  }
  q4One(WIDE, w, groups, blocks, apart, far, token, out, scratch);
}

function lowFour(w: usize, t: Tensor, token: i32, out: usize, stride: usize, scratch: usize): void {
  const blocks = t.columns >> 5;
  if (ASC_FEATURE_RELAXED_SIMD) {
    if (way == QUAD) return q4Four(QUAD, w, blocks, token, out, stride, scratch);
    if (way == PAIR) return q4Four(PAIR, w, blocks, token, out, stride, scratch);
  }
  q4Four(WIDE, w, blocks, token, out, stride, scratch);
}

// @ts-ignore: decorator
@inline
function kWay(theWay: i32, tokens: i32, w: usize, t: Tensor, token: i32, out: usize, stride: usize, scratch: usize): void {
  const supers = t.columns >> 8;
  if (t.type == Q4_K) kRows(Q4_K, theWay, tokens, w, supers, token, out, stride, scratch);
  else if (t.type == Q5_K) kRows(Q5_K, theWay, tokens, w, supers, token, out, stride, scratch);
  else kRows(Q6_K, theWay, tokens, w, supers, token, out, stride, scratch);
}

function kOne(w: usize, t: Tensor, token: i32, out: usize, scratch: usize): void {
  if (ASC_FEATURE_RELAXED_SIMD) {
    if (way == QUAD) return kWay(QUAD, 1, w, t, token, out, 0, scratch);
    if (way == PAIR) return kWay(PAIR, 1, w, t, token, out, 0, scratch);
  }
  kWay(WIDE, 1, w, t, token, out, 0, scratch);
}

function kFour(w: usize, t: Tensor, token: i32, out: usize, stride: usize, scratch: usize): void {
  if (ASC_FEATURE_RELAXED_SIMD) {
    if (way == QUAD) return kWay(QUAD, 4, w, t, token, out, stride, scratch);
    if (way == PAIR) return kWay(PAIR, 4, w, t, token, out, stride, scratch);
  }
  kWay(WIDE, 4, w, t, token, out, stride, scratch);
}

function floatGroup(w: usize, t: Tensor, x: usize, out: usize): void {
  if (t.type == F32) floatRows(F32, w, t.columns, x, out);
  else if (t.type == F16) floatRows(F16, w, t.columns, x, out);
  else floatRows(BF16, w, t.columns, x, out);
}

/** One token against two streams of groups. */
function streams(t: Tensor, w: usize, groups: i32, apart: usize, far: i32, out: usize, scratch: usize): void {
  const blocks = t.columns >> 5;
  if (t.type == Q4_0) return lowOne(w, t, groups, apart, far, 0, out, scratch);
  if (ASC_FEATURE_RELAXED_SIMD) {
    if (wayOf8 == QUAD) return q8Quad1(w, groups, blocks, apart, far, 0, out, flip, bias);
    if (wayOf8 == PAIR) return q8Signs1(w, groups, blocks, apart, far, out);
  }
  q8Wide1(w, groups, blocks, apart, far, 0, out);
}

function oneToken(t: Tensor, first: i32, end: i32, out: usize, scratch: usize): void {
  const size = groupBytes(t.type, t.columns);
  let w = t.at + size * first;
  let to = out + (<usize>first << 5);
  if (t.type == Q8_0 || t.type == Q4_0) {
    const half = (end - first) >> 1;
    const apart = size * half;
    const far = half << 3;
    streams(t, w, half, apart, far, to, scratch);
    if ((end - first) & 1) {
      w += 2 * apart;
      to += <usize>half << 6;
      streams(t, w, 1, 0, 0, to, scratch);
    }
    return;
  }
  for (let g = first; g < end; g++) {
    kOne(w, t, 0, to, scratch);
    w += size;
    to += 32;
  }
}

/**
 * Multiplies groups `first` to `end` (of eight rows) with a batch of tokens.
 *
 * @param tokens - 1, or a number that is rounded up to a multiple of four: the surplus is computed and means nothing.
 * @param x - Activations as singles, for matrices of floats; others read the quantized ones.
 * @param xStride - Bytes from one token's singles to the next.
 * @param out - `[tokens][rows]` singles, `stride` bytes a token.
 * @param scratch - 128 bytes of this thread.
 */
export function multiply(
  t: Tensor,
  first: i32,
  end: i32,
  tokens: i32,
  x: usize,
  xStride: usize,
  out: usize,
  stride: usize,
  scratch: usize,
): void {
  const size = groupBytes(t.type, t.columns);
  if (isFloat(t.type)) {
    for (let g = first; g < end; g++) {
      for (let token = 0; token < tokens; token++) {
        floatGroup(t.at + size * g, t, x + xStride * token, out + stride * token + (<usize>g << 5));
      }
    }
    return;
  }
  if (tokens == 1) return oneToken(t, first, end, out, scratch);
  for (let g = first; g < end; g++) {
    const w = t.at + size * g;
    for (let token = 0; token < tokens; token += 4) {
      const to = out + stride * token + (<usize>g << 5);
      if (t.type == Q8_0) {
        if (ASC_FEATURE_RELAXED_SIMD && wayOf8 == QUAD) {
          q8Quad4(w, t.columns >> 5, token, to, stride, flip, bias);
        } else q8Wide4(w, t.columns >> 5, token, to, stride);
      } else if (t.type == Q4_0) lowFour(w, t, token, to, stride, scratch);
      else kFour(w, t, token, to, stride, scratch);
    }
  }
}
