const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/** Bits of the nearest half-precision number of a finite one below 65520 in size. */
export function halfBits(value) {
  float[0] = value;
  const sign = (bits[0] >>> 16) & 0x8000;
  const rounded = (bits[0] & 0x7fffffff) + 0xfff + ((bits[0] >>> 13) & 1);
  const exponent = (rounded >>> 23) - 112;
  // Scales of K-quants are often this small; below the normal numbers one step is 2^-24.
  if (exponent <= 0) return sign | Math.round(Math.abs(value) * 2 ** 24);
  return sign | (exponent << 10) | ((rounded >>> 13) & 0x3ff);
}

/** Bits of the nearest bfloat16 number of a finite one. */
export function brainBits(value) {
  float[0] = value;
  return (bits[0] + 0x7fff + ((bits[0] >>> 16) & 1)) >>> 16;
}
