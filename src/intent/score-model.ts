import { featurize, weigh } from './featurize.ts';
import type { IntentModel } from './intent-model.ts';
import { NONE_ID } from './intent-model.ts';
import { softmax } from './logistic-regression.ts';

/** Gives the calibrated probability of every class of the model; they add up to 1. */
export function scoreMessage(model: IntentModel, text: string): Float64Array {
  const scores = new Float64Array(model.classIds.length);
  const { features, values } = weigh(featurize(text), model.idf);
  features.forEach((feature, at) => {
    const value = values[at] ?? 0;
    const end = model.rowStart[feature + 1] ?? 0;
    for (let entry = model.rowStart[feature] ?? 0; entry < end; entry++) {
      const label = model.classes[entry] ?? 0;
      scores[label] = (scores[label] ?? 0) + value * (model.weights[entry] ?? 0);
    }
  });
  for (let label = 0; label < scores.length; label++) {
    scores[label] =
      ((scores[label] ?? 0) * (model.scale[label] ?? 0) + (model.bias[label] ?? 0)) / model.temperature;
  }
  if (scores.length > 0) softmax(scores);
  return scores;
}

/** What a model makes of a message. */
export interface RankedIntent {
  /** The likeliest intent, whatever the threshold; `none` only when there is no intent. */
  readonly best: string;
  /** The next; `none` when there is none. */
  readonly second: string;
  /** Probability of the likeliest intent, in [0, 1]. */
  readonly confidence: number;
  /** How sure it is that the message is an intent at all, in [0, 1]; the threshold is held against it. */
  readonly scope: number;
  /** The likeliest intent when it is likely enough, else `none`. */
  readonly said: string;
}

/** Ranks the classes of a model by their probabilities, and applies its threshold. */
export function rankScores(
  model: Pick<IntentModel, 'classIds' | 'threshold'>,
  probabilities: Float64Array,
): RankedIntent {
  let [best, second] = [0, 0];
  for (let label = 1; label < probabilities.length; label++) {
    const share = probabilities[label] ?? 0;
    if (best === 0 || share > (probabilities[best] ?? 0)) [best, second] = [label, best];
    else if (second === 0 || share > (probabilities[second] ?? 0)) second = label;
  }
  const confidence = best === 0 ? 0 : (probabilities[best] ?? 0);
  const isSaid = confidence >= model.threshold && confidence >= (probabilities[0] ?? 0);
  const idOf = (label: number): string => model.classIds[label] ?? NONE_ID;
  return {
    best: idOf(best),
    second: idOf(second),
    confidence,
    scope: confidence,
    said: isSaid ? idOf(best) : NONE_ID,
  };
}
