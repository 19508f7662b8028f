import { segmentWords } from '../text/segment-words.ts';
import type { AlikeTest } from './alike-terms.ts';
import type { ScoredPassage } from './search.ts';

const SAME_SHARE = 0.92;
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

/** Reports whether all numbers of one set are in the other; two prices make two passages. */
function haveSameNumbers(left: ReadonlySet<string>, right: ReadonlySet<string>): boolean {
  for (const word of left) if (/\d/.test(word) && !right.has(word)) return false;
  return true;
}

function haveSameWords(words: ReadonlySet<string>, more: ReadonlySet<string>): boolean {
  return (
    sharedShare(words, more) >= SAME_SHARE && haveSameNumbers(words, more) && haveSameNumbers(more, words)
  );
}

/** Keeps the first of passages that say the same (nearly all words and all numbers alike), up to a limit. */
export function collapseDuplicates(
  ranked: readonly ScoredPassage[],
  limit: number,
  alikeTest: AlikeTest,
): ScoredPassage[] {
  const kept: ScoredPassage[] = [];
  const known = new Map<ScoredPassage, ReadonlySet<string>>();
  const wordsOf = (scored: ScoredPassage): ReadonlySet<string> => {
    const words = known.get(scored) ?? wordSet(scored);
    known.set(scored, words);
    return words;
  };
  for (const [at, scored] of ranked.entries()) {
    if (kept.length >= limit) break;
    const isAlike = at >= COMPARED ? () => false : alikeTest(scored.number);
    if (!kept.some((one) => isAlike(one.number) && haveSameWords(wordsOf(one), wordsOf(scored))))
      kept.push(scored);
  }
  return kept;
}
