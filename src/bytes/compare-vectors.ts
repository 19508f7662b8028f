import type { Encoder } from '../contracts/encoder.ts';
import { UnderstudyError } from '../contracts/errors.ts';
import { dotPacked, type PackedVectors } from './packed-vectors.ts';

/** Gives the inner products of a vector and each of some others, in their order. */
export type CompareVectors = (vector: Float32Array) => Float32Array;

/**
 * Makes what compares vectors with packed ones: where the encoder holds them, which is fast, or one after the other where it has no place
 * or no memory for them.
 */
export async function createComparison(
  { holdRows }: Pick<Encoder, 'holdRows'>,
  vectors: PackedVectors,
): Promise<CompareVectors> {
  if (holdRows === undefined) return compareInTurn(vectors);
  try {
    return scaled(await holdRows(vectors.components), vectors.scales);
  } catch (error) {
    if (error instanceof UnderstudyError && error.code === 'engine/out-of-memory')
      return compareInTurn(vectors);
    throw error;
  }
}

/** Compares a vector with one packed vector after the other. */
export function compareInTurn(vectors: PackedVectors): CompareVectors {
  return (vector) => vectors.scales.map((_, row) => dotPacked(vectors, row, vector));
}

/** Keeps the scales alone: the vectors themselves are held elsewhere. */
function scaled(products: CompareVectors, scales: Float32Array): CompareVectors {
  return (vector) => products(vector).map((product, row) => (product * (scales[row] ?? 0)) / 127);
}
