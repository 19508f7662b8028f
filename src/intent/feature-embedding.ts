import type { FeatureVector } from './featurize.ts';
import type { Likeness } from './likeness.ts';
import { softmax } from './logistic-regression.ts';

/** Greatest component of a vector by size, as it is stored: four bits. */
export const MOST_COMPONENT = 7;

/**
 * A vector for each hashed feature, and the classes in the same space: a message is the sum of its features' vectors, times their weights,
 * and class `c` scores `bias[c] + outputs[c] · message`. Known as a static embedding, as in fastText (Joulin and others 2016).
 */
export interface FeatureEmbedding {
  /** Components of a vector. */
  readonly width: number;
  /** The features that have a vector, ascending. */
  readonly features: Uint32Array;
  /** By vector: the value of one step of its components. */
  readonly steps: Float32Array;
  /** `width` components a vector, -7 to 7. */
  readonly components: Int8Array;
  /** `width` values a class. */
  readonly outputs: Float32Array;
  readonly bias: Float32Array;
  /** By which scores are divided before they become probabilities, above 0. */
  readonly temperature: number;
}

/** Scores of all classes for a message. */
export function scoreEmbedded(
  { width, features, steps, components, outputs, bias }: FeatureEmbedding,
  rowOf: ReadonlyMap<number, number>,
  message: FeatureVector,
): Float64Array {
  const sum = new Float64Array(width);
  message.features.forEach((feature, nth) => {
    const row = rowOf.get(feature);
    if (row === undefined || row >= features.length) return;
    const value = (message.values[nth] ?? 0) * (steps[row] ?? 0);
    for (let at = 0; at < width; at++) sum[at] = (sum[at] ?? 0) + value * (components[row * width + at] ?? 0);
  });
  return Float64Array.from(bias, (start, label) =>
    sum.reduce((score, value, at) => score + value * (outputs[label * width + at] ?? 0), start),
  );
}

/** Where the vector of each feature stands. */
export function rowsOf({ features }: Pick<FeatureEmbedding, 'features'>): ReadonlyMap<number, number> {
  return new Map(Array.from(features, (feature, row) => [feature, row]));
}

/** Makes what tells how like the classes a message is. */
export function createEmbedded(embedding: FeatureEmbedding): (message: FeatureVector) => Likeness {
  const rowOf = rowsOf(embedding);
  return (message) => likenessOf(scoreEmbedded(embedding, rowOf, message), embedding.temperature);
}

/** Turns scores into probabilities; class 0 is `none`, and no likeness to an intent. */
export function likenessOf(scores: Float64Array, temperature: number): Likeness {
  const shares = scores.map((score) => score / temperature);
  softmax(shares);
  return {
    shares,
    nearest: shares.reduce((most, share, label) => (label === 0 ? 0 : Math.max(most, share)), 0),
  };
}
