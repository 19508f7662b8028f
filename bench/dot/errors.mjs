/**
 * What bits cost: relative error of dot products of random weights and activations, in doubles. Weights in blocks of 32 as in
 * Q8_0; activations with a scale for every 32.
 */
const COLUMNS = 512;

function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const gaussian = (next) => Math.sqrt(-2 * Math.log(next() + 1e-12)) * Math.cos(2 * Math.PI * next());

function quantized(values, most) {
  const result = new Float64Array(values.length);
  for (let first = 0; first < values.length; first += 32) {
    let largest = 0;
    for (let at = first; at < first + 32; at += 1) largest = Math.max(largest, Math.abs(values[at]));
    for (let at = first; at < first + 32; at += 1) {
      result[at] = (Math.round((values[at] * most) / largest) * largest) / most;
    }
  }
  return result;
}

/**
 * @param {number} weightBits @param {number} activationBits
 * @returns {number} Root of the mean squared error over the root of the mean squared product, in percent.
 */
export function relativeError(weightBits, activationBits, samples = 400) {
  const next = random(7);
  let error = 0;
  let size = 0;
  for (let sample = 0; sample < samples; sample += 1) {
    const weights = quantized(
      Float64Array.from({ length: COLUMNS }, () => gaussian(next) * 0.02),
      127,
    );
    const activations = Float64Array.from({ length: COLUMNS }, () => gaussian(next));
    const used = quantized(weights, 2 ** (weightBits - 1) - 1);
    const read = quantized(activations, 2 ** (activationBits - 1) - 1);
    let exact = 0;
    let found = 0;
    for (let at = 0; at < COLUMNS; at += 1) {
      exact += weights[at] * activations[at];
      found += used[at] * read[at];
    }
    error += (exact - found) ** 2;
    size += exact ** 2;
  }
  return Math.sqrt(error / size) * 100;
}
