import { isRecord } from '../../src/contracts/json.ts';
import { writeFileWhole } from '../build/write-file.ts';
import type { DifyApi } from './dify-api.ts';
import { openPullJournal } from './pull-journal.ts';
import type { JournalPage } from './pull-journal.ts';
import { readPages } from './read-pages.ts';
import type { Segment, SegmentOwner } from './segment.ts';
import { parseSegment, segmentRecord } from './segment.ts';

/** Options of {@link pullDataset}. */
export interface PullDatasetOptions {
  readonly api: DifyApi;
  /** Plain id of the dataset. */
  readonly datasetId: string;
  /** File of the segments (JSONL); `FILE.part` beside it holds what an interrupted pull has so far. */
  readonly out: string;
  readonly onProgress?: (text: string) => void;
}

/** What a pull made. */
export interface PulledDataset {
  readonly segments: readonly Segment[];
  readonly documents: number;
  /** Documents whose segments an earlier, interrupted pull had already. */
  readonly resumed: number;
  /** Documents and segments that are switched off or not finished in Dify, and were left out. */
  readonly leftOut: number;
}

interface RemoteDocument extends SegmentOwner {
  readonly fingerprint: string;
}

/**
 * Pulls all segments of a dataset through Dify's knowledge API and writes them into one file, which appears only when it is whole.
 *
 * Interrupted, it goes on where it was when it is called again: whole pages are kept beside the output. A document that changed in the
 * meantime is read anew.
 * @throws UnderstudyError `dify/unreachable`, `cli/write-failed`; the signal's reason when aborted.
 */
export async function pullDataset(options: PullDatasetOptions): Promise<PulledDataset> {
  const { api, datasetId, out, onProgress = () => undefined } = options;
  const base = `/datasets/${encodeURIComponent(datasetId)}/documents`;
  const journal = openPullJournal(`${out}.part`, `${api.baseUrl} ${datasetId}`);
  const documents: RemoteDocument[] = [];
  let leftOut = 0;
  for await (const { rows } of readPages(api, base)) {
    for (const row of rows) {
      const document = parseDocument(row);
      if (document === null) leftOut += 1;
      else documents.push(document);
    }
    onProgress(`listing documents: ${String(documents.length)}`);
  }
  const segments: Segment[] = [];
  let resumed = 0;
  for (const [index, document] of documents.entries()) {
    const kept = keptPages(journal.pages, document);
    const last = kept.at(-1);
    if (last?.isLast === true) resumed += 1;
    const pages = kept.map(({ rows }) => rows);
    if (last?.isLast !== true) {
      const path = `${base}/${encodeURIComponent(document.documentId)}/segments`;
      for await (const { page, rows, isLast } of readPages(api, path, (last?.page ?? 0) + 1)) {
        const { documentId, fingerprint } = document;
        journal.add({ documentId, fingerprint, page, isLast, rows });
        pages.push(rows);
      }
    }
    for (const row of pages.flat()) {
      const segment = parseSegment(row, document);
      if (segment === 'off') leftOut += 1;
      else if (segment !== null) segments.push({ ...segment, documentId: document.documentId });
    }
    onProgress(`pulling documents: ${String(index + 1)} of ${String(documents.length)}`);
  }
  const lines = segments.map((segment) => `${JSON.stringify(segmentRecord(segment))}\n`);
  writeFileWhole(out, lines.join(''));
  journal.remove();
  return { segments, documents: documents.length, resumed, leftOut };
}

/** Null for a document that Dify itself would not search. */
function parseDocument(row: Record<string, unknown>): RemoteDocument | null {
  const { id, name, enabled, archived, indexing_status: status } = row;
  if (typeof id !== 'string' || enabled === false || archived === true) return null;
  if (typeof status === 'string' && status !== 'completed') return null;
  const info = isRecord(row['data_source_info']) ? row['data_source_info'] : {};
  const url = typeof info['url'] === 'string' && /^https?:\/\//i.test(info['url']) ? info['url'] : null;
  const figures = [row['word_count'], row['tokens'], row['doc_form'], name];
  return {
    documentId: id,
    documentName: typeof name === 'string' ? name : id,
    url,
    fingerprint: JSON.stringify(figures),
  };
}

/** The pages of a document from the first one without a gap; none when it changed since. */
function keptPages(pages: readonly JournalPage[], document: RemoteDocument): readonly JournalPage[] {
  const byNumber = new Map<number, JournalPage>();
  for (const page of pages) {
    if (page.documentId === document.documentId && page.fingerprint === document.fingerprint)
      byNumber.set(page.page, page);
  }
  const kept: JournalPage[] = [];
  for (let page = byNumber.get(1); page !== undefined; page = byNumber.get(page.page + 1)) {
    kept.push(page);
    if (page.isLast) break;
  }
  return kept;
}
