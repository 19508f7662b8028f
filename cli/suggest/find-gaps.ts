import type { Passage } from '../../src/contracts/passage.ts';
import type { Retriever } from '../../src/contracts/retrieval.ts';
import { analyzeText, isSingleCharacter, isUnspaced } from '../../src/retrieval/analyze.ts';
import { isFiller } from '../../src/retrieval/filler-words.ts';
import { segmentWords } from '../../src/text/segment-words.ts';

/** A question of a visitor, or of the owner's own set. */
export interface AskedQuestion {
  readonly question: string;
  readonly language: string;
  /** Where it comes from: the set, the outbox, an intent. */
  readonly origin: string;
  readonly history: readonly string[];
}

/** A question that no page answers. */
export interface UnansweredQuestion extends AskedQuestion {
  /** The passage that comes closest; null when nothing is alike. */
  readonly closest: Passage | null;
  readonly confidence: number;
}

/** Questions without an answer that are about one thing. */
export interface Gap {
  /** The word they share; '' of a question that shares none. */
  readonly word: string;
  readonly questions: readonly UnansweredQuestion[];
}

/** Words of time and size: questions that share one share no topic. */
const MEASURES: ReadonlySet<string> = new Set(
  'second seconds minute minutes hour hours day days week weeks month months year years longer shorter bigger smaller cheaper'.split(
    ' ',
  ),
);
/** A word in a larger share of the pages says little about a question: it names what all of them are about. */
const COMMON_SHARE = 0.2;

/** Finds the questions that the search turns away, and gathers those that share a word, the largest groups first. */
export function findGaps(
  { retriever, passages }: { readonly retriever: Retriever; readonly passages: readonly Passage[] },
  asked: readonly AskedQuestion[],
): readonly Gap[] {
  const seen = new Set<string>();
  const open = asked.flatMap((one): UnansweredQuestion[] => {
    const key = one.question.trim().toLowerCase();
    if (seen.has(key)) return [];
    seen.add(key);
    // Thanks and "ok" ask nothing.
    if (contentWords(one, new Set()).size === 0) return [];
    const { language, history } = one;
    const { ranked, isAnswerable, confidence } = retriever.search(one.question, { language, history });
    return isAnswerable ? [] : [{ ...one, closest: ranked[0]?.passage ?? null, confidence }];
  });
  return gather(open, commonTerms(passages));
}

function gather(open: readonly UnansweredQuestion[], common: ReadonlySet<string>): readonly Gap[] {
  const words = new Map(open.map((one) => [one, contentWords(one, common)]));
  const gaps: Gap[] = [];
  let left = [...open];
  for (;;) {
    const counts = new Map<string, number>();
    for (const one of left)
      for (const word of words.get(one)?.keys() ?? []) counts.set(word, (counts.get(word) ?? 0) + 1);
    const [best] = [...counts].sort(([a, most], [b, least]) => least - most || (a < b ? -1 : 1));
    if (best === undefined || best[1] < 2) break;
    const [term] = best;
    const questions = left.filter((one) => words.get(one)?.has(term) === true);
    const [first] = questions;
    gaps.push({ word: (first === undefined ? undefined : words.get(first)?.get(term)) ?? term, questions });
    left = left.filter((one) => words.get(one)?.has(term) !== true);
  }
  return [...gaps, ...left.map((one) => ({ word: '', questions: [one] }))];
}

/** Terms of what a question is about, each with the word that is written for it. */
function contentWords(
  { question, language }: AskedQuestion,
  common: ReadonlySet<string>,
): ReadonlyMap<string, string> {
  const words = new Map<string, string>();
  for (const word of segmentWords(question)) {
    const [term] = analyzeText(word, language);
    if (term === undefined || isSingleCharacter(term) || common.has(term) || /^\d/.test(term)) continue;
    const isTalk =
      MEASURES.has(word) || isFiller(term) || (isUnspaced(term) && Array.from(term).some(isFiller));
    if (!isTalk && !words.has(term)) words.set(term, word);
  }
  return words;
}

function commonTerms(passages: readonly Passage[]): ReadonlySet<string> {
  const pages = new Map<string, Set<string>>();
  for (const { documentId, text, title, language } of passages) {
    const terms = pages.get(documentId) ?? new Set();
    for (const term of analyzeText(`${title}\n${text}`, language)) terms.add(term);
    pages.set(documentId, terms);
  }
  const counts = new Map<string, number>();
  for (const terms of pages.values()) for (const term of terms) counts.set(term, (counts.get(term) ?? 0) + 1);
  const least = Math.max(3, pages.size * COMMON_SHARE);
  return new Set([...counts].filter(([, count]) => count > least).map(([term]) => term));
}
