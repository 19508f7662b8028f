import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { UnderstudyError } from '../../src/contracts/errors.ts';
import { isRecord, isStringArray } from '../../src/contracts/json.ts';
import { decodeText } from '../ingest/decode-text.ts';
import { sourceError } from '../ingest/source-error.ts';

/** One question with what a right answer must hold. */
export interface TestQuestion {
  readonly id: string;
  readonly question: string;
  readonly language: string;
  /** False: the pages do not answer it, and the right answer says so. */
  readonly isAnswerable: boolean;
  /** Documents that answer it, by id or by its last part; any of them is right. Empty: not judged. */
  readonly articles: readonly string[];
  /** Pieces the answer must contain; white space and case do not count. A piece may list ways to say it with `|`. */
  readonly facts: readonly string[];
  /** Label to group by. */
  readonly kind: string;
}

/**
 * Reads a question set: JSONL of {id, question, lang, answerable, articles, facts, kind}; only `question` is required.
 * @throws UnderstudyError `cli/not-found`, `cli/source-invalid` with file and line.
 */
export function readQuestionSet(path: string): TestQuestion[] {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) {
    throw new UnderstudyError('cli/not-found', `The question set "${path}" does not exist.`, {
      facts: { path },
    });
  }
  const file = basename(path);
  const lines = decodeText(readFileSync(path), file).split('\n');
  const questions = lines.flatMap((line, index) => {
    return line.trim() === '' ? [] : [parseTestQuestion(readLine(line, file, index + 1), file, index + 1)];
  });
  if (questions.length > 0) return questions;
  throw sourceError({ file }, 'the question set is empty');
}

function parseTestQuestion(value: unknown, file: string, line: number): TestQuestion {
  if (!isRecord(value)) throw sourceError({ file, line }, 'the line is no object');
  const { id, question, lang, answerable, articles, facts, kind } = value;
  if (typeof question !== 'string' || question.trim() === '')
    throw sourceError({ file, line }, '"question" is missing');
  for (const [name, list] of Object.entries({ articles, facts })) {
    if (list !== undefined && !isStringArray(list))
      throw sourceError({ file, line }, `"${name}" is no list of texts`);
  }
  return {
    id: typeof id === 'string' ? id : String(line),
    question,
    language: typeof lang === 'string' ? lang : 'en',
    isAnswerable: answerable !== false,
    articles: isStringArray(articles) ? articles : [],
    facts: isStringArray(facts) ? facts : [],
    kind: typeof kind === 'string' ? kind : '',
  };
}

function readLine(line: string, file: string, number: number): unknown {
  try {
    const value: unknown = JSON.parse(line);
    return value;
  } catch (error) {
    throw sourceError({ file, line: number }, 'the line is no JSON', error);
  }
}
