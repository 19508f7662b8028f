import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { UnderstudyError } from '../../src/contracts/errors.ts';
import { isRecord, isStringArray } from '../../src/contracts/json.ts';
import { decodeText } from '../ingest/decode-text.ts';
import type { SourcePlace } from '../ingest/source-error.ts';
import { sourceError } from '../ingest/source-error.ts';

/** One question with what a right answer must hold. */
export interface TestQuestion {
  readonly id: string;
  readonly question: string;
  readonly language: string;
  /** False: the pages do not answer it, and the right answer says so. */
  readonly isAnswerable: boolean;
  /** Documents that answer it, by id or by its last part; any of them is right. Empty: not judged. Of an unanswerable one: pages near it. */
  readonly articles: readonly string[];
  /** Headings of those documents under which the answer stands, any of them; '' is the text before the first. Empty: any place is right. */
  readonly sections: readonly string[];
  /** Pieces the answer must contain; white space and case do not count. A piece may list ways to say it with `|`. */
  readonly facts: readonly string[];
  /** A good answer in words, to compare with; '' when there is none. */
  readonly reference: string;
  /** Label to group by. */
  readonly kind: string;
  /** Label of the part of the set it belongs to; '' when it has none. */
  readonly split: string;
  /** Earlier questions of the conversation, oldest first. */
  readonly history: readonly string[];
}

/** A line of a JSONL file. */
export interface JsonLine {
  readonly value: { readonly [name: string]: unknown };
  readonly place: SourcePlace;
}

/**
 * Reads a question set: JSONL of {id, question, lang, answerable, articles, sections, facts, reference, kind, split, history};
 * only `question` is required.
 * @throws UnderstudyError `cli/not-found`, `cli/source-invalid` with file and line.
 */
export function readQuestionSet(path: string): TestQuestion[] {
  const lines = readJsonLines(path, 'question set');
  const questions = lines.map(parseTestQuestion);
  refuseRepeats(
    questions.map(({ id }) => id),
    lines,
  );
  return questions;
}

/**
 * Reads the objects of a JSONL file with their places; empty lines do not count.
 * @param what - How messages name the file.
 * @throws UnderstudyError `cli/not-found`, `cli/source-invalid` with file and line, also for an empty file.
 */
export function readJsonLines(path: string, what: string): JsonLine[] {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) {
    throw new UnderstudyError('cli/not-found', `The ${what} "${path}" does not exist.`, { facts: { path } });
  }
  const file = basename(path);
  const text = decodeText(readFileSync(path), file).replace(/^\ufeff/, '');
  const lines = text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return [];
    const place = { file, line: index + 1 };
    const value = readLine(line, place);
    if (!isRecord(value)) throw sourceError(place, 'the line is no object');
    return [{ value, place }];
  });
  if (lines.length > 0) return lines;
  throw sourceError({ file }, `the ${what} is empty`);
}

/** Accepts one row of a question set. @throws UnderstudyError `cli/source-invalid` with file and line. */
export function parseTestQuestion({ value, place }: JsonLine): TestQuestion {
  const { question, answerable = true } = value;
  if (typeof question !== 'string' || question.trim() === '')
    throw sourceError(place, '"question" is missing');
  if (typeof answerable !== 'boolean') throw sourceError(place, '"answerable" is neither true nor false');
  const text = (name: 'id' | 'lang' | 'reference' | 'kind' | 'split'): string => {
    const found = value[name] ?? '';
    if (name === 'id' && typeof found === 'number') return String(found);
    if (typeof found !== 'string') throw sourceError(place, `"${name}" is no text`);
    return found;
  };
  const list = (name: 'articles' | 'sections' | 'facts' | 'history'): readonly string[] => {
    const found = value[name] ?? [];
    if (!isStringArray(found)) throw sourceError(place, `"${name}" is no list of texts`);
    return found;
  };
  const parsed = {
    id: text('id') === '' ? String(place.line ?? '') : text('id'),
    question,
    language: text('lang') === '' ? 'en' : text('lang'),
    isAnswerable: answerable,
    articles: list('articles'),
    sections: list('sections'),
    facts: list('facts'),
    reference: text('reference'),
    kind: text('kind'),
    split: text('split'),
    history: list('history'),
  };
  if (!answerable && parsed.facts.length > 0)
    throw sourceError(place, 'it is not answerable, yet names facts that answer it');
  if (parsed.sections.length > 0 && parsed.articles.length === 0)
    throw sourceError(place, '"sections" are named, but no "articles"');
  return parsed;
}

/** Refuses ids that come twice. @throws UnderstudyError `cli/source-invalid` at the second. */
export function refuseRepeats(ids: readonly string[], lines: readonly JsonLine[]): void {
  const seen = new Map<string, SourcePlace>();
  ids.forEach((id, at) => {
    const place = lines[at]?.place ?? { file: '' };
    const first = seen.get(id);
    if (first !== undefined)
      throw sourceError(place, `the id "${id}" stands in line ${first.line ?? '?'} already`);
    seen.set(id, place);
  });
}

function readLine(line: string, place: SourcePlace): unknown {
  try {
    const value: unknown = JSON.parse(line);
    return value;
  } catch (error) {
    throw sourceError(place, 'the line is no JSON', error);
  }
}
