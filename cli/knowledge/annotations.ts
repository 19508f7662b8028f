import { basename } from 'node:path';
import { cleanText } from '../ingest/clean-text.ts';
import { sourceError } from '../ingest/source-error.ts';
import type { DifyApi } from './dify-api.ts';
import { unreachable } from './dify-api.ts';
import { readPages } from './read-pages.ts';
import { readRecords } from './read-records.ts';

/** A question of the app with its answer word for word. */
export interface Annotation {
  readonly question: string;
  readonly answer: string;
}

const QUESTION = ['question', 'q', '问题', 'content', 'query'];
const ANSWER = ['answer', 'a', '答案', '回答'];

/**
 * Reads annotations from a file: JSON, JSONL or CSV with `question` and `answer`, as Dify exports them.
 * @throws UnderstudyError `cli/not-found`, `cli/source-invalid`.
 */
export function readAnnotations(path: string): readonly Annotation[] {
  const file = basename(path);
  return unique(
    readRecords(path).map(({ value, line }) => {
      const annotation = toAnnotation(value);
      if (annotation !== null) return annotation;
      const place = line === null ? { file } : { file, line, column: 1 };
      throw sourceError(place, 'an annotation has no "question" or no "answer"');
    }),
  );
}

/**
 * Pulls the annotations of an app.
 * @throws UnderstudyError `dify/unreachable`; the signal's reason when aborted.
 */
export async function pullAnnotations(api: DifyApi): Promise<readonly Annotation[]> {
  const path = '/apps/annotations';
  const annotations: Annotation[] = [];
  for await (const { rows } of readPages(api, path)) {
    for (const row of rows) {
      const annotation = toAnnotation(row);
      if (annotation === null) throw unreachable(path, 'a row has no question or no answer');
      annotations.push(annotation);
    }
  }
  return unique(annotations);
}

function toAnnotation(row: Record<string, unknown>): Annotation | null {
  const find = (names: readonly string[]): string => {
    const value = names
      .map((name) => row[name])
      .find((cell) => typeof cell === 'string' && cell.trim() !== '');
    return typeof value === 'string' ? cleanText(value).trim() : '';
  };
  const question = find(QUESTION);
  const answer = find(ANSWER);
  return question === '' || answer === '' ? null : { question, answer };
}

/** The first answer to a question counts. */
function unique(annotations: readonly Annotation[]): readonly Annotation[] {
  const byQuestion = new Map<string, Annotation>();
  for (const annotation of annotations)
    if (!byQuestion.has(annotation.question)) byQuestion.set(annotation.question, annotation);
  return [...byQuestion.values()];
}
