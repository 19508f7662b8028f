import { featurize, weigh } from './featurize.ts';
import type { IntentModel } from './intent-model.ts';
import { softmax } from './logistic-regression.ts';

/** Gives the calibrated probability of every class of the model; they add up to 1. */
export function classProbabilities(model: IntentModel, text: string): Float64Array {
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
