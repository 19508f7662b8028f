import type { Passage } from '../../src/contracts/passage.ts';
import type { Retriever } from '../../src/contracts/retrieval.ts';
import type { DraftedQuestion } from './drafted-question.ts';

/** A question that a page answers, but with which the page is not found. */
export interface HiddenAnswer extends DraftedQuestion {
  /** 1-based place of the page among the documents found; null when it is not among them. */
  readonly place: number | null;
  /** What comes first in its stead; null when nothing does. */
  readonly instead: Passage | null;
  /** True when the search would say that the pages do not answer it. */
  readonly isRefused: boolean;
}

/** Asks the search every drafted question and keeps those whose own page does not come first, or that are turned away. */
export function findHidden(
  retriever: Retriever,
  drafted: readonly DraftedQuestion[],
  options: { readonly signal: AbortSignal; readonly onProgress?: (done: number) => void },
): readonly HiddenAnswer[] {
  return drafted.flatMap((one, at): HiddenAnswer[] => {
    options.signal.throwIfAborted();
    options.onProgress?.(at);
    const { ranked, isAnswerable } = retriever.search(one.question, { language: one.language, limit: 10 });
    const documents = [...new Set(ranked.map(({ passage }) => passage.documentId))];
    const place = documents.indexOf(one.documentId) + 1;
    if (place === 1 && isAnswerable) return [];
    const instead = place === 1 ? null : (ranked[0]?.passage ?? null);
    return [{ ...one, place: place === 0 ? null : place, instead, isRefused: !isAnswerable }];
  });
}
