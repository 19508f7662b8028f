import { invalidModel } from '../gguf/invalid-model.ts';
import type { GgufTensor } from '../gguf/read-gguf.ts';

function halfToSingle(bits: number): number {
  const sign = (bits & 0x8000) === 0 ? 1 : -1;
  const exponent = (bits >> 10) & 31;
  const mantissa = bits & 0x3ff;
  if (exponent === 0) return sign * mantissa * 2 ** -24;
  if (exponent === 31) return NaN;
  return sign * (1 + mantissa / 1024) * 2 ** (exponent - 15);
}

/**
 * Reads a norm, a bias or a table of factors as singles.
 * @throws UnderstudyError `engine/model-invalid` when it is quantized, or holds what is no number.
 */
export function vectorValues(tensor: GgufTensor, bytes: Uint8Array): Float32Array {
  const [length = 0] = tensor.dims;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values = new Float32Array(length);
  for (let index = 0; index < length; index += 1) {
    switch (tensor.type.name) {
      case 'F32':
        values[index] = view.getFloat32(index * 4, true);
        break;
      case 'F16':
        values[index] = halfToSingle(view.getUint16(index * 2, true));
        break;
      case 'BF16': {
        const bits = new Uint32Array([view.getUint16(index * 2, true) << 16]);
        values[index] = new Float32Array(bits.buffer)[0] ?? NaN;
        break;
      }
      default:
        throw invalidModel(
          `Tensor "${tensor.name}" is a vector in ${tensor.type.name}; F32, F16, BF16 are read.`,
        );
    }
  }
  if (!values.every((value) => Number.isFinite(value))) {
    throw invalidModel(`Tensor "${tensor.name}" holds what is no number.`, { name: tensor.name });
  }
  return values;
}
