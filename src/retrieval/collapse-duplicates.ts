import { segmentWords } from '../text/segment-words.ts';
import type { ScoredPassage } from './search.ts';

const SAME_SHARE = 0.92;
/** Share of index terms from which on two passages are compared word by word; stop words are no terms. */
const ALIKE_SHARE = 0.85;
/** Passages compared with each other; those further down are hardly ever shown. */
const COMPARED = 20;

function wordSet(scored: ScoredPassage): ReadonlySet<string> {
  const { title, headings, text } = scored.passage;
  return new Set(segmentWords([title, ...headings, text].join('\n')));
}

/** Share of the words of two sets that both hold (Jaccard). */
function sharedShare(left: ReadonlySet<string>, right: ReadonlySet<string>): number {
  let both = 0;
  for (const word of left) if (right.has(word)) both++;
  return both / Math.max(1, left.size + right.size - both);
}

/** The same of two ascending lists, each without repeats. */
function sharedTerms(left: Int32Array, right: Int32Array): number {
  let both = 0;
  for (let at = 0, other = 0; at < left.length && other < right.length;) {
    const difference = (left[at] ?? 0) - (right[other] ?? 0);
    if (difference === 0) both++;
    if (difference <= 0) at++;
    if (difference >= 0) other++;
  }
  return both / Math.max(1, left.length + right.length - both);
}

/** Reports whether all numbers of one set are in the other; two prices make two passages. */
function haveSameNumbers(left: ReadonlySet<string>, right: ReadonlySet<string>): boolean {
  for (const word of left) if (/\d/.test(word) && !right.has(word)) return false;
  return true;
}

function isSame(left: ScoredPassage, right: ScoredPassage): boolean {
  const [some, others] = [left.vocabulary, right.vocabulary];
  if (Math.min(some.length, others.length) < ALIKE_SHARE * Math.max(some.length, others.length)) return false;
  if (sharedTerms(some, others) < ALIKE_SHARE) return false;
  const [words, more] = [wordSet(left), wordSet(right)];
  return (
    sharedShare(words, more) >= SAME_SHARE && haveSameNumbers(words, more) && haveSameNumbers(more, words)
  );
}

/** Keeps the first of passages that say the same (nearly all words and all numbers alike), up to a limit. */
export function collapseDuplicates(ranked: readonly ScoredPassage[], limit: number): ScoredPassage[] {
  const kept: ScoredPassage[] = [];
  for (const [at, scored] of ranked.entries()) {
    if (kept.length >= limit) break;
    if (at >= COMPARED || !kept.some((one) => isSame(one, scored))) kept.push(scored);
  }
  return kept;
}
