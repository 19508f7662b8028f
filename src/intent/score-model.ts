import { createEmbedded } from './feature-embedding.ts';
import type { FeatureVector } from './featurize.ts';
import { featurize, weigh } from './featurize.ts';
import type { IntentModel } from './intent-model.ts';
import { NONE_ID } from './intent-model.ts';
import type { Likeness } from './likeness.ts';
import { softmax } from './logistic-regression.ts';
import type { MessageScores } from './message-scores.ts';
import { createNearestExamples } from './nearest-examples.ts';
import { type ScopeRule, scopeScore } from './scope.ts';

/** Scores messages. */
export type IntentScorer = (text: string) => MessageScores;

/** Prepares a model for scoring. */
export function createIntentScorer(model: IntentModel): IntentScorer {
  const classCount = model.classIds.length;
  const { neighborShare } = model;
  const compare = createComparison(model);
  return (text) => {
    const scores = new Float64Array(classCount);
    const message = weigh(featurize(text, model.featureBits), model.idf);
    message.features.forEach((feature, at) => {
      const value = message.values[at] ?? 0;
      const end = model.rowStart[feature + 1] ?? 0;
      for (let entry = model.rowStart[feature] ?? 0; entry < end; entry++) {
        const label = model.classes[entry] ?? 0;
        scores[label] = (scores[label] ?? 0) + value * (model.weights[entry] ?? 0);
      }
    });
    for (let label = 0; label < classCount; label++) {
      scores[label] =
        ((scores[label] ?? 0) * (model.scale[label] ?? 0) + (model.bias[label] ?? 0)) / model.temperature;
    }
    softmax(scores);
    const likeness = compare?.(message) ?? null;
    return {
      probabilities: likeness === null ? scores : mixShares(scores, likeness.shares, neighborShare),
      nearest: likeness?.nearest ?? 0,
    };
  };
}

/** Makes what speaks for the classes beside the linear model; null where the model has nothing of the kind. */
function createComparison({
  embedding,
  neighbors,
  idf,
  classIds,
}: IntentModel): ((message: FeatureVector) => Likeness) | null {
  if (embedding !== null) return createEmbedded(embedding);
  if (neighbors.labels.length === 0) return null;
  const examples = createNearestExamples(neighbors, idf, classIds.length);
  return (message) => examples.compare(message);
}

/** Mixes two distributions. */
export function mixShares(left: Float64Array, right: Float64Array, shareOfRight: number): Float64Array {
  return left.map((value, at) => (1 - shareOfRight) * value + shareOfRight * (right[at] ?? 0));
}

/** The likeliest intents for a message. */
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

/** What decides whether a label is said. */
export type IntentRule = ScopeRule & Pick<IntentModel, 'classIds' | 'threshold'>;

/** Ranks the classes of a model and applies its threshold. */
export function rankIntents(model: IntentRule, scores: MessageScores): RankedIntent {
  const { probabilities } = scores;
  let [best, second] = [0, 0];
  for (let label = 1; label < probabilities.length; label++) {
    const share = probabilities[label] ?? 0;
    if (best === 0 || share > (probabilities[best] ?? 0)) [best, second] = [label, best];
    else if (second === 0 || share > (probabilities[second] ?? 0)) second = label;
  }
  const confidence = best === 0 ? 0 : (probabilities[best] ?? 0);
  const scope = scopeScore(model, scores, confidence);
  const isSaid = best > 0 && scope >= model.threshold && confidence >= (probabilities[0] ?? 0);
  const idOf = (label: number): string => model.classIds[label] ?? NONE_ID;
  return { best: idOf(best), second: idOf(second), confidence, scope, said: isSaid ? idOf(best) : NONE_ID };
}
