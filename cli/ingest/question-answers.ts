import { createHash } from 'node:crypto';
import { CsvError, parse } from 'csv-parse/sync';
import { isRecord } from '../../src/contracts/json.ts';
import { cleanLine, cleanText } from './clean-text.ts';
import { readMarkdown } from './markdown.ts';
import { paragraphBlock } from './source-document.ts';
import type { Section } from './source-document.ts';
import { sourceError } from './source-error.ts';

/** A question with its answer, one row of a CSV or JSONL file. */
export interface QuestionAnswer {
  /** Digest of language and question: stays when rows are moved. */
  readonly key: string;
  readonly question: string;
  readonly sections: readonly Section[];
  readonly language: string | null;
  readonly tags: readonly string[];
  readonly url: string | null;
}

const COLUMNS: { readonly [name: string]: string } = {
  question: 'question',
  q: 'question',
  frage: 'question',
  问题: 'question',
  answer: 'answer',
  a: 'answer',
  antwort: 'answer',
  答案: 'answer',
  回答: 'answer',
  language: 'language',
  lang: 'language',
  tags: 'tags',
  url: 'url',
  link: 'url',
};

/**
 * Reads a CSV file with a head row: question, answer and optionally language, tags (separated by commas) and url.
 * Separators comma, semicolon and tab are recognized by the head row.
 * @throws UnderstudyError `cli/source-invalid` with file, line and column.
 */
export function readCsv(source: string, file: string): QuestionAnswer[] {
  const text = cleanText(source);
  const head = text.slice(0, text.indexOf('\n') === -1 ? undefined : text.indexOf('\n'));
  const delimiter = [',', ';', '\t'].reduce(
    (best, mark) => (count(head, mark) > count(head, best) ? mark : best),
    ',',
  );
  const [columns, ...rows] = readRecords(text, delimiter, file);
  if (columns === undefined) return [];
  const names = columns.record.map((name) => COLUMNS[cleanLine(name).toLowerCase()] ?? '');
  for (const needed of ['question', 'answer']) {
    if (!names.includes(needed))
      throw sourceError({ file, line: 1, column: 1 }, `the head row has no column "${needed}"`);
  }
  return rows.flatMap(({ record, line }) => {
    const cell = (name: string): string => record[names.indexOf(name)] ?? '';
    if (record.every((value) => value.trim() === '')) return [];
    const pair = {
      question: cell('question'),
      answer: cell('answer'),
      language: cell('language'),
      url: cell('url'),
    };
    return [makePair({ ...pair, tags: cell('tags').split(',') }, file, line)];
  });
}

/**
 * Reads a JSONL file: one object a line with question, answer and optionally language, tags (list) and url.
 * @throws UnderstudyError `cli/source-invalid` with file, line and column.
 */
export function readJsonl(source: string, file: string): QuestionAnswer[] {
  return cleanText(source)
    .split('\n')
    .flatMap((line, index) => {
      if (line.trim() === '') return [];
      const value = parseLine(line, file, index + 1);
      if (!isRecord(value))
        throw sourceError({ file, line: index + 1, column: 1 }, 'the line is no JSON object');
      const text = (name: string): string => {
        const found = value[name];
        return typeof found === 'string' ? found : '';
      };
      const tags = Array.isArray(value['tags']) ? value['tags'].filter((tag) => typeof tag === 'string') : [];
      const language = text('language') === '' ? text('lang') : text('language');
      const pair = { question: text('question'), answer: text('answer'), language, url: text('url'), tags };
      return [makePair(pair, file, index + 1)];
    });
}

interface RawPair {
  readonly question: string;
  readonly answer: string;
  readonly language: string;
  readonly url: string;
  readonly tags: readonly string[];
}

function makePair(raw: RawPair, file: string, line: number): QuestionAnswer {
  const question = cleanLine(raw.question);
  const language = cleanLine(raw.language);
  if (question === '') throw sourceError({ file, line }, 'the question is empty');
  if (raw.answer.trim() === '') throw sourceError({ file, line }, `the answer to "${question}" is empty`);
  const { title, sections } = readMarkdown(raw.answer);
  return {
    key: createHash('sha256').update(`${language}\n${question}`).digest('hex').slice(0, 10),
    question,
    // What reads as the title of a page is a part of the answer here.
    sections: title === null ? sections : [{ headings: [], blocks: [paragraphBlock(title)] }, ...sections],
    language: language === '' ? null : language,
    tags: raw.tags.map((tag) => cleanLine(tag).toLowerCase()).filter((tag) => tag !== ''),
    url: cleanLine(raw.url) === '' ? null : cleanLine(raw.url),
  };
}

interface CsvRecord {
  readonly record: readonly string[];
  /** Line on which the record begins. */
  readonly line: number;
}

function readRecords(text: string, delimiter: string, file: string): CsvRecord[] {
  try {
    const rows: unknown = parse(text, {
      delimiter,
      relax_column_count: true,
      skip_empty_lines: true,
      info: true,
      trim: false,
    });
    if (!Array.isArray(rows)) return [];
    let line = 1;
    return rows.flatMap((row: unknown) => {
      const record: unknown = isRecord(row) ? row['record'] : undefined;
      const info: unknown = isRecord(row) ? row['info'] : undefined;
      if (!Array.isArray(record)) return [];
      const begin = line;
      if (isRecord(info) && typeof info['lines'] === 'number') line = info['lines'] + 1;
      return [{ record: record.map((cell: unknown) => String(cell)), line: begin }];
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = typeof error['lines'] === 'number' ? error['lines'] : 1;
    const column = typeof error['column'] === 'number' ? error['column'] + 1 : 1;
    throw sourceError({ file, line, column }, `no valid CSV: ${error.message}`, error);
  }
}

function parseLine(line: string, file: string, number: number): unknown {
  try {
    const value: unknown = JSON.parse(line);
    return value;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const column = Number(/position (\d+)/.exec(message)?.[1] ?? 0) + 1;
    throw sourceError({ file, line: number, column }, `no valid JSON: ${message}`, error);
  }
}

function count(text: string, mark: string): number {
  return text.split(mark).length - 1;
}
