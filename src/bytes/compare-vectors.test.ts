import { expect } from '@open-wc/testing';
import { UnderstudyError } from '../contracts/errors.ts';
import { createComparison } from './compare-vectors.ts';
import { packVectors } from './packed-vectors.ts';

const VECTORS = packVectors(
  [
    [0.6, 0.8],
    [-0.5, 0],
  ],
  2,
);
const VECTOR = Float32Array.of(1, 0);

const near = (found: Float32Array): void => {
  expect(found.length).to.equal(2);
  expect(found[0]).to.be.closeTo(0.6, 0.005);
  expect(found[1]).to.be.closeTo(-0.5, 0.005);
};

describe('comparing a vector with packed ones', () => {
  it('happens one after the other where the encoder has no place for them', async () => {
    near((await createComparison({}, VECTORS))(VECTOR));
  });

  it('happens where the encoder holds them', async () => {
    const held: Int8Array[] = [];
    const holdRows = (rows: Int8Array): Promise<(vector: Float32Array) => Float32Array> => {
      held.push(rows);
      const product = (vector: Float32Array, row: number): number =>
        (rows[2 * row] ?? 0) * (vector[0] ?? 0) + (rows[2 * row + 1] ?? 0) * (vector[1] ?? 0);
      return Promise.resolve((vector) => Float32Array.of(product(vector, 0), product(vector, 1)));
    };
    near((await createComparison({ holdRows }, VECTORS))(VECTOR));
    expect(held).to.have.length(1);
  });

  it('does without that where there is no memory for it', async () => {
    const holdRows = (): Promise<never> =>
      Promise.reject(new UnderstudyError('engine/out-of-memory', 'No memory.'));
    near((await createComparison({ holdRows }, VECTORS))(VECTOR));
  });

  it('tells of any other fault', async () => {
    const holdRows = (): Promise<never> =>
      Promise.reject(new UnderstudyError('engine/load-failed', 'No kernel.'));
    const fault = await createComparison({ holdRows }, VECTORS).catch((error: unknown) => error);
    expect(fault).to.have.property('code', 'engine/load-failed');
  });
});
