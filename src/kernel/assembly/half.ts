/**
 * Half-precision numbers in 32-bit lanes.
 *
 * Shifting the bits of a half by 13 gives a single whose exponent is 112 too small. What it is multiplied with makes up for
 * it, so that a scale costs three operations. Halves below 2^-14 would become denormal singles, which some processors
 * multiply a hundred times slower: scales are stored times 2^10 and the cache holds zeros instead.
 */

/** Makes up for the exponent of {@link halves}. */
export const HALF_RESCALE: f32 = 5192296858534827628530496329220096.0; // 2^112

/** Factor by which scales are stored: their halves are never subnormal. */
export const SCALE_SHIFT: f32 = 1024;

/** Makes up for the exponent of {@link halves} and for {@link SCALE_SHIFT}. */
export const SCALE_RESCALE: f32 = 5070602400912917605986812821504.0; // 2^102

const KEEP: i32 = 0x8fffe000;

/** First four of eight halves, each times 2^-112. */
// @ts-ignore: decorator
@inline
export function lowHalves(h: v128): v128 {
  return v128.and(i32x4.shl(i32x4.extend_low_i16x8_s(h), 13), i32x4.splat(KEEP));
}

/** Last four of eight halves, each times 2^-112. */
// @ts-ignore: decorator
@inline
export function highHalves(h: v128): v128 {
  return v128.and(i32x4.shl(i32x4.extend_high_i16x8_s(h), 13), i32x4.splat(KEEP));
}

/** Reads one half exactly, subnormals and infinities included. */
export function readHalf(at: usize): f32 {
  const h = <u32>load<u16>(at);
  const sign = (h & 0x8000) << 16;
  const exponent = (h >> 10) & 31;
  const mantissa = h & 0x3ff;
  if (exponent == 0) {
    const value = <f32>mantissa * 5.9604644775390625e-8; // 2^-24
    return sign ? -value : value;
  }
  if (exponent == 31) return reinterpret<f32>(sign | 0x7f800000 | (mantissa << 13));
  return reinterpret<f32>(sign | ((exponent + 112) << 23) | (mantissa << 13));
}

/** Bits of the nearest half, ties to even; what is below 2^-14 becomes zero, what is above 65504 the largest half. */
// @ts-ignore: decorator
@inline
export function toHalf(value: f32): u32 {
  const bits = reinterpret<u32>(value);
  const sign = (bits >> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude < 0x38800000) return sign;
  if (magnitude > 0x477fe000) return sign | 0x7bff;
  return sign | ((magnitude + 0xfff + ((magnitude >> 13) & 1) - 0x38000000) >> 13);
}
