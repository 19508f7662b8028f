import type { Passage } from '../../src/contracts/passage.ts';
import { flattenText, namesDocument } from './judge-answer.ts';
import type { TestQuestion } from './question-set.ts';

/** Reports whether a passage is one that a row of a question set names; false when it names none. */
export function isGoldPassage(test: TestQuestion, passage: Passage): boolean {
  const { articles, sections } = test;
  if (!articles.some((article) => namesDocument(article, passage.documentId))) return false;
  if (sections.length === 0) return true;
  const headings = passage.headings.length === 0 ? [passage.title, ''] : passage.headings;
  const held = new Set(headings.map(flattenText));
  return sections.some((section) => held.has(flattenText(section)));
}

/** Where a passage lies as far as a row tells places apart: its document, or its heading there. */
export function placeOfPassage(test: TestQuestion, passage: Passage): string {
  return test.sections.length === 0
    ? passage.documentId
    : JSON.stringify([passage.documentId, ...passage.headings]);
}
