import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { fetchKernel, testedBuilds } from '../../../test/fixtures/kernel-builds.ts';
import { HeldRows } from './held-rows.ts';

const RUNS = { seed: 5, numRuns: 30 };

const sizes = fc.record({ width: fc.integer({ min: 1, max: 400 }), rows: fc.integer({ min: 0, max: 41 }) });
const held = sizes.chain(({ width, rows }) =>
  fc.record({
    width: fc.constant(width),
    bytes: fc.int8Array({ minLength: rows * width, maxLength: rows * width }),
    vector: fc.float32Array({ minLength: width, maxLength: width, min: -1, max: 1, noNaN: true }),
  }),
);

/** The vector is rounded to a 127th of the largest of 32 numbers: each number is off by half of that at most. */
function mostError(bytes: Int8Array, vector: Float32Array): number {
  const largest = vector.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const weight = bytes.reduce((sum, value) => sum + Math.abs(value), 0);
  return (0.51 * largest * weight) / 127 + 1e-3 * (1 + largest * weight * 1e-2);
}

for (const build of testedBuilds()) {
  describe(`rows that the ${build} kernel holds`, () => {
    it('give their inner products with a vector, whatever their number and width', async () => {
      const module = await fetchKernel(build);
      await fc.assert(
        fc.asyncProperty(held, async ({ width, bytes, vector }) => {
          const rows = await HeldRows.open(module, bytes, width);
          const products = rows.products(vector);
          expect(products.length).to.equal(bytes.length / width);
          products.forEach((product, row) => {
            const own = bytes.subarray(row * width, (row + 1) * width);
            const exact = own.reduce((sum, byte, at) => sum + byte * (vector[at] ?? 0), 0);
            expect(product).to.be.closeTo(exact, mostError(own, vector));
          });
        }),
        RUNS,
      );
    });

    it('give the products of each vector, not of one before', async () => {
      const rows = await HeldRows.open(await fetchKernel(build), Int8Array.of(127, 0, 0, 127, -128, 64), 2);
      const first = rows.products(Float32Array.of(1, 0));
      const second = rows.products(Float32Array.of(0, 1));
      expect([...first]).to.deep.equal([127, 0, -128]);
      expect([...second]).to.deep.equal([0, 127, 64]);
    });
  });
}
