import { readFileSync, statSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { CsvError, parse } from 'csv-parse/sync';
import { UnderstudyError } from '../../src/contracts/errors.ts';
import { isRecord } from '../../src/contracts/json.ts';
import { cleanLine, cleanText } from '../ingest/clean-text.ts';
import { decodeText } from '../ingest/decode-text.ts';
import { jsonErrorOffset } from './json-error-offset.ts';
import { lineAndColumn, sourceError } from '../ingest/source-error.ts';

/** Longest export, in bytes. */
export const MAX_EXPORT_BYTES: number = 256 * 1024 * 1024;

/** One row of an export. */
export interface ExportRecord {
  readonly value: Record<string, unknown>;
  /** 1-based; null where it is not known. */
  readonly line: number | null;
}

/** Lists in which an answer of the API, or an export made of several, holds its rows. */
const LISTS = ['data', 'segments', 'annotations', 'documents', 'items'];
/** Deepest list within lists: documents with segments. */
const MAX_LIST_DEPTH = 3;

/**
 * Reads the rows of an export: JSON (a list, or an object with `data`, `segments`, `annotations` or `documents`), JSONL, or CSV with a
 * head row. Rows of a document that holds its own `segments` get its name and id.
 * @throws UnderstudyError `cli/not-found`, `cli/source-invalid` with file, line and column.
 */
export function readRecords(path: string): readonly ExportRecord[] {
  const file = basename(path);
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats?.isFile() !== true) {
    throw new UnderstudyError('cli/not-found', `The export "${path}" does not exist.`, { facts: { path } });
  }
  if (stats.size > MAX_EXPORT_BYTES) throw sourceError({ file }, 'it is longer than 256 MB');
  const text = decodeText(readFileSync(path), file).replace(/^\ufeff/, '');
  switch (extname(path).toLowerCase()) {
    case '.json':
      return rowsOf(parseJson(text, file, 1), file, 0);
    case '.jsonl':
    case '.ndjson':
      return readLines(text, file);
    case '.csv':
    case '.tsv':
      return readTable(text, file);
    default:
      throw sourceError({ file }, 'it is none of .json, .jsonl, .csv and .tsv');
  }
}

function readLines(text: string, file: string): readonly ExportRecord[] {
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return [];
    const value = parseJson(line, file, index + 1);
    if (!isRecord(value))
      throw sourceError({ file, line: index + 1, column: 1 }, 'the line is no JSON object');
    return [{ value, line: index + 1 }];
  });
}

function rowsOf(value: unknown, file: string, depth: number): readonly ExportRecord[] {
  if (depth > MAX_LIST_DEPTH) throw sourceError({ file }, 'its lists are nested too deeply');
  if (Array.isArray(value)) {
    return value.flatMap((item: unknown) => {
      if (!isRecord(item)) throw sourceError({ file }, 'an element of its list is no object');
      const inner = LISTS.find((name) => Array.isArray(item[name]));
      if (inner === undefined) return [{ value: item, line: null }];
      const owner = {
        ...(typeof item['id'] === 'string' ? { document_id: item['id'] } : {}),
        ...(typeof item['name'] === 'string' ? { document_name: item['name'] } : {}),
      };
      return rowsOf(item[inner], file, depth + 1).map((row) => ({
        ...row,
        value: { ...owner, ...row.value },
      }));
    });
  }
  const inner = isRecord(value) ? LISTS.find((name) => Array.isArray(value[name])) : undefined;
  if (!isRecord(value) || inner === undefined) {
    throw sourceError({ file }, `it holds no list; known are ${LISTS.join(', ')}`);
  }
  return rowsOf(value[inner], file, depth + 1);
}

function parseJson(text: string, file: string, line: number): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const place = lineAndColumn(text, jsonErrorOffset(text));
    throw sourceError(
      { file, line: line + place.line - 1, column: place.column },
      `no valid JSON: ${message}`,
      error,
    );
  }
}

function readTable(source: string, file: string): readonly ExportRecord[] {
  const text = cleanText(source);
  const head = text.split('\n', 1)[0] ?? '';
  const count = (mark: string): number => head.split(mark).length;
  const delimiter = [',', ';', '\t'].reduce((best, mark) => (count(mark) > count(best) ? mark : best), ',');
  let rows: unknown;
  try {
    rows = parse(text, { delimiter, relax_column_count: true, skip_empty_lines: true, info: true });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = typeof error['lines'] === 'number' ? error['lines'] : 1;
    throw sourceError({ file, line, column: 1 }, `no valid CSV: ${error.message}`, error);
  }
  let begin = 1;
  const records = (Array.isArray(rows) ? rows : []).flatMap((row: unknown) => {
    const record: unknown = isRecord(row) ? row['record'] : null;
    const info: unknown = isRecord(row) ? row['info'] : null;
    if (!Array.isArray(record)) return [];
    const line = begin;
    if (isRecord(info) && typeof info['lines'] === 'number') begin = info['lines'] + 1;
    return [{ line, cells: record.map((cell: unknown) => String(cell)) }];
  });
  const [columns, ...rest] = records;
  const names = columns?.cells.map((name) => cleanLine(name).toLowerCase()) ?? [];
  return rest
    .filter(({ cells }) => cells.some((cell) => cell.trim() !== ''))
    .map(({ cells, line }) => ({
      line,
      value: Object.fromEntries(names.map((name, index) => [name, cells[index] ?? ''])),
    }));
}
