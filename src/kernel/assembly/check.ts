import { BF16, F16, F32, groupBytes, Q4_0, Q4_K, Q5_K, Q6_K, Q8_0, BLOCK, SUPER } from './tensor-types';

/*
 * Whether packed matrices hold numbers alone. Published ones are checked while they are packed; packed ones come from a file as well.
 */

// @ts-ignore: decorator
@inline
function hasExponent(v: v128, exponent: v128): bool {
  return v128.any_true(i16x8.eq(v128.and(v, exponent), exponent));
}

/** Halves at the front of each block: `vectors` times eight of them. */
function scalesAreNumbers(at: usize, bytes: usize, step: usize, vectors: i32): bool {
  const exponent = i16x8.splat(0x7c00);
  for (let p = at, end = at + bytes; p < end; p += step) {
    if (hasExponent(v128.load(p), exponent)) return false;
    if (vectors == 2 && hasExponent(v128.load(p, 16), exponent)) return false;
  }
  return true;
}

function allAreNumbers(at: usize, bytes: usize, exponent: v128): bool {
  for (let p = at, end = at + bytes; p < end; p += 16) {
    if (hasExponent(v128.load(p), exponent)) return false;
  }
  return true;
}

function singlesAreNumbers(at: usize, bytes: usize): bool {
  const exponent = i32x4.splat(0x7f800000);
  for (let p = at, end = at + bytes; p < end; p += 16) {
    if (v128.any_true(i32x4.eq(v128.and(v128.load(p), exponent), exponent))) return false;
  }
  return true;
}

/**
 * Whether all weights and scales of a packed matrix of `bytes` bytes are numbers: 1 or 0.
 */
export function areNumbers(type: i32, at: usize, bytes: usize): i32 {
  let isValid: bool;
  if (type == F32) isValid = singlesAreNumbers(at, bytes);
  else if (type == F16) isValid = allAreNumbers(at, bytes, i16x8.splat(0x7c00));
  else if (type == BF16) isValid = allAreNumbers(at, bytes, i16x8.splat(0x7f80));
  else if (type == Q8_0 || type == Q4_0) isValid = scalesAreNumbers(at, bytes, groupBytes(type, BLOCK), 1);
  else if (type == Q6_K) isValid = scalesAreNumbers(at, bytes, groupBytes(type, SUPER), 1);
  else if (type == Q4_K || type == Q5_K) isValid = scalesAreNumbers(at, bytes, groupBytes(type, SUPER), 2);
  else isValid = false;
  return isValid ? 1 : 0;
}
