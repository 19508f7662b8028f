import { dotPacked, type PackedVectors } from '../bytes/packed-vectors.ts';
import { softmax } from './logistic-regression.ts';
import type { MessageScores } from './message-scores.ts';
import type { IntentSense } from './sense-model.ts';

/** Shares under this say no more than that it is out of the question. */
const LEAST_SHARE = 1e-6;

/** What the words say of a message together with its vector: the product of the two, each to the power of its weight. */
export function scoreWithSense(
  words: MessageScores,
  sense: IntentSense,
  vector: Float32Array,
): MessageScores {
  const scores = scoreSense(sense, vector);
  return {
    probabilities: fuseShares(words.probabilities, scores, sense.wordsWeight, sense.senseWeight),
    nearest: jointNearest(words.nearest, nearestOf(sense.examples, vector)),
  };
}

/** How near a message is to intents by its words and by its meaning, in [0, 1]. */
export function jointNearest(words: number, sense: number): number {
  return (words + sense) / 2;
}

/** Score of every class for the vector of a message. */
export function scoreSense(
  { bias, weights }: Pick<IntentSense, 'bias' | 'weights'>,
  vector: Float32Array,
): Float64Array {
  return Float64Array.from(bias, (value, label) => value + dotPacked(weights, label, vector));
}

/** Probabilities in proportion to `exp(wordsWeight · log share + senseWeight · score)`. */
export function fuseShares(
  shares: Float64Array,
  scores: Float64Array,
  wordsWeight: number,
  senseWeight: number,
): Float64Array {
  const fused = scores.map(
    (score, at) => wordsWeight * Math.log(Math.max(LEAST_SHARE, shares[at] ?? 0)) + senseWeight * score,
  );
  softmax(fused);
  return fused;
}

/** Cosine to the nearest of some vectors, in [0, 1]. */
export function nearestOf(examples: PackedVectors, vector: Float32Array): number {
  let nearest = 0;
  for (let row = 0; row < examples.scales.length; row += 1)
    nearest = Math.max(nearest, dotPacked(examples, row, vector));
  return Math.min(1, nearest);
}
