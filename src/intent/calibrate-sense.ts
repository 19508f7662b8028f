import type { HeldOutPrediction } from './calibrate.ts';
import {
  fitScope,
  fitTemperature,
  fitThreshold,
  judgeShares,
  leastOf,
  meanLoss,
  probabilitiesOf,
} from './calibrate.ts';
import { fuseShares } from './score-sense.ts';
import type { IntentSense } from './sense-model.ts';

/** How words and vectors are joined, and when the label is said. */
export type SenseCalibration = Pick<
  IntentSense,
  'wordsWeight' | 'senseWeight' | 'threshold' | 'scopeShare' | 'scopeScale'
>;

/** An example as models see it that were not trained on it. */
export interface FusedPrediction extends Pick<HeldOutPrediction, 'label' | 'isForeign'> {
  /** Probabilities by the words, calibrated. */
  readonly words: Float64Array;
  /** Scores by the vectors. */
  readonly scores: Float64Array;
  readonly nearest: number;
}

const SHARES = [0, 0.2, 0.35, 0.5, 0.6, 0.7, 0.8, 0.9, 1] as const;
/** Where there is nothing to calibrate on. */
const USUAL: SenseCalibration = {
  wordsWeight: 0.4,
  senseWeight: 0.6,
  threshold: 0.5,
  scopeShare: 0.5,
  scopeScale: null,
};

/**
 * Chooses the share of the vectors by the least loss, each share at its own temperature, then scope and threshold as
 * `calibrate` does.
 * @param harmless - Labels that do no harm when they are wrong.
 */
export function calibrateSense(
  predictions: readonly FusedPrediction[],
  harmless: ReadonlySet<number>,
): SenseCalibration {
  const known = predictions.filter(({ isForeign }) => !isForeign);
  if (known.length === 0) return USUAL;
  const own = fitTemperature(known);
  const joined = SHARES.map((share) => {
    const scored = known.map(({ words, scores, label }) => ({
      label,
      scores: fuseShares(words, scores, 1 - share, share / own).map(Math.log),
    }));
    const temperature = fitTemperature(scored);
    const loss = meanLoss(
      scored.map(({ scores, label }) => ({ shares: probabilitiesOf(scores, temperature), label })),
    );
    return { wordsWeight: (1 - share) / temperature, senseWeight: share / (own * temperature), loss };
  });
  const least = leastOf(
    joined.map((_, at) => at),
    (at) => joined[at]?.loss ?? Infinity,
  );
  const { wordsWeight, senseWeight } = joined[least] ?? USUAL;
  const judged = predictions.map((one) =>
    judgeShares(one, fuseShares(one.words, one.scores, wordsWeight, senseWeight), one.nearest),
  );
  const scope = fitScope(judged, true);
  const threshold = fitThreshold(judged, scope, harmless);
  return {
    wordsWeight,
    senseWeight,
    threshold,
    scopeShare: scope.neighborScope,
    scopeScale: scope.scopeScale,
  };
}
