import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { dirname } from 'node:path';
import { isInteger, isRecord } from '../../src/contracts/json.ts';
import { writeFileWhole } from '../build/write-file.ts';

/** Segments of one page of one document, as they were pulled. */
export interface JournalPage {
  readonly documentId: string;
  /** What tells whether the document is still the one that was read. */
  readonly fingerprint: string;
  readonly page: number;
  readonly isLast: boolean;
  readonly rows: readonly unknown[];
}

/**
 * What a pull has so far, in a file beside its output: a line a page, each written at once.
 *
 * A line that a crash cut off is dropped when the file is read again, so that the pull goes on with the page after the last whole one.
 */
export interface PullJournal {
  readonly pages: readonly JournalPage[];
  add(page: JournalPage): void;
  /** Takes the file away. */
  remove(): void;
}

/**
 * Opens the journal of a pull, or begins it anew where the file belongs to another pull or is damaged at its beginning.
 * @param subject - What is pulled from where; pages of another subject are not taken over.
 */
export function openPullJournal(path: string, subject: string): PullJournal {
  const head = `${JSON.stringify({ format: 'understudy/pull', version: 1, subject })}\n`;
  const pages = existsSync(path) ? readJournal(path, head) : null;
  if (pages === null) writeFileWhole(path, head);
  return {
    pages: pages ?? [],
    add(page) {
      mkdirSync(dirname(path), { recursive: true });
      appendFileSync(path, `${JSON.stringify(page)}\n`);
    },
    remove: () => rmSync(path, { force: true }),
  };
}

function readJournal(path: string, head: string): readonly JournalPage[] | null {
  const bytes = readFileSync(path);
  const text = bytes.toString('utf8');
  if (!text.startsWith(head)) return null;
  const pages: JournalPage[] = [];
  let end = Buffer.byteLength(head);
  for (const line of text.slice(head.length).split(/(?<=\n)/)) {
    const page = line.endsWith('\n') ? parsePage(line) : null;
    if (page === null) break;
    pages.push(page);
    end += Buffer.byteLength(line);
  }
  if (end < bytes.length) truncateSync(path, end);
  return pages;
}

function parsePage(line: string): JournalPage | null {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    // Cut off, or written over.
    return null;
  }
  if (!isRecord(value) || !Array.isArray(value['rows'])) return null;
  const { documentId, fingerprint, page, isLast, rows } = value;
  if (typeof documentId !== 'string' || typeof fingerprint !== 'string') return null;
  if (!isInteger(page, 1) || typeof isLast !== 'boolean') return null;
  return { documentId, fingerprint, page, isLast, rows };
}
