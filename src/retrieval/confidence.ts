import { GATE_SIZE } from './index-format.ts';
import type { Query } from './query.ts';
import type { ScoredPassage } from './search.ts';

/**
 * Weights of the gate before a bundle adjusts them: bias, then one a signal of {@link gateSignals}.
 * Fitted on questions with and without their document; the bias once more on the demo's own, when the ranking changed.
 */
export const DEFAULT_GATE: readonly number[] = [-1.39, 1, -0.7, 2.2, -0.1, 2.6, 0.3, -1.2, 0.7];

/**
 * What speaks for an answer in the best passages, each about 0 to 1: coverage of the best passage, of its best sentence,
 * strength, likeness to head, likeness to a question, share of unknown words.
 */
export function gateSignals(query: Query, ranked: readonly ScoredPassage[]): number[] {
  const best = ranked[0];
  if (best === undefined) return [0, 0, 0, 0, 0, 1, 1, 0];
  let total = 0;
  let unknown = 0;
  for (const term of query.terms) {
    total += term.weight * term.rarity;
    if (term.matches.length === 0) unknown += term.weight * term.rarity;
  }
  return [
    best.coverage,
    best.sentenceCoverage,
    Math.min(1, best.strength * 1.5),
    best.headCoverage,
    best.questionMatch,
    total > 0 ? unknown / total : 1,
    best.heaviestMissing,
    Math.min(1, total / 15),
  ];
}

/** Log odds that the best passages answer the question. */
export function gateLogOdds(gate: ArrayLike<number>, signals: readonly number[]): number {
  let sum = gate[0] ?? 0;
  for (let at = 1; at < GATE_SIZE; at++) sum += (gate[at] ?? 0) * (signals[at - 1] ?? 0);
  return sum;
}

/** Estimated probability that the best passages answer the question. */
export function gateConfidence(gate: ArrayLike<number>, signals: readonly number[]): number {
  return 1 / (1 + Math.exp(-gateLogOdds(gate, signals)));
}

/** Confidence from which on a question counts as answered by the pages. */
export const ANSWERABLE_FROM = 0.5;
