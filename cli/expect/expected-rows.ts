import { createHash } from 'node:crypto';
import type { Passage } from '../../src/contracts/passage.ts';
import { isStringArray } from '../../src/contracts/json.ts';
import { readJsonLines } from '../evaluation/question-set.ts';
import type { JsonLine } from '../evaluation/question-set.ts';
import { sourceError } from '../ingest/source-error.ts';
import { acceptQuestions } from './accept-questions.ts';

/** Questions that are expected of visitors, for one passage: a line of the file, see docs/formats/expected-questions.md. */
export interface ExpectedRow {
  /** Id of the passage's document. */
  readonly document: string;
  /** Headings above the passage, outermost first, without the title. */
  readonly headings: readonly string[];
  /** {@link digestPassage} of the passage as it was when the questions were written; '' where people wrote them. */
  readonly passage: string;
  /** One line each, each once. */
  readonly questions: readonly string[];
}

const DIGEST_LENGTH = 16;

/** The first hexadecimal digits of the SHA-256 of a value as JSON. */
export function shortDigest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, DIGEST_LENGTH);
}

/** What tells whether a passage is still the one that questions were written for: 16 hexadecimal digits. */
export function digestPassage({ title, headings, text }: Passage): string {
  return shortDigest([title, headings, text]);
}

/**
 * Reads a file of expected questions. Questions that are no question's shape, such as whole pages, are left out.
 * @throws UnderstudyError `cli/not-found`, `cli/source-invalid` with file and line.
 */
export function readExpectedRows(path: string): ExpectedRow[] {
  return readJsonLines(path, 'file of expected questions').map(parseExpectedRow);
}

function parseExpectedRow({ value, place }: JsonLine): ExpectedRow {
  const { document, headings = [], passage = '', questions } = value;
  if (typeof document !== 'string' || document === '')
    throw sourceError(place, '"document" is no id of a document');
  if (!isStringArray(headings)) throw sourceError(place, '"headings" is no list of texts');
  if (typeof passage !== 'string') throw sourceError(place, '"passage" is no text');
  if (!isStringArray(questions)) throw sourceError(place, '"questions" is no list of texts');
  return { document, headings, passage, questions: acceptQuestions(questions) };
}

/** Writes a row as a line. */
export function formatExpectedRow({ document, headings, passage, questions }: ExpectedRow): string {
  return `${JSON.stringify({ document, headings, passage, questions })}\n`;
}
