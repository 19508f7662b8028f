import { basename } from 'node:path';
import { sourceError } from '../ingest/source-error.ts';
import { readRecords } from './read-records.ts';
import type { Segment } from './segment.ts';
import { parseSegment } from './segment.ts';

/** Names of columns that exports in other languages have. */
const COLUMNS: { readonly [name: string]: string } = {
  分段内容: 'content',
  内容: 'content',
  问题: 'content',
  question: 'content',
  text: 'content',
  答案: 'answer',
  回答: 'answer',
  文档: 'document_name',
  document: 'document_name',
  title: 'document_name',
  name: 'document_name',
};

/** What an export of segments holds. */
export interface SegmentsFile {
  readonly segments: readonly Segment[];
  /** Segments that are switched off or not finished in Dify. */
  readonly leftOut: number;
}

/**
 * Reads an export of a dataset's segments: JSON, JSONL or CSV with `content` and optionally `answer`, `document_name`, `document_id`,
 * `position`, `keywords`, `url`, `enabled`, `status`.
 * @throws UnderstudyError `cli/not-found`, `cli/source-invalid`.
 */
export function readSegments(path: string): SegmentsFile {
  const file = basename(path);
  const name = file.replace(/\.[^.]*$/, '');
  const owner = { documentId: name, documentName: name, url: null };
  const segments: Segment[] = [];
  let leftOut = 0;
  for (const { value, line } of readRecords(path)) {
    const row = Object.fromEntries(
      Object.entries(value).map(([key, cell]) => [
        value[COLUMNS[key] ?? ''] === undefined ? (COLUMNS[key] ?? key) : key,
        cell,
      ]),
    );
    const segment = parseSegment(row, owner);
    if (segment === 'off') leftOut += 1;
    else if (segment === null) {
      const place = line === null ? { file } : { file, line, column: 1 };
      throw sourceError(place, 'a segment has no "content"');
    } else segments.push(segment);
  }
  return { segments, leftOut };
}
