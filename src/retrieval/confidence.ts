import type { Passage } from '../contracts/passage.ts';
import { type Query, TELLING_WEIGHT } from './query.ts';
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
function gateSignals(query: Query, ranked: readonly ScoredPassage[]): number[] {
  const best = ranked[0];
  if (best === undefined) return [0, 0, 0, 0, 0, 1, 1, 0];
  let total = 0;
  let unknown = 0;
  for (const term of query.terms) {
    total += term.weight * term.rarity;
    if (term.matches.length === 0) unknown += term.weight * term.rarity;
  }
  return [
    best.ownCoverage,
    best.sentenceCoverage,
    Math.min(1, best.strength * 1.5),
    best.headCoverage,
    best.questionMatch,
    total > 0 ? unknown / total : 1,
    best.heaviestMissing,
    Math.min(1, total / 15),
  ];
}

/** How much the lead of the best passage counts, beside the weights of a bundle. */
const LEAD_WEIGHT = 4;
/** The document before which the best passage leads: the fifth, as one or two others may hold the answer, too. */
const FIELD = 5;
/** A lead before it that speaks neither for an answer nor against it. */
const USUAL_LEAD = 0.22;

/**
 * How much more than usual the best passage leads before the best one of the fifth document, or of the last where fewer were found: by what of its score and
 * one more. Scores are higher where meaning counts as well; among low ones a share alone says little. 0 where no other document was found.
 */
function leadOf(ranked: readonly ScoredPassage[]): number {
  const top = ranked[0]?.score ?? 0;
  const documents = new Set<string>();
  let last = top;
  for (const { passage, score } of ranked) {
    if (documents.size === FIELD) break;
    if (!documents.has(passage.documentId)) last = score;
    documents.add(passage.documentId);
  }
  // The usual lead grows with the logarithm of the number of documents, and is none before the first.
  const usual = USUAL_LEAD * (Math.log(Math.max(1, documents.size)) / Math.log(FIELD));
  return (top - last) / (1 + top) - usual;
}

/** How much it counts that a question means what one expected of the best passage means, and from where on it speaks for an answer. */
const EXPECTED_WEIGHT = 3;
const USUAL_LIKENESS = 0.49;
/** The same for a part of its text, where none are expected of the passage: those tell it better where they are. */
const TEXT_WEIGHT = 6;
const USUAL_TEXT_LIKENESS = 0.43;

/** How alike a question and the nearest near miss are, 0 to 1. */
export interface NearestMiss {
  /** By their words. */
  readonly words: number;
  /** In meaning; null where nothing is known of it. */
  readonly meaning: number | null;
}

/** What it counts that a near miss is nearer by its words than any expected question. */
const MISS_WORDS_WEIGHT = 8;
/** What it counts how much nearer in meaning the nearest expected question is, and from where on that speaks for an answer. */
const MISS_MEANING_WEIGHT = 6;
const USUAL_MISS_LEAD = 0.06;
/** More than this lead is told no better: the near misses are some of many that there could be. */
const MOST_MISS_LEAD = 0.2;

/** What the near misses speak for an answer, in log odds; nothing where the best passage expects no questions that they could be set against. */
function missLogOdds(nearest: NearestMiss, ranked: readonly ScoredPassage[]): number {
  if ((ranked[0]?.passage.expected ?? []).length === 0) return 0;
  let match = 0;
  let likeness = 0;
  for (const { expectedMatch, expectedLikeness } of ranked) {
    match = Math.max(match, expectedMatch);
    likeness = Math.max(likeness, expectedLikeness ?? 0);
  }
  const byWords = MISS_WORDS_WEIGHT * Math.min(0, match - nearest.words);
  if (nearest.meaning === null) return byWords;
  const lead = Math.min(MOST_MISS_LEAD, likeness - nearest.meaning);
  return byWords + MISS_MEANING_WEIGHT * (lead - USUAL_MISS_LEAD);
}

/**
 * Log odds that the best passages answer the question.
 * @param miss - Null where the bundle has no near misses.
 */
export function gateLogOdds(
  gate: ArrayLike<number>,
  query: Query,
  ranked: readonly ScoredPassage[],
  miss: NearestMiss | null = null,
): number {
  let sum = (gate[0] ?? 0) + LEAD_WEIGHT * leadOf(ranked);
  const likeness = ranked[0]?.expectedLikeness ?? null;
  if (likeness !== null) sum += EXPECTED_WEIGHT * (likeness - USUAL_LIKENESS);
  const meant = ranked[0]?.textLikeness ?? null;
  if (meant !== null) sum += TEXT_WEIGHT * (meant - USUAL_TEXT_LIKENESS);
  if (miss !== null) sum += missLogOdds(miss, ranked);
  gateSignals(query, ranked).forEach((signal, at) => {
    sum += (gate[at + 1] ?? 0) * signal;
  });
  return sum;
}

/** Estimated probability that the best passages answer the question. */
export function gateConfidence(
  gate: ArrayLike<number>,
  query: Query,
  ranked: readonly ScoredPassage[],
  miss: NearestMiss | null = null,
): number {
  return 1 / (1 + Math.exp(-gateLogOdds(gate, query, ranked, miss)));
}

/** Most that calibration moves the bias of a bundle's gate down, in log odds; the bundle may really be about one of the foreign questions. */
export const MAX_SHIFT = 0.8;

/**
 * The gate for a search of some passages alone. What calibration made stricter, because many passages hold the words of nearly every
 * question, is taken back as far as there are fewer of them: with the logarithm of their number, as the best of many scores grows with it.
 *
 * @param accepts - Which of the bundle's passages are searched; asked only where there is something to take back.
 */
export function narrowedGate(
  gate: ArrayLike<number>,
  passages: readonly Passage[],
  accepts: (passage: Passage) => boolean,
): ArrayLike<number> {
  const [bias = 0] = DEFAULT_GATE;
  const shift = Math.min(MAX_SHIFT, Math.max(0, bias - (gate[0] ?? 0)));
  if (shift === 0) return gate;
  const searched = passages.filter(accepts).length;
  const narrowed = Float32Array.from(gate);
  narrowed[0] = (gate[0] ?? 0) + shift * (1 - Math.log1p(searched) / Math.log1p(passages.length));
  return narrowed;
}

/** Confidence from which on a question counts as answered by the pages. */
export const ANSWERABLE_FROM = 0.5;

/** Likeness to an expected question from which on a single word is asked as visitors ask it. */
const USUAL_WORD = 0.6;
/** Most confidence in an answer to one other word, and to none: an unsure answer, and no answer. */
const MOST_OF_ONE_WORD = 0.65;
const MOST_OF_NO_WORD = 0.4;

/**
 * Most that can be known of a question that says hardly anything: one word that is no topic of the pages ("trade in", "yo bot") is held by some page whatever it
 * means there, and one of talk alone ("what can you do") by any. What asks for a kind of answer says more.
 */
export function mostConfidence({ terms, answerKind }: Query, ranked: readonly ScoredPassage[]): number {
  const telling = terms.filter(({ weight }) => weight >= TELLING_WEIGHT).length;
  if (answerKind !== null || telling > 1) return 1;
  if (telling === 0) return MOST_OF_NO_WORD;
  return (ranked[0]?.expectedMatch ?? 0) >= USUAL_WORD ? 1 : MOST_OF_ONE_WORD;
}
