import type { Passage } from '../../src/contracts/passage.ts';
import { isStringArray } from '../../src/contracts/json.ts';
import { readJsonLines } from '../evaluation/question-set.ts';
import type { JsonLine } from '../evaluation/question-set.ts';
import { sourceError } from '../ingest/source-error.ts';
import { acceptQuestions } from './accept-questions.ts';
import { shortDigest } from './expected-rows.ts';

/** Questions that come near to a page and that no page answers: a line of the file, see docs/formats/near-misses.md. */
export interface NearMissRow {
  /** Id of the document. */
  readonly document: string;
  /** {@link digestPage} of the page as it was when the questions were written; '' where people wrote them. */
  readonly page: string;
  /** One line each, each once. */
  readonly questions: readonly string[];
}

/** Most near misses of one page. */
export const MAX_NEAR_MISSES = 96;

/** What tells whether a page is still the one that questions were written for: 16 hexadecimal digits. @param passages - All of the page. */
export function digestPage(passages: readonly Passage[]): string {
  return shortDigest(passages.map(({ title, headings, text }) => [title, headings, text]));
}

/**
 * Reads a file of near misses. Questions that are no question's shape, such as whole pages, are left out.
 * @throws UnderstudyError `cli/not-found`, `cli/source-invalid` with file and line.
 */
export function readNearMissRows(path: string): NearMissRow[] {
  return readJsonLines(path, 'file of near misses').map(parseNearMissRow);
}

function parseNearMissRow({ value, place }: JsonLine): NearMissRow {
  const { document, page = '', questions } = value;
  if (typeof document !== 'string' || document === '')
    throw sourceError(place, '"document" is no id of a document');
  if (typeof page !== 'string') throw sourceError(place, '"page" is no text');
  if (!isStringArray(questions)) throw sourceError(place, '"questions" is no list of texts');
  return { document, page, questions: acceptQuestions(questions, MAX_NEAR_MISSES) };
}

/** Writes a row as a line. */
export function formatNearMissRow({ document, page, questions }: NearMissRow): string {
  return `${JSON.stringify({ document, page, questions })}\n`;
}
