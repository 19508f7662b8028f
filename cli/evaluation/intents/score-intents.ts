import { NONE_INTENT } from '../../../src/contracts/intent.ts';
import { areaUnderCurve } from '../area-under-curve.ts';

/** What the classifier made of one message of a test. */
export interface IntentPrediction {
  readonly text: string;
  /** The right intent; `none` when the message is out of scope. */
  readonly label: string;
  /** The likeliest intent, whatever the threshold. */
  readonly best: string;
  /** The next. */
  readonly second: string;
  /** Calibrated probability of the likeliest intent, in [0, 1]. */
  readonly confidence: number;
  /** How sure it is that the message is one of the intents at all: what the threshold is held against. */
  readonly scope: number;
  /** What it says after the threshold: an intent or `none`. */
  readonly said: string;
}

/** Figures of a test of intents; shares in [0, 1], null where the test has no message to measure them on. */
export interface IntentScores {
  readonly inScope: number;
  readonly outOfScope: number;
  /** Share of messages in scope whose likeliest intent is right. */
  readonly accuracy: number | null;
  /** The same after the threshold: saying none is wrong. */
  readonly accuracyAtThreshold: number | null;
  /** Share of messages out of scope to which it says none. */
  readonly outOfScopeRecall: number | null;
  /** Chance that a message in scope gets a higher score than one out of scope. */
  readonly outOfScopeAuroc: number | null;
  /** Right of all messages, `none` being right for those out of scope. */
  readonly accuracyOfAll: number | null;
  /** Matthews correlation over all labels, `none` among them (R_K of Gorodkin 2004, as HINT3 uses it). */
  readonly mcc: number | null;
  /** The threshold at which the correlation is best on this very test, as published tables give it, and what it gives there. */
  readonly bestMcc: {
    readonly threshold: number;
    readonly mcc: number;
    readonly accuracy: number | null;
    readonly outOfScopeRecall: number | null;
  };
  /** Largest share of the messages in scope that can be answered with 95 % of the answers right. */
  readonly coverageAt95: number | null;
  /** Expected calibration error of the likeliest intent over messages in scope, 15 bins of equal width. */
  readonly calibrationError: number | null;
}

const BINS = 15;

/** Measures predictions; says what of them is right, and how well the confidence tells. */
export function scoreIntents(predictions: readonly IntentPrediction[]): IntentScores {
  const known = predictions.filter(({ label }) => label !== NONE_INTENT);
  const foreign = predictions.filter(({ label }) => label === NONE_INTENT);
  return {
    inScope: known.length,
    outOfScope: foreign.length,
    accuracy: share(known, ({ best, label }) => best === label),
    accuracyAtThreshold: share(known, ({ said, label }) => said === label),
    outOfScopeRecall: share(foreign, ({ said }) => said === NONE_INTENT),
    outOfScopeAuroc: areaUnderCurve(
      known.map(({ scope }) => scope),
      foreign.map(({ scope }) => scope),
    ),
    accuracyOfAll: share(predictions, ({ said, label }) => said === label),
    mcc: matthews(predictions.map(({ label, said }) => [label, said])),
    bestMcc: bestMatthews(predictions),
    coverageAt95: coverage(known, 0.95),
    calibrationError: calibrationError(known),
  };
}

function share<T>(list: readonly T[], holds: (entry: T) => boolean): number | null {
  return list.length === 0 ? null : list.filter(holds).length / list.length;
}

/** Correlation of right and given labels over many classes; null when either side is always the same. */
export function matthews(pairs: readonly (readonly [label: string, said: string])[]): number | null {
  const labels = new Map<string, number>();
  const said = new Map<string, number>();
  let right = 0;
  for (const [label, given] of pairs) {
    labels.set(label, (labels.get(label) ?? 0) + 1);
    said.set(given, (said.get(given) ?? 0) + 1);
    if (label === given) right++;
  }
  let both = 0;
  for (const [label, count] of labels) both += count * (said.get(label) ?? 0);
  const squares = (counts: ReadonlyMap<string, number>): number =>
    [...counts.values()].reduce((sum, count) => sum + count * count, 0);
  const total = pairs.length * pairs.length;
  const spread = (total - squares(labels)) * (total - squares(said));
  return spread <= 0 ? null : (right * pairs.length - both) / Math.sqrt(spread);
}

function bestMatthews(predictions: readonly IntentPrediction[]): IntentScores['bestMcc'] {
  let best: IntentScores['bestMcc'] = { threshold: 0, mcc: -1, accuracy: null, outOfScopeRecall: null };
  for (let step = 0; step <= 100; step++) {
    const threshold = step / 100;
    const said = predictions.map((one) => ({ ...one, said: one.scope < threshold ? NONE_INTENT : one.best }));
    const mcc = matthews(said.map(({ label, said: given }) => [label, given])) ?? -1;
    if (mcc <= best.mcc) continue;
    const known = said.filter(({ label }) => label !== NONE_INTENT);
    const foreign = said.filter(({ label }) => label === NONE_INTENT);
    best = {
      threshold,
      mcc,
      accuracy: share(known, (one) => one.said === one.label),
      outOfScopeRecall: share(foreign, (one) => one.said === NONE_INTENT),
    };
  }
  return best;
}

/** Largest share of the most confident predictions of which the given share is right. */
export function coverage(
  predictions: readonly Pick<IntentPrediction, 'confidence' | 'best' | 'label'>[],
  precision: number,
): number | null {
  if (predictions.length === 0) return null;
  const sorted = [...predictions].sort((left, right) => right.confidence - left.confidence);
  let right = 0;
  let most = 0;
  sorted.forEach(({ best, label }, at) => {
    if (best === label) right++;
    if (right / (at + 1) >= precision) most = at + 1;
  });
  return most / predictions.length;
}

function calibrationError(predictions: readonly IntentPrediction[]): number | null {
  if (predictions.length === 0) return null;
  const bins = Array.from({ length: BINS }, () => ({ confidence: 0, right: 0 }));
  for (const { confidence, best, label } of predictions) {
    const bin = bins[Math.min(BINS - 1, Math.floor(confidence * BINS))];
    if (bin === undefined) continue;
    bin.confidence += confidence;
    if (best === label) bin.right++;
  }
  return bins.reduce((sum, bin) => sum + Math.abs(bin.confidence - bin.right), 0) / predictions.length;
}
