import { softmax } from './logistic-regression.ts';

/** Scores of an example by a model that was not trained on it, with its true label; label 0 is `none`. */
export interface HeldOutPrediction {
  readonly scores: Float64Array;
  readonly label: number;
}

/** What turns scores into decisions. */
export interface Calibration {
  readonly temperature: number;
  readonly threshold: number;
}

const GOLDEN = (Math.sqrt(5) - 1) / 2;
/** Bounds of the threshold: below, the label is a guess; above, good messages would be lost to bad luck of few examples. */
const LEAST_THRESHOLD = 0.3;
const MOST_THRESHOLD = 0.9;

function probabilities(prediction: HeldOutPrediction, temperature: number): Float64Array {
  const scaled = prediction.scores.map((score) => score / temperature);
  softmax(scaled);
  return scaled;
}

function meanLoss(predictions: readonly HeldOutPrediction[], temperature: number): number {
  let sum = 0;
  for (const prediction of predictions) {
    sum -= Math.log(Math.max(1e-12, probabilities(prediction, temperature)[prediction.label] ?? 0));
  }
  return sum / predictions.length;
}

/** Finds the temperature of least loss by golden-section search over its logarithm. */
function fitTemperature(predictions: readonly HeldOutPrediction[]): number {
  let low = Math.log(0.05);
  let high = Math.log(10);
  for (let step = 0; step < 30; step++) {
    const left = high - GOLDEN * (high - low);
    const right = low + GOLDEN * (high - low);
    if (meanLoss(predictions, Math.exp(left)) < meanLoss(predictions, Math.exp(right))) high = right;
    else low = left;
  }
  return Math.exp((low + high) / 2);
}

/** Finds the least threshold from which on the labels given reach the precision. */
function fitThreshold(
  predictions: readonly HeldOutPrediction[],
  temperature: number,
  harmless: ReadonlySet<number>,
  precision: number,
): number {
  const given: { readonly confidence: number; readonly isRight: boolean }[] = [];
  for (const prediction of predictions) {
    const shares = probabilities(prediction, temperature);
    let best = 0;
    shares.forEach((share, label) => {
      if (share > (shares[best] ?? 0)) best = label;
    });
    if (!harmless.has(best))
      given.push({ confidence: shares[best] ?? 0, isRight: best === prediction.label });
  }
  given.sort((left, right) => right.confidence - left.confidence);
  let threshold = MOST_THRESHOLD;
  let right = 0;
  given.forEach((one, at) => {
    if (one.isRight) right++;
    if (right / (at + 1) >= precision) threshold = one.confidence;
  });
  return Math.min(MOST_THRESHOLD, Math.max(LEAST_THRESHOLD, threshold));
}

/**
 * Chooses temperature and threshold on predictions of held-out examples.
 * @param harmless - Labels that do no harm when they are wrong, `none` among them; they do not count.
 * @param precision - Share of given labels that must be right, in (0, 1).
 */
export function calibrate(
  predictions: readonly HeldOutPrediction[],
  harmless: ReadonlySet<number>,
  precision: number,
): Calibration {
  if (predictions.length === 0) return { temperature: 1, threshold: LEAST_THRESHOLD };
  const temperature = fitTemperature(predictions);
  return { temperature, threshold: fitThreshold(predictions, temperature, harmless, precision) };
}
