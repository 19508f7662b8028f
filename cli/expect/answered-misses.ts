import type { Passage } from '../../src/contracts/passage.ts';
import { parseIndex } from '../../src/retrieval/index-format.ts';
import { prepareQuery } from '../../src/retrieval/query.ts';
import { openIndex } from '../../src/retrieval/search-index.ts';
import { createSearcher } from '../../src/retrieval/search.ts';

/** Likeness to a question of the owner, by words, from which on its answer is one to a near miss as well. */
const SAME_QUESTION = 0.75;
/** Answered near misses that a remark shows. */
const MOST_SHOWN = 3;

/** Passages without the near misses that a question of the owner answers, and those. */
export interface UnansweredMisses {
  readonly passages: readonly Passage[];
  readonly answered: readonly string[];
}

/**
 * Leaves out near misses that a question with its answer answers, on whatever page it stands: it may have come after they were written.
 *
 * @param index - The index of these passages, as `buildIndex` makes it; near misses are no part of it.
 */
export function leaveOutAnswered(passages: readonly Passage[], index: Uint8Array): UnansweredMisses {
  if (passages.every(({ nearMisses = [] }) => nearMisses.length === 0)) return { passages, answered: [] };
  const opened = openIndex(parseIndex(index), passages);
  const searcher = createSearcher(opened, passages);
  const isAnswered = (question: string, language: string): boolean =>
    searcher
      .rank(prepareQuery(opened, question, [], language), { language, pageUrl: null, withoutDocument: null })
      .some(({ questionMatch }) => questionMatch >= SAME_QUESTION);
  const answered: string[] = [];
  const kept = passages.map((passage): Passage => {
    const { nearMisses, ...rest } = passage;
    if (nearMisses === undefined) return passage;
    const left: string[] = [];
    for (const question of nearMisses)
      (isAnswered(question, passage.language) ? answered : left).push(question);
    return left.length > 0 ? { ...rest, nearMisses: left } : rest;
  });
  return { passages: kept, answered };
}

/** What an owner should know of them. */
export function answeredRemarks(answered: readonly string[]): string[] {
  if (answered.length === 0) return [];
  const shown = answered.slice(0, MOST_SHOWN).map((question) => `"${question}"`);
  const more = answered.length > MOST_SHOWN ? ' …' : '';
  return [
    `near misses that a question of yours answers were left out (${answered.length}): ${shown.join(', ')}${more}`,
  ];
}
