import type { Passage } from '../../src/contracts/passage.ts';
import { flattenText } from './contains-fact.ts';
import type { TestQuestion } from './question-set.ts';

/** What of a bundle is right for one row of a question set. */
export interface GoldPlaces {
  /** Right passages, in index order; none of an unanswerable question. */
  readonly passages: readonly Passage[];
  /** Where a passage lies as far as the row tells places apart: its document, or its headings there. */
  readonly placeOf: (passage: Passage) => string;
  /** Articles and sections that the bundle does not have. */
  readonly lacking: readonly string[];
}

/**
 * Finds the passages that a row names: all of its articles, or, in those that have one of the sections it names, these sections.
 * An article without any of them is right at every place, so that a row may name a second article beside the sections of a first.
 */
export function findGoldPlaces(test: TestQuestion, passages: readonly Passage[]): GoldPlaces {
  const { articles, sections } = test;
  const named = passages.filter(({ documentId }) =>
    articles.some((article) => namesDocument(article, documentId)),
  );
  const wanted = sections.map(flattenText);
  const inSection = named.filter((passage) =>
    headingsOf(passage).some((heading) => wanted.includes(heading)),
  );
  const narrowed = new Set(inSection.map(({ documentId }) => documentId));
  const isRight = new Set(inSection);
  const held = new Set(named.flatMap(headingsOf));
  return {
    passages: test.isAnswerable
      ? named.filter((passage) => isRight.has(passage) || !narrowed.has(passage.documentId))
      : [],
    placeOf: ({ documentId, headings }) =>
      sections.length === 0 ? documentId : JSON.stringify([documentId, ...headings]),
    lacking: [
      ...articles.filter((article) => !named.some(({ documentId }) => namesDocument(article, documentId))),
      ...(named.length === 0 ? [] : sections.filter((section) => !held.has(flattenText(section)))),
    ],
  };
}

/** Reports whether an article name of a question set means a document: its id, the last parts of it, or the file or folder it is in. */
export function namesDocument(article: string, documentId: string): boolean {
  const name = article.replace(/\.(?:md|markdown|mdx|html?|txt)$/i, '').replace(/^\/+|\/+$/g, '');
  return `/${documentId}/`.includes(`/${name}/`);
}

/** Headings above a passage; before the first, the title and the empty heading. */
function headingsOf({ headings, title }: Passage): readonly string[] {
  return headings.length === 0 ? ['', flattenText(title)] : headings.map(flattenText);
}
