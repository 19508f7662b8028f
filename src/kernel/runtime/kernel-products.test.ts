import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { fetchKernel, testedBuilds, WAYS } from '../../../test/fixtures/kernel-builds.ts';
import { MatrixKernel } from '../../../test/fixtures/matrix-kernel.ts';
import type { MatrixType, Random } from '../../../test/fixtures/quantized-rows.ts';
import {
  MATRIX_FACTS,
  MATRIX_TYPES,
  randomRow,
  rowValues,
  seededRandom,
} from '../../../test/fixtures/quantized-rows.ts';
import { quantizeActivations } from '../../../test/fixtures/reference-model.ts';

const COLUMNS = 768;
const BATCH = 12;
const RUNS = { seed: 7, numRuns: 12 };
const FLOATS: readonly MatrixType[] = ['F32', 'F16', 'BF16'];
const QUANTIZED = MATRIX_TYPES.filter((type) => !FLOATS.includes(type));
/**
 * Error of a product, over the sum of the magnitudes of its terms: 256 additions in single precision of 2^-24 each, on a lane, and some
 * operations on scales. Measured: 4e-7.
 */
const TOLERANCE = 2e-6;

/** Sizes of a product: rows of any number, whole blocks of columns, tokens up to the batch. */
const sizes = (
  type: MatrixType,
): fc.Arbitrary<{ columns: number; rows: number; tokens: number; seed: number }> =>
  fc.record({
    columns: fc
      .integer({ min: 1, max: COLUMNS / Math.max(32, MATRIX_FACTS[type].columns) })
      .map((blocks) => blocks * Math.max(32, MATRIX_FACTS[type].columns)),
    rows: fc.integer({ min: 1, max: 41 }),
    tokens: fc.integer({ min: 1, max: BATCH }),
    seed: fc.nat(),
  });

/** Activations with a few large ones, a block of zeros and a block of very small ones at times. */
function randomActivations(columns: number, random: Random): Float32Array {
  const x = Float32Array.from({ length: columns }, () => (random() - 0.5) * 4 * (random() < 0.02 ? 20 : 1));
  if (random() < 0.3) x.fill(0, 0, 32);
  if (random() < 0.3) x.subarray(0, 32).forEach((value, index, block) => (block[index] = value * 1e-20));
  return x;
}

const bits = (values: Float32Array): number[] => [
  ...new Uint32Array(values.buffer, values.byteOffset, values.length),
];

/** Largest error of products over the sum of the magnitudes of their terms; the activations as the type sees them. */
function productError(
  type: MatrixType,
  rows: readonly Float64Array[],
  activations: Float32Array,
  products: Float32Array,
): number {
  const exact = Float64Array.from(activations);
  const x = FLOATS.includes(type) ? exact : quantizeActivations(exact);
  return rows.reduce((most, row, index) => {
    let sum = 0;
    let magnitude = 1e-30;
    row.forEach((weight, column) => {
      sum += weight * (x[column] ?? 0);
      magnitude += Math.abs(weight * (x[column] ?? 0));
    });
    const error = Math.abs((products[index] ?? NaN) - sum) / magnitude;
    return Number.isNaN(error) ? Infinity : Math.max(most, error);
  }, 0);
}

/** The largest step from one 8-bit activation to the next moves a sum by at most this: for ties that single precision breaks otherwise. */
const flips = (x: Float32Array): boolean => {
  for (let at = 0; at < x.length; at += 32) {
    const block = x.subarray(at, at + 32);
    const largest = block.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    if (block.some((value) => Math.abs((Math.abs((value * 127) / largest) % 1) - 0.5) < 1e-4)) return true;
  }
  return false;
};

for (const build of testedBuilds()) {
  describe(`products of the ${build} kernel`, () => {
    let kernel: MatrixKernel;
    before(async () => {
      kernel = await MatrixKernel.open(fetchKernel, build, COLUMNS, BATCH);
    });

    for (const type of MATRIX_TYPES) {
      it(`reads rows of ${type} back as the nearest singles of their numbers`, () => {
        fc.assert(
          fc.property(sizes(type), ({ columns, rows: count, seed }) => {
            const random = seededRandom(seed);
            const rows = Array.from({ length: count }, () => randomRow(type, columns, random));
            const matrix = kernel.pack(type, rows, columns);
            if (matrix === null) throw new Error('The rows were refused.');
            rows.forEach((row, index) => {
              const wanted = Float32Array.from(rowValues(type, row), (value) => value + 0);
              expect([...kernel.row(matrix, index)].map((value) => value + 0)).to.deep.equal([...wanted]);
            });
            for (let row = count; row < matrix.rows; row += 1) {
              expect(
                kernel.row(matrix, row).every((value) => value === 0),
                'padding',
              ).to.be.true;
            }
          }),
          RUNS,
        );
      });

      it(`multiplies ${type} within ${TOLERANCE} of double precision`, () => {
        fc.assert(
          fc.property(sizes(type), ({ columns, rows: count, tokens, seed }) => {
            const random = seededRandom(seed);
            const rows = Array.from({ length: count }, () => randomRow(type, columns, random));
            const matrix = kernel.pack(type, rows, columns);
            if (matrix === null) throw new Error('The rows were refused.');
            const values = rows.map((row) => rowValues(type, row));
            const activations = Array.from({ length: tokens }, () =>
              randomActivations(columns, random),
            ).filter((x) => FLOATS.includes(type) || !flips(x));
            if (activations.length === 0) return;
            kernel.multiply(matrix, activations).forEach((products, token) => {
              const x = activations[token] ?? new Float32Array();
              expect(productError(type, values, x, products)).to.be.below(TOLERANCE);
              expect(
                products.subarray(count).every((value) => value === 0),
                'padded rows',
              ).to.be.true;
            });
          }),
          RUNS,
        );
      });

      it(`multiplies a batch with ${type} bit for bit as its tokens one by one`, () => {
        fc.assert(
          fc.property(sizes(type), ({ columns, rows: count, tokens, seed }) => {
            const random = seededRandom(seed);
            const rows = Array.from({ length: count }, () => randomRow(type, columns, random));
            const matrix = kernel.pack(type, rows, columns);
            if (matrix === null) throw new Error('The rows were refused.');
            const activations = Array.from({ length: tokens }, () => randomActivations(columns, random));
            const together = kernel.multiply(matrix, activations);
            activations.forEach((x, token) => {
              const [alone = new Float32Array()] = kernel.multiply(matrix, [x]);
              expect(bits(together[token] ?? new Float32Array())).to.deep.equal(bits(alone));
            });
          }),
          RUNS,
        );
      });
    }

    it('multiplies the extremes of Q8_0, -128 and 127, with the extremes of activations', () => {
      const columns = 64;
      const scale = 0x3c00;
      const rows = [-128, 127, -127].map((weight) => {
        const row = new Uint8Array(68);
        const view = new DataView(row.buffer);
        for (const at of [0, 34]) {
          view.setUint16(at, scale, true);
          for (let index = 0; index < 32; index += 1) view.setInt8(at + 2 + index, weight);
        }
        return row;
      });
      const matrix = kernel.pack('Q8_0', rows, columns);
      if (matrix === null) throw new Error('The rows were refused.');
      const activations = [127, -127].map((value) => new Float32Array(columns).fill(value));
      const wanted = [-128, 127, -127].map((weight) => weight * 127 * columns);
      const [positive, negative] = kernel.multiply(matrix, activations);
      expect([...(positive ?? [])].slice(0, 3)).to.deep.equal(wanted);
      expect([...(negative ?? [])].slice(0, 3)).to.deep.equal(wanted.map((value) => -value));
    });

    for (const type of QUANTIZED) {
      it(`multiplies rows of ${type} with all bits set and all activations alike`, () => {
        const columns = 256;
        const row = new Uint8Array((columns / MATRIX_FACTS[type].columns) * MATRIX_FACTS[type].bytes).fill(
          255,
        );
        const view = new DataView(row.buffer);
        for (let at = 0; at < row.length; at += MATRIX_FACTS[type].bytes) {
          if (type === 'Q6_K') view.setUint16(at + 208, 0x3c00, true);
          else view.setUint16(at, 0x3c00, true);
          if (type === 'Q4_K' || type === 'Q5_K') view.setUint16(at + 2, 0, true);
        }
        const matrix = kernel.pack(type, [row], columns);
        if (matrix === null) throw new Error('The rows were refused.');
        const values = [rowValues(type, row)];
        for (const value of [127, -127, 1]) {
          const x = new Float32Array(columns).fill(value);
          for (const tokens of [1, 4]) {
            const [products = new Float32Array()] = kernel.multiply(
              matrix,
              Array.from({ length: tokens }, () => x),
            );
            expect(productError(type, values, x, products)).to.be.below(TOLERANCE);
          }
        }
      });

      it(`refuses scales of ${type} that are no number, or 64 and more`, () => {
        const columns = 256;
        for (const scale of [0x7c00, 0xfc00, 0x7e00, 0x7c01, 0x5400, 0xd400, 0x7bff]) {
          const row = randomRow(type, columns, seededRandom(1));
          const view = new DataView(row.buffer);
          const last = row.length - MATRIX_FACTS[type].bytes;
          view.setUint16(type === 'Q6_K' ? last + 208 : last, scale, true);
          expect(kernel.pack(type, [row], columns), scale.toString(16)).to.be.null;
        }
      });
    }

    for (const [type, illegal] of [
      ['F32', [0x7f800000, 0xff800000, 0x7fc00000, 0x7f800001]],
      ['F16', [0x7c00, 0xfc00, 0x7e00, 0x7c01]],
      ['BF16', [0x7f80, 0xff80, 0x7fc0, 0x7f81]],
    ] as const) {
      it(`refuses weights of ${type} that are no number`, () => {
        for (const pattern of illegal) {
          const row = randomRow(type, 32, seededRandom(1));
          const view = new DataView(row.buffer);
          if (type === 'F32') view.setUint32(31 * 4, pattern, true);
          else view.setUint16(31 * 2, pattern, true);
          expect(kernel.pack(type, [row], 32), pattern.toString(16)).to.be.null;
        }
      });
    }

    it('gives zero for scales of subnormal halves times activations of zero, and no denormal surprise', () => {
      const row = new Uint8Array(34);
      new DataView(row.buffer).setUint16(0, 1, true);
      row.fill(1, 2);
      const matrix = kernel.pack('Q8_0', [row], 32);
      if (matrix === null) throw new Error('The row was refused.');
      expect(kernel.multiply(matrix, [new Float32Array(32)])[0]?.[0]).to.equal(0);
      expect(kernel.multiply(matrix, [new Float32Array(32).fill(127)])[0]?.[0]).to.equal(2 ** -24 * 127 * 32);
      expect(
        kernel.multiply(matrix, [new Float32Array(32).fill(1e-31)])[0]?.[0],
        'below what is kept',
      ).to.equal(0);
    });
  });
}

describe('builds of the kernel', () => {
  const products = async (
    type: MatrixType,
    build: 'plain' | 'relaxed',
    ways: readonly [number, number, number, number] | null,
  ): Promise<number[][]> => {
    const random = seededRandom(11);
    const kernel = await MatrixKernel.open(fetchKernel, build, COLUMNS, BATCH);
    if (ways !== null) kernel.chooseWays(...ways);
    return [1, 3, 8].flatMap((tokens) => {
      const rows = Array.from({ length: 27 }, () => randomRow(type, COLUMNS, random));
      const matrix = kernel.pack(type, rows, COLUMNS);
      if (matrix === null) throw new Error('The rows were refused.');
      const activations = Array.from({ length: tokens }, () => randomActivations(COLUMNS, random));
      return kernel.multiply(matrix, activations).map(bits);
    });
  };

  for (const type of MATRIX_TYPES) {
    it(`gives the same bits for ${type}, whichever way bytes are multiplied`, async function () {
      if (!testedBuilds().includes('relaxed')) this.skip();
      const wanted = await products(type, 'plain', null);
      expect(await products(type, 'relaxed', null), 'as probed').to.deep.equal(wanted);
      for (const [name, ways] of Object.entries(WAYS)) {
        expect(await products(type, 'relaxed', ways), name).to.deep.equal(wanted);
      }
    });
  }
});
