import { softmax } from './logistic-regression.ts';
import type { Likeness } from './likeness.ts';
import { mixShares } from './score-model.ts';
import { fitScopeScale, scopeOdds, type ScopeRule, scopeScore } from './scope.ts';

/** An example as a model sees it that was not trained on it. */
export interface HeldOutPrediction {
  readonly scores: Float64Array;
  /** What speaks for the classes beside the linear model; null where nothing does. */
  readonly likeness: Likeness | null;
  /** Its class; 0 is `none`. */
  readonly label: number;
  /** Whether the model knew no example of its class: it is out of scope for it, as a message that fits no intent. */
  readonly isForeign: boolean;
}

/** What turns scores into decisions. */
export interface Calibration extends ScopeRule {
  readonly temperature: number;
  readonly threshold: number;
  readonly neighborShare: number;
}

const GOLDEN = (Math.sqrt(5) - 1) / 2;
const SHARES = [0, 0.1, 0.2, 0.35, 0.5, 0.7] as const;
const SCOPES = [0, 0.2, 0.35, 0.5, 0.65] as const;
const LEAST_THRESHOLD = 0.1;
const MOST_THRESHOLD = 0.9;
/** What a wrong label costs where a right one gains 1 and silence nothing. */
const COST_OF_WRONG = 0.5;
/** The same for a label given to a message out of scope: intents a model never saw are nearer to the rest than what visitors ask besides. */
const COST_OF_FOREIGN = 0.5;

/** Gives the probabilities of scores at a temperature. */
export function probabilitiesOf(scores: Float64Array, temperature: number): Float64Array {
  const scaled = scores.map((score) => score / temperature);
  softmax(scaled);
  return scaled;
}

/** Mean logarithmic loss. */
export function meanLoss(list: readonly { readonly shares: Float64Array; readonly label: number }[]): number {
  let sum = 0;
  for (const { shares, label } of list) sum -= Math.log(Math.max(1e-12, shares[label] ?? 0));
  return sum / Math.max(1, list.length);
}

/** Finds the temperature of least loss by golden-section search over its logarithm. */
export function fitTemperature(known: readonly Pick<HeldOutPrediction, 'scores' | 'label'>[]): number {
  const lossAt = (logarithm: number): number =>
    meanLoss(
      known.map(({ scores, label }) => ({ shares: probabilitiesOf(scores, Math.exp(logarithm)), label })),
    );
  let [low, high] = [Math.log(0.05), Math.log(10)];
  for (let step = 0; step < 20; step++) {
    const left = high - GOLDEN * (high - low);
    const right = low + GOLDEN * (high - low);
    if (lossAt(left) < lossAt(right)) high = right;
    else low = left;
  }
  return Math.exp((low + high) / 2);
}

/** A message with the probabilities it is given. */
export interface Judged {
  readonly label: number;
  readonly isForeign: boolean;
  readonly shares: Float64Array;
  /** The likeliest intent; 0 where there is none. */
  readonly best: number;
  readonly confidence: number;
  readonly nearest: number;
}

/** Takes the likeliest intent of a message. */
export function judgeShares(
  { label, isForeign }: Pick<HeldOutPrediction, 'label' | 'isForeign'>,
  shares: Float64Array,
  nearest: number,
): Judged {
  let best = 0;
  for (let at = 1; at < shares.length; at++)
    if (best === 0 || (shares[at] ?? 0) > (shares[best] ?? 0)) best = at;
  return { label, isForeign, shares, best, confidence: best === 0 ? 0 : (shares[best] ?? 0), nearest };
}

function judge(prediction: HeldOutPrediction, temperature: number, neighborShare: number): Judged {
  const own = probabilitiesOf(prediction.scores, temperature);
  const near = prediction.likeness?.shares ?? null;
  const shares = near === null ? own : mixShares(own, near, neighborShare);
  return judgeShares(prediction, shares, prediction.likeness?.nearest ?? 0);
}

function isOutside({ label, isForeign }: Judged): boolean {
  return isForeign || label === 0;
}

function scopeOf({ shares, confidence, nearest }: Judged, rule: ScopeRule): number {
  return scopeScore(rule, { probabilities: shares, nearest }, confidence);
}

/** Chance that a message in scope scores higher than one out of scope; 0.5 where there is none of either. */
function separation(judged: readonly Judged[], rule: ScopeRule): number {
  const sorted = judged
    .map((one) => ({ scope: scopeOf(one, rule), isOut: isOutside(one) }))
    .sort((left, right) => left.scope - right.scope);
  let [below, sum, inside] = [0, 0, 0];
  for (const { isOut } of sorted) {
    if (isOut) below++;
    else {
      sum += below;
      inside++;
    }
  }
  return below === 0 || inside === 0 ? 0.5 : sum / (below * inside);
}

/**
 * Finds the threshold at which labels do most good: a right label counts 1, a wrong one costs a half, over the messages in scope; a
 * label for a message out of scope costs a half, over those. Silence counts nothing.
 */
export function fitThreshold(
  judged: readonly Judged[],
  rule: ScopeRule,
  harmless: ReadonlySet<number>,
): number {
  const outside = judged.filter(isOutside).length;
  const inside = judged.length - outside;
  const worth = judged
    .map((one) => {
      const { best, shares, label } = one;
      const scope = scopeOf(one, rule);
      // The model itself says none: no threshold changes that.
      if ((shares[0] ?? 0) > (shares[best] ?? 0)) return { scope, gain: 0 };
      if (isOutside(one)) return { scope, gain: harmless.has(best) ? 0 : -COST_OF_FOREIGN / outside };
      const wrong = harmless.has(best) ? 0 : -COST_OF_WRONG;
      return { scope, gain: (best === label ? 1 : wrong) / inside };
    })
    .sort((left, right) => right.scope - left.scope);
  let [sum, most, threshold] = [0, 0, MOST_THRESHOLD];
  worth.forEach(({ scope, gain }, at) => {
    sum += gain;
    const next = worth[at + 1]?.scope ?? 0;
    if (sum <= most || next === scope) return;
    most = sum;
    threshold = (scope + next) / 2;
  });
  return Math.min(MOST_THRESHOLD, Math.max(LEAST_THRESHOLD, threshold));
}

/**
 * Chooses temperature, shares of the neighbors and threshold on predictions of held-out examples.
 * @param harmless - Labels that do no harm when they are wrong.
 */
export function calibrate(
  predictions: readonly HeldOutPrediction[],
  harmless: ReadonlySet<number>,
): Calibration {
  const known = predictions.filter(({ isForeign }) => !isForeign);
  if (known.length === 0)
    return {
      temperature: 1,
      threshold: LEAST_THRESHOLD,
      neighborShare: 0,
      neighborScope: 0,
      scopeScale: null,
    };
  const temperature = fitTemperature(known);
  const hasNeighbors = predictions.some(({ likeness }) => likeness !== null);
  const neighborShare = hasNeighbors
    ? leastOf(SHARES, (share) =>
        meanLoss(known.map((one) => ({ shares: judge(one, temperature, share).shares, label: one.label }))),
      )
    : 0;
  const judged = predictions.map((one) => judge(one, temperature, neighborShare));
  const scope = fitScope(judged, hasNeighbors);
  return { temperature, threshold: fitThreshold(judged, scope, harmless), neighborShare, ...scope };
}

/**
 * Finds what tells messages in scope from others: the odds of being any intent; or, where `none` was learned from messages, the
 * probability of the likeliest intent, which has them in it. And the share of the nearest example at which the ones stand out most.
 * @param hasNeighbors - Whether there are examples that may be near.
 */
export function fitScope(judged: readonly Judged[], hasNeighbors: boolean): ScopeRule {
  const isNoneLearned = judged.some(({ label, isForeign }) => label === 0 && !isForeign);
  const oddsOf = (isWanted: (one: Judged) => boolean): number[] =>
    judged.filter(isWanted).map(({ shares }) => scopeOdds(shares));
  const scopeScale = isNoneLearned
    ? null
    : fitScopeScale(
        oddsOf((one) => !isOutside(one)),
        oddsOf(isOutside),
      );
  const ruleOf = (neighborScope: number): ScopeRule => ({ scopeScale, neighborScope });
  return ruleOf(hasNeighbors ? leastOf(SCOPES, (share) => -separation(judged, ruleOf(share))) : 0);
}

/** The choice of least cost; of several the first. */
export function leastOf(choices: readonly number[], cost: (choice: number) => number): number {
  const costs = choices.map(cost);
  return choices[costs.indexOf(Math.min(...costs))] ?? 0;
}
