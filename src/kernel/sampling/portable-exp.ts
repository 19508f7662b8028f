const LOG2_E = 1.4426950408889634;
/** ln 2 in two parts; the high one has 32 trailing zero bits, so that k × high is exact for |k| < 2¹⁵ (fdlibm's split). */
const LN2_HIGH = 6.9314718036912381649e-1;
const LN2_LOW = 1.90821492927058770002e-10;
/** Below this, e^x is nearer to 0 than to the least positive double. */
const SMALLEST = -745;

/** 2^−k for k = 0 … 1075, by exact halving: `**` may be rounded differently from engine to engine. */
let halvings: Float64Array | undefined;

function buildHalvings(): Float64Array {
  const table = new Float64Array(1076);
  let power = 1;
  for (let k = 0; k < table.length; k += 1) {
    table[k] = power;
    power /= 2;
  }
  return table;
}

/**
 * Computes e^x for x ≤ 0 with an error of a few units in the last place, the same bits in every engine.
 *
 * `Math.exp` is left to the implementation (ECMA-262 §21.3.2.14); additions, products and quotients of doubles are not.
 * Gives 0 below −745 and NaN for NaN.
 */
export function portableExp(x: number): number {
  if (x < SMALLEST) return 0;
  halvings ??= buildHalvings();
  const k = Math.round(x * LOG2_E);
  const r = x - k * LN2_HIGH - k * LN2_LOW;
  // Taylor in Horner's form, written out for speed; |r| ≤ 0.347, so the first term left out is under 5e-18.
  let sum = 1 / 6227020800;
  sum = sum * r + 1 / 479001600;
  sum = sum * r + 1 / 39916800;
  sum = sum * r + 1 / 3628800;
  sum = sum * r + 1 / 362880;
  sum = sum * r + 1 / 40320;
  sum = sum * r + 1 / 5040;
  sum = sum * r + 1 / 720;
  sum = sum * r + 1 / 120;
  sum = sum * r + 1 / 24;
  sum = sum * r + 1 / 6;
  sum = sum * r + 0.5;
  sum = sum * r + 1;
  sum = sum * r + 1;
  return sum * (halvings[-k] ?? NaN);
}
