import type { Passage } from '../../src/contracts/passage.ts';
import { digestPassage } from './expected-rows.ts';
import type { ExpectedRow } from './expected-rows.ts';

/** Passages with the questions that are expected of visitors. */
export interface Attached {
  readonly passages: readonly Passage[];
  readonly questions: number;
  /** Passages without any. */
  readonly lacking: number;
  /** Rows whose passage says something else by now; their questions went to the place where it stood. */
  readonly changed: number;
  /** Rows whose place is gone. */
  readonly gone: number;
}

/**
 * Gives each passage its questions: those that were written for its text, else those of its place, by document and headings, where the
 * text has changed since.
 */
export function attachExpected(passages: readonly Passage[], rows: readonly ExpectedRow[]): Attached {
  const placeOf = (document: string, headings: readonly string[]): string =>
    JSON.stringify([document, headings]);
  const byText = new Map<string, Passage>();
  const byPlace = new Map<string, Passage[]>();
  for (const passage of passages) {
    byText.set(`${passage.documentId} ${digestPassage(passage)}`, passage);
    const place = placeOf(passage.documentId, passage.headings);
    byPlace.set(place, [...(byPlace.get(place) ?? []), passage]);
  }
  const questionsOf = new Map<Passage, string[]>();
  const give = (passage: Passage, questions: readonly string[]): void => {
    questionsOf.set(passage, [...(questionsOf.get(passage) ?? []), ...questions]);
  };
  const others = rows.filter((row) => {
    const passage = byText.get(`${row.document} ${row.passage}`);
    if (passage !== undefined) give(passage, row.questions);
    return passage === undefined;
  });
  const written = new Set(questionsOf.keys());
  let changed = 0;
  let gone = 0;
  for (const { document, headings, passage: digest, questions } of others) {
    const there = byPlace.get(placeOf(document, headings)) ?? [];
    // Of several passages at one place, one that nothing was written for.
    const passage = there.find((one) => !written.has(one)) ?? there[0];
    if (passage === undefined) gone += 1;
    else {
      give(passage, questions);
      if (digest !== '') changed += 1;
    }
  }
  const attached = passages.map((passage): Passage => {
    const known = new Set(passage.questions.map((question) => question.toLowerCase()));
    const expected = (questionsOf.get(passage) ?? []).filter((question) => {
      const key = question.toLowerCase();
      if (known.has(key)) return false;
      known.add(key);
      return true;
    });
    return expected.length === 0 ? passage : { ...passage, expected };
  });
  return {
    passages: attached,
    questions: attached.reduce((sum, { expected = [] }) => sum + expected.length, 0),
    lacking: attached.filter(({ expected = [] }) => expected.length === 0).length,
    changed,
    gone,
  };
}

/** What an owner should know of a file of expected questions. */
export function expectedRemarks({ passages, lacking, changed, gone }: Attached): string[] {
  return [
    ...(lacking > 0 ? [`${lacking} of ${passages.length} passages have no expected questions`] : []),
    ...(changed > 0 ? [`expected questions of ${changed} passages were written for an earlier text`] : []),
    ...(gone > 0 ? [`expected questions of ${gone} places that are no more were left out`] : []),
  ].map((remark) => `${remark}; "understudy expect" writes what is missing`);
}
