import type { Passage } from '../../src/contracts/passage.ts';

/** The passages of each document, both in order. */
export function pagesOf(passages: readonly Passage[]): ReadonlyMap<string, readonly Passage[]> {
  const pages = new Map<string, Passage[]>();
  for (const passage of passages) {
    const page = pages.get(passage.documentId);
    if (page === undefined) pages.set(passage.documentId, [passage]);
    else page.push(passage);
  }
  return pages;
}
