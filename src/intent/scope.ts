import type { MessageScores } from './message-scores.ts';

/**
 * Where the odds of being an intent at all stand: at `center`, half of the messages are one; `width` is how far from there they are three of four.
 * Both in log odds.
 */
export interface ScopeScale {
  readonly center: number;
  readonly width: number;
}

/** What tells how sure it is that a message is an intent at all. */
export interface ScopeRule {
  /** Null: the probability of the likeliest intent tells, as in models of before. */
  readonly scopeScale: ScopeScale | null;
  /** Share of the nearest example, in [0, 1]. */
  readonly neighborScope: number;
}

/** Least probability that is told apart. */
const LEAST = 1e-12;

/**
 * Log odds that a message is any of the intents, by the probability of `none`: what the intents' scores come to before they share a
 * probability of 1 (the energy of Liu et al. 2020), over that of `none`. A message between two intents has it high, where the
 * probability of the likeliest is low.
 */
export function scopeOdds(probabilities: Float64Array): number {
  const none = Math.max(LEAST, probabilities[0] ?? 0);
  let some = 0;
  for (let label = 1; label < probabilities.length; label++) some += probabilities[label] ?? 0;
  return Math.log(Math.max(LEAST, some)) - Math.log(none);
}

/**
 * How sure it is that a message is an intent at all, in [0, 1].
 * @param confidence - Probability of the likeliest intent.
 */
export function scopeScore(rule: ScopeRule, scores: MessageScores, confidence: number): number {
  const { scopeScale, neighborScope } = rule;
  const own =
    scopeScale === null
      ? confidence
      : 1 / (1 + Math.exp((scopeScale.center - scopeOdds(scores.probabilities)) / scopeScale.width));
  return (1 - neighborScope) * own + neighborScope * scores.nearest;
}

/**
 * Finds the scale at which odds tell messages in scope from others best, as many of the ones as of the others (two normal
 * distributions of one width).
 * @returns Null where they tell nothing.
 */
export function fitScopeScale(inside: readonly number[], outside: readonly number[]): ScopeScale | null {
  if (inside.length === 0 || outside.length === 0) return null;
  const mean = (list: readonly number[]): number => list.reduce((sum, value) => sum + value, 0) / list.length;
  const [high, low] = [mean(inside), mean(outside)];
  const spread = (list: readonly number[], middle: number): number =>
    mean(list.map((value) => (value - middle) ** 2));
  const width = (spread(inside, high) + spread(outside, low)) / 2 / (high - low);
  return high > low && width > 0 ? { center: (high + low) / 2, width } : null;
}
