import type { LoadedTensor } from './llama-file.ts';

/** Values of one block of Q8_0. */
export const BLOCK_VALUES = 32;
/** Bytes of one block of Q8_0. */
export const BLOCK_BYTES = 34;

/** Decodes an IEEE 754 half-precision number from its 16 bits. */
export function halfToFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** Decodes the values of a tensor, rows one after the other. */
export function tensorFloats(tensor: LoadedTensor): Float32Array {
  const { bytes } = tensor;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (tensor.type.name === 'F32') {
    return Float32Array.from({ length: bytes.length / 4 }, (_, index) => view.getFloat32(index * 4, true));
  }
  if (tensor.type.name === 'F16') {
    return Float32Array.from({ length: bytes.length / 2 }, (_, index) =>
      halfToFloat(view.getUint16(index * 2, true)),
    );
  }
  const blocks = bytes.length / BLOCK_BYTES;
  const values = new Float32Array(blocks * BLOCK_VALUES);
  for (let block = 0; block < blocks; block += 1) {
    const scale = halfToFloat(view.getUint16(block * BLOCK_BYTES, true));
    for (let index = 0; index < BLOCK_VALUES; index += 1) {
      values[block * BLOCK_VALUES + index] = scale * view.getInt8(block * BLOCK_BYTES + 2 + index);
    }
  }
  return values;
}
