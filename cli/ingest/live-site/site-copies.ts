import { appendFileSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isInteger, isRecord } from '../../../src/contracts/json.ts';
import { writeFileWhole } from '../../build/write-file.ts';
import { listFiles } from '../list-files.ts';
import { copyName } from './copy-name.ts';
import type { PageCopy } from './page-copy.ts';
import { parsePageCopy } from './page-copy.ts';

/** How the pages of a site were found: its sitemap lists them, or they lead to one another. */
export type FoundBy = 'sitemap' | 'links';

/** The copies of the pages of one site, in a folder of their own. */
export interface SiteCopies {
  /** Folder that holds the copies and nothing else. */
  readonly pages: string;
  /** Those of the builds before, by address. */
  readonly before: ReadonlyMap<string, PageCopy>;
  /** How pages were found in the build before; null: there was none. */
  readonly foundBy: FoundBy | null;
  /** Whether a page was fetched already by the run that was interrupted and goes on now. */
  isDone(url: string): boolean;
  read(copy: PageCopy): Buffer;
  /** Keeps a page at once, so that an interrupted run goes on behind it. @param bytes - null: as they are here. */
  keep(copy: PageCopy, bytes: Uint8Array | null): void;
  /** Ends the run: these copies remain, all others are removed. */
  finish(copies: readonly PageCopy[], foundBy: FoundBy): void;
}

const RECORD_FILE = 'pages.json';
const RUN_FILE = 'run.jsonl';
const FORMAT = 'understudy/site-copies';
/** Later than this, an interrupted run begins again: its pages may have changed. */
const RUN_LASTS_MS = 24 * 60 * 60 * 1000;

/**
 * Opens the copies of a site. `pages.json` says what was complete last, `run.jsonl` what the run since then has brought; what is damaged in
 * either counts as not there.
 */
export function openSiteCopies(folder: string, site: string, nowMs: number): SiteCopies {
  const pages = join(folder, 'pages');
  const runFile = join(folder, RUN_FILE);
  const pathOf = ({ url, extension }: PageCopy): string => join(pages, copyName(url, extension));
  const isThere = (copy: PageCopy): boolean =>
    statSync(pathOf(copy), { throwIfNoEntry: false })?.size === copy.sizeBytes;
  const record = readRecord(join(folder, RECORD_FILE), site);
  const run = readRun(runFile, site);
  const before = new Map<string, PageCopy>();
  for (const copy of [...record.copies, ...run.earlier, ...run.fetched]) before.set(copy.url, copy);
  for (const [url, copy] of before) if (!isThere(copy)) before.delete(url);
  const goesOn = run.startedAt !== null && nowMs >= run.startedAt && nowMs - run.startedAt < RUN_LASTS_MS;
  const done = new Set(goesOn ? run.fetched.map(({ url }) => url).filter((url) => before.has(url)) : []);
  // Copies of what is on the web belong into no repository.
  const ignore = join(folder, '.gitignore');
  if (statSync(ignore, { throwIfNoEntry: false }) === undefined) writeFileWhole(ignore, '*\n');
  if (!goesOn)
    writeFileWhole(
      runFile,
      [{ site, startedAt: nowMs }, ...[...run.earlier, ...run.fetched].map((copy) => ({ earlier: copy }))]
        .map((line) => `${JSON.stringify(line)}\n`)
        .join(''),
    );
  return {
    pages,
    before,
    foundBy: record.foundBy,
    isDone: (url) => done.has(url),
    read: (copy) => readFileSync(pathOf(copy)),
    keep(copy, bytes) {
      if (bytes !== null) writeFileWhole(pathOf(copy), bytes);
      appendFileSync(runFile, `${JSON.stringify({ page: copy })}\n`);
    },
    finish(copies, foundBy) {
      writeFileWhole(
        join(folder, RECORD_FILE),
        JSON.stringify({ format: FORMAT, version: 1, site, foundBy, pages: copies }),
      );
      rmSync(runFile, { force: true });
      mkdirSync(pages, { recursive: true });
      const kept = new Set(copies.map(pathOf));
      for (const path of listFiles(pages, pages, new Set()))
        if (!kept.has(path)) rmSync(path, { force: true });
    },
  };
}

function readRecord(
  path: string,
  site: string,
): { readonly copies: readonly PageCopy[]; readonly foundBy: FoundBy | null } {
  const value = parseJson(readText(path));
  if (!isRecord(value) || value['format'] !== FORMAT || value['version'] !== 1 || value['site'] !== site)
    return { copies: [], foundBy: null };
  const { pages, foundBy } = value;
  return {
    copies: Array.isArray(pages) ? pages.flatMap((page: unknown) => parsePageCopy(page) ?? []) : [],
    foundBy: foundBy === 'sitemap' || foundBy === 'links' ? foundBy : null,
  };
}

interface InterruptedRun {
  readonly startedAt: number | null;
  /** What it took over from runs that are too long ago. */
  readonly earlier: readonly PageCopy[];
  readonly fetched: readonly PageCopy[];
}

/** What an interrupted run left; its last line may be cut off. */
function readRun(path: string, site: string): InterruptedRun {
  const [head, ...lines] = readText(path).split('\n').map(parseJson);
  if (!isRecord(head) || head['site'] !== site || !isInteger(head['startedAt'], 0))
    return { startedAt: null, earlier: [], fetched: [] };
  const copiesAt = (key: string): readonly PageCopy[] =>
    lines.flatMap((line) => (isRecord(line) ? (parsePageCopy(line[key]) ?? []) : []));
  return { startedAt: head['startedAt'], earlier: copiesAt('earlier'), fetched: copiesAt('page') };
}

function readText(path: string): string {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true ? readFileSync(path, 'utf8') : '';
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // It is empty, or was cut off.
    return null;
  }
}
