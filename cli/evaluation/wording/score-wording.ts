import type { Share } from '../share.ts';
import { percentile, roundTo, shareOf, shareWhere } from '../share.ts';
import type { JudgedSide, WordingFate, WordingVerdict } from './judge-wording.ts';

/** A figure of the extracts and of the worded answers to the same questions. */
export interface Compared<T> {
  readonly extract: T;
  readonly worded: T;
}

/** The figures of extracts and worded answers. */
export interface WordingScores {
  readonly questions: number;
  /** Answers out of the pages; the shares below are of them. */
  readonly fromPages: number;
  /** Answers that differ from the extract. */
  readonly worded: Share;
  /** Answers that were to be worded and show the extract. */
  readonly fallenBack: Share;
  /** How many answers met each fate; fates of none are left out. */
  readonly fates: { readonly [Fate in WordingFate]?: number };
  /** Mean F1 of answers to questions with a reference or facts; null of none. */
  readonly overlap: Compared<number | null>;
  /** The same, of worded answers alone. */
  readonly overlapOfWorded: Compared<number | null>;
  /** Answers with all facts, of the answered questions that name some. */
  readonly facts: Compared<Share>;
  /** Tokens of worded answers for a token of their extracts; null of none. */
  readonly lengthRatio: number | null;
  /** Statements of worded answers whose `[n]` stand for a passage that has what they say. */
  readonly citationsExact: Share;
  readonly refusalsRight: Compared<Share>;
  readonly refusalsFalse: Compared<Share>;
  /** Statements that no passage supports, of those that the generator wrote: before the check of them. */
  readonly unsupportedBefore: Share;
  /** How many of them for each reason. */
  readonly unsupportedFor: { readonly [kind: string]: number };
  /** Worded answers that are worse than the extract. */
  readonly worse: Share;
  readonly firstTextMs: Compared<{ readonly p50: number; readonly p95: number }>;
  readonly tokensPerSecond: number;
}

/** Adds up verdicts. */
export function scoreWording(verdicts: readonly WordingVerdict[]): WordingScores {
  const pages = verdicts.filter(({ fate }) => fate !== 'not-from-pages');
  const worded = verdicts.filter(({ fate }) => fate === 'worded');
  const tokens = (of: (verdict: WordingVerdict) => JudgedSide): number =>
    worded.reduce((sum, verdict) => sum + of(verdict).length, 0);
  const exact = worded.flatMap(({ citationsExact }) => citationsExact ?? []);
  const written = verdicts.flatMap((verdict) => verdict.written);
  const speeds = verdicts.flatMap(({ tokensPerSecond }) => (tokensPerSecond > 0 ? [tokensPerSecond] : []));
  return {
    questions: verdicts.length,
    fromPages: pages.length,
    worded: shareOf(worded.length, pages.length),
    fallenBack: shareWhere(pages, ({ fate }) => !KEPT.has(fate)),
    fates: countBy(verdicts.map(({ fate }) => fate)),
    overlap: overlapOf(verdicts),
    overlapOfWorded: overlapOf(worded),
    facts: compare(verdicts, (sides) =>
      shareWhere(
        sides.filter(({ verdict }) => verdict.missingFacts !== null),
        ({ verdict }) => verdict.missingFacts?.length === 0,
      ),
    ),
    lengthRatio:
      worded.length === 0
        ? null
        : roundTo(
            tokens(({ worded: side }) => side) /
              Math.max(
                1,
                tokens(({ extract }) => extract),
              ),
            3,
          ),
    citationsExact: shareOf(
      exact.reduce((sum, { count }) => sum + count, 0),
      exact.reduce((sum, { of }) => sum + of, 0),
    ),
    refusalsRight: compare(verdicts, (sides) =>
      shareWhere(
        sides.filter(({ verdict }) => !verdict.test.isAnswerable),
        ({ verdict }) => verdict.isDecisionRight,
      ),
    ),
    refusalsFalse: compare(verdicts, (sides) =>
      shareWhere(
        sides.filter(({ verdict }) => verdict.test.isAnswerable),
        ({ verdict }) => !verdict.isDecisionRight,
      ),
    ),
    unsupportedBefore: shareWhere(written, ({ reasons }) => reasons.length > 0),
    unsupportedFor: countBy(written.flatMap(({ reasons }) => reasons[0]?.kind ?? [])),
    worse: shareWhere(worded, ({ losses }) => losses.length > 0),
    firstTextMs: compare(pages, (sides) => {
      const times = sides.flatMap(({ answered }) => answered.firstTextMs ?? []);
      return { p50: roundTo(percentile(times, 0.5), 1), p95: roundTo(percentile(times, 0.95), 1) };
    }),
    tokensPerSecond: roundTo(percentile(speeds, 0.5), 0),
  };
}

/** Fates of answers that did not fall back: worded, word for word the extract, or nothing to word. */
const KEPT: ReadonlySet<WordingFate> = new Set<WordingFate>(['worded', 'as-extract', 'no-prose']);

function compare<T>(
  verdicts: readonly WordingVerdict[],
  measure: (sides: readonly JudgedSide[]) => T,
): Compared<T> {
  return {
    extract: measure(verdicts.map(({ extract }) => extract)),
    worded: measure(verdicts.map(({ worded }) => worded)),
  };
}

/** Of questions that both have answered, so that the same are compared. */
function overlapOf(verdicts: readonly WordingVerdict[]): Compared<number | null> {
  const both = verdicts.filter(({ extract, worded }) => extract.overlap !== null && worded.overlap !== null);
  return compare(both, (sides) => meanOf(sides.flatMap(({ overlap }) => overlap ?? [])));
}

function meanOf(figures: readonly number[]): number | null {
  return figures.length === 0
    ? null
    : roundTo(figures.reduce((sum, figure) => sum + figure, 0) / figures.length, 3);
}

function countBy<Name extends string>(names: readonly Name[]): { readonly [key in Name]?: number } {
  const counts: { [key in Name]?: number } = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
