import type { Passage } from '../../src/contracts/passage.ts';
import { pagesOf } from '../ingest/pages-of.ts';
import type { NearMissRow } from './near-miss-rows.ts';
import { digestPage } from './near-miss-rows.ts';

/** Passages with the near misses of their pages. */
export interface AttachedMisses {
  readonly passages: readonly Passage[];
  readonly questions: number;
  /** Rows whose page says something else by now: it may answer them, so they were left out. */
  readonly changed: number;
  /** Rows whose page is gone. */
  readonly gone: number;
}

/** Gives the first passage of each page the near misses that were written for the page as it is, and those of people. */
export function attachNearMisses(passages: readonly Passage[], rows: readonly NearMissRow[]): AttachedMisses {
  const pages = pagesOf(passages);
  const questionsOf = new Map<Passage, Set<string>>();
  let [changed, gone] = [0, 0];
  for (const { document, page: digest, questions } of rows) {
    const page = pages.get(document) ?? [];
    const [first] = page;
    if (first === undefined) gone += 1;
    else if (digest !== '' && digest !== digestPage(page)) changed += 1;
    else questionsOf.set(first, new Set([...(questionsOf.get(first) ?? []), ...questions]));
  }
  let count = 0;
  const attached = passages.map((passage): Passage => {
    const own = questionsOf.get(passage);
    if (own === undefined) return passage;
    // What a passage expects is answered, whoever says otherwise.
    const answered = new Set(pages.get(passage.documentId)?.flatMap(({ expected = [] }) => expected));
    const nearMisses = [...own].filter((question) => !answered.has(question));
    count += nearMisses.length;
    return nearMisses.length === 0 ? passage : { ...passage, nearMisses };
  });
  return { passages: attached, questions: count, changed, gone };
}

/** What an owner should know of a file of near misses. */
export function nearMissRemarks({ changed, gone }: AttachedMisses): string[] {
  return [
    ...(changed > 0 ? [`near misses of ${changed} pages that have changed since were left out`] : []),
    ...(gone > 0 ? [`near misses of ${gone} pages that are no more were left out`] : []),
  ].map((remark) => `${remark}; "understudy expect --near-misses" writes them anew`);
}
