import type { Verdict } from './judge-answer.ts';

/** A share with what it is a share of; `share` is null of nothing. */
export interface Share {
  readonly count: number;
  readonly of: number;
  readonly share: number | null;
}

/** The figures of one evaluation. */
export interface Scores {
  readonly questions: number;
  /** Right document first; among the first three. */
  readonly recallAt1: Share;
  readonly recallAt3: Share;
  /** Mean reciprocal rank of the first right document among ten; null of nothing. */
  readonly meanReciprocalRank: number | null;
  /** Answers that contain all facts, of the answerable questions with facts; a refusal counts as lacking them. */
  readonly factsContained: Share;
  /** Unanswerable questions for which nothing of the pages was given. */
  readonly refusalsRight: Share;
  /** Answerable questions that were refused or handed over. */
  readonly refusalsFalse: Share;
  /** Answers with citations that cite a right document. */
  readonly citationsRight: Share;
  readonly worded: Share;
  readonly errors: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
}

/** Adds up verdicts. */
export function scoreVerdicts(verdicts: readonly Verdict[]): Scores {
  const ranked = verdicts.flatMap(({ rank }) => (rank === null ? [] : [rank]));
  const answerable = verdicts.filter(({ test }) => test.isAnswerable);
  const unanswerable = verdicts.filter(({ test }) => !test.isAnswerable);
  const withFacts = answerable.filter(({ test }) => test.facts.length > 0);
  const judgedSources = verdicts.filter(({ isSourceRight }) => isSourceRight !== null);
  const times = verdicts.map(({ answered }) => answered.milliseconds).sort((a, b) => a - b);
  const reciprocals = ranked.reduce((sum, rank) => sum + (rank === 0 ? 0 : 1 / rank), 0);
  return {
    questions: verdicts.length,
    recallAt1: shareOf(ranked.filter((rank) => rank === 1).length, ranked.length),
    recallAt3: shareOf(ranked.filter((rank) => rank >= 1 && rank <= 3).length, ranked.length),
    meanReciprocalRank: ranked.length === 0 ? null : round(reciprocals / ranked.length),
    factsContained: shareOf(
      withFacts.filter(({ missingFacts }) => missingFacts?.length === 0).length,
      withFacts.length,
    ),
    refusalsRight: shareOf(
      unanswerable.filter(({ isDecisionRight }) => isDecisionRight).length,
      unanswerable.length,
    ),
    refusalsFalse: shareOf(
      answerable.filter(({ isDecisionRight }) => !isDecisionRight).length,
      answerable.length,
    ),
    citationsRight: shareOf(
      judgedSources.filter(({ isSourceRight }) => isSourceRight).length,
      judgedSources.length,
    ),
    worded: shareOf(verdicts.filter(({ answered }) => answered.worded).length, verdicts.length),
    errors: verdicts.filter(({ answered }) => answered.code !== null).length,
    p50Ms: percentile(times, 0.5),
    p95Ms: percentile(times, 0.95),
  };
}

function shareOf(count: number, of: number): Share {
  return { count, of, share: of === 0 ? null : round(count / of) };
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}

/** The nearest-rank percentile of sorted figures; 0 of nothing. */
function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}
