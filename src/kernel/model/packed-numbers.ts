import type { TensorType } from '../gguf/tensor-type.ts';
import { PACKED_ROWS } from '../gguf/tensor-type.ts';

/** Halves at the front of a block of eight rows: one scale a row, and one minimum for these. */
const SCALES_A_ROW: Readonly<Record<string, number>> = {
  P_Q8_0: 1,
  P_Q4_0: 1,
  P_Q4_K: 2,
  P_Q5_K: 2,
  P_Q6_K: 1,
};

/**
 * Says whether all weights and scales of a packed tensor are numbers. Published tensors are checked while they are packed; packed ones
 * come from a file as well.
 *
 * @param bytes - Begin at an even address.
 */
export function isPackedFinite(type: TensorType, bytes: Uint8Array): boolean {
  const halves = new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length >> 1);
  if (type.name === 'P_F32') {
    for (let index = 1; index < halves.length; index += 2) {
      if (((halves[index] ?? 0) & 0x7f80) === 0x7f80) return false;
    }
    return true;
  }
  const scales = SCALES_A_ROW[type.name];
  const exponent = type.name === 'P_BF16' ? 0x7f80 : 0x7c00;
  const step = (type.blockBytes * PACKED_ROWS) >> 1;
  const length = scales === undefined ? step : scales * PACKED_ROWS;
  for (let block = 0; block < halves.length; block += step) {
    for (let index = block; index < block + length; index += 1) {
      if (((halves[index] ?? 0) & exponent) === exponent) return false;
    }
  }
  return true;
}
