import type { PDFDocumentProxy, PDFPageProxy } from 'unpdf/pdfjs';
import { cleanLine } from '../clean-text.ts';
import { finishDocument } from '../finish-document.ts';
import type { ReadFile, SourceFile } from '../source-file.ts';
import { tellHidden } from '../tell-hidden.ts';
import type { HiddenPart } from '../tell-hidden.ts';
import { openPdf } from './open-pdf.ts';
import type { OpenPdf } from './open-pdf.ts';
import { pageRuns } from './page-runs.ts';
import type { PageRuns, TextItem } from './page-runs.ts';
import { pageShows } from './page-shows.ts';
import type { HiddenReason, PageFrame, Show } from './page-shows.ts';
import type { OutlineEntry } from './pdf-headings.ts';
import { pdfSections } from './pdf-sections.ts';
import { readingOrder } from './reading-order.ts';
import type { PdfPage } from './running-lines.ts';

/** Most pages of one file that are read. */
const MAX_PAGES = 3000;
/** Longest time that the pages of one file may take, in milliseconds. */
const MAX_TIME_MS = 5 * 60_000;
const MAX_OUTLINE = 5000;

const WHY: { readonly [reason in HiddenReason]: string } = {
  invisible: 'invisible text',
  white: 'text in the color of its background',
  layer: 'text of a layer that is switched off',
  tiny: 'text too small to be read',
  'off-page': 'text off the page',
};

/** The numbers of pages that are to be told of. */
interface Trouble {
  readonly broken: number[];
  readonly empty: number[];
  readonly recognized: number[];
  readonly unreadable: number[];
}

/**
 * Reads a PDF: its lines in reading order, put together to headings, paragraphs, lists and tables. A page that cannot be read is told and
 * left out; a file without text, with a password or damaged is skipped. Text that readers do not see is left out and told.
 */
export async function readPdfFile(file: SourceFile): Promise<ReadFile> {
  const pdf = await openPdf(file.bytes);
  if (typeof pdf === 'string') return { skipped: pdf };
  try {
    const trouble: Trouble = { broken: [], empty: [], recognized: [], unreadable: [] };
    const hidden: HiddenPart[] = [];
    const pages = await readPages(pdf, file, trouble, hidden);
    const { title, sections } = pdfSections(pages, await readOutline(pdf.text));
    if (sections.length === 0) return { skipped: whyEmpty(trouble) };
    tellTrouble(trouble, pdf.text.numPages, file.remark);
    tellHidden(hidden, file.remark);
    const meta = await readMeta(pdf.text);
    const page = { language: meta.language, url: null, tags: [], questions: [], sections };
    return { documents: [finishDocument(file, { ...page, title: title ?? meta.title })], text: '' };
  } finally {
    await pdf.close();
  }
}

async function readPages(
  pdf: OpenPdf,
  file: SourceFile,
  trouble: Trouble,
  hidden: HiddenPart[],
): Promise<readonly PdfPage[]> {
  const pages: PdfPage[] = [];
  const groups = await pdf.text.getOptionalContentConfig().catch(() => null);
  const isShown = (group: unknown): boolean => {
    const shown: unknown = groups === null || group === null ? true : groups.isVisible(group);
    return shown !== false;
  };
  const count = Math.min(pdf.text.numPages, MAX_PAGES);
  const start = performance.now();
  let number = 1;
  for (; number <= count && performance.now() - start < MAX_TIME_MS; number += 1) {
    file.signal.throwIfAborted();
    try {
      const page = await pdf.text.getPage(number);
      const { runs, hidden: unseen, isRecognized } = await readPage(page, pdf, isShown, trouble);
      for (const { reason, text } of unseen)
        hidden.push({ what: `page ${number}: ${WHY[reason]}`, line: null, text });
      if (isRecognized) trouble.recognized.push(number);
      if (runs.length === 0) trouble.empty.push(number);
      pages.push({ number, height: page.getViewport({ scale: 1 }).height, lines: readingOrder(runs) });
      page.cleanup();
    } catch (error) {
      // Whatever the library throws for a damaged page: the others are read.
      file.signal.throwIfAborted();
      if (error instanceof RangeError && /memory/i.test(error.message)) throw error;
      trouble.broken.push(number);
    }
  }
  if (number <= pdf.text.numPages)
    file.remark({
      kind: 'skipped',
      line: null,
      message: `pages from ${number} on were not read: it is too long`,
    });
  return pages;
}

async function readPage(
  page: PDFPageProxy,
  pdf: OpenPdf,
  isShown: (group: unknown) => boolean,
  trouble: Trouble,
): Promise<PageRuns> {
  const frame: PageFrame = { view: page.view, isShown };
  const content = await page.getTextContent();
  const items = content.items.flatMap((item): TextItem[] => ('str' in item ? [item] : []));
  let shows = pageShows(await page.getOperatorList(), frame);
  if (shows.some(({ hidden }) => hidden === 'white')) {
    // White letters may stand on a picture, which is only decoded then.
    const same = await (await pdf.withPictures()).getPage(page.pageNumber);
    shows = withPictures(shows, pageShows(await same.getOperatorList(), frame));
    same.cleanup();
  }
  if (shows.length === 0 && items.length === 0 && hasUnknownLetters(page, content.styles))
    trouble.unreadable.push(page.pageNumber);
  return pageRuns(items, shows, page.getViewport({ scale: 1 }).transform, (font) => isBold(page, font));
}

/** Both follow the same page: they differ only in what lies behind. */
function withPictures(shows: readonly Show[], others: readonly Show[]): readonly Show[] {
  return shows.length === others.length ? others : shows;
}

function fontOf(page: PDFPageProxy, font: string): unknown {
  return page.commonObjs.has(font) ? page.commonObjs.get(font) : null;
}

function isBold(page: PDFPageProxy, font: string): boolean {
  const data = fontOf(page, font);
  const name: unknown = typeof data === 'object' && data !== null && 'name' in data ? data.name : '';
  return typeof name === 'string' && /bold|black|heavy|demi|黑体|hei\b/i.test(name);
}

/** A font that could not be read is kept as the text of its error. */
function hasUnknownLetters(page: PDFPageProxy, styles: { readonly [font: string]: unknown }): boolean {
  return Object.keys(styles).some((font) => typeof fontOf(page, font) === 'string');
}

async function readOutline(pdf: PDFDocumentProxy): Promise<readonly OutlineEntry[]> {
  const entries: OutlineEntry[] = [];
  const visit = (nodes: unknown, depth: number): void => {
    if (!Array.isArray(nodes) || depth > 8) return;
    const list: readonly unknown[] = nodes;
    for (const node of list) {
      if (typeof node !== 'object' || node === null || entries.length >= MAX_OUTLINE) continue;
      const title: unknown = 'title' in node ? node.title : '';
      if (typeof title === 'string' && title.trim() !== '') entries.push({ title, depth });
      if ('items' in node) visit(node.items, depth + 1);
    }
  };
  // A damaged outline is none.
  visit(await pdf.getOutline().catch(() => null), 0);
  return entries;
}

async function readMeta(pdf: PDFDocumentProxy): Promise<{ title: string | null; language: string | null }> {
  const meta = await pdf.getMetadata().catch(() => null);
  const info: unknown = meta?.info;
  const entry = (name: string): string | null => {
    if (typeof info !== 'object' || info === null) return null;
    const value: unknown = Reflect.get(info, name);
    return typeof value === 'string' && value.trim() !== '' ? cleanLine(value) : null;
  };
  const title = entry('Title');
  const isName = title !== null && /^(?:untitled|microsoft \w+ - .*|document\d*|.*\.\w{2,5})$/i.test(title);
  return { title: isName ? null : title, language: entry('Language') };
}

function whyEmpty({ unreadable, broken, empty }: Trouble): string {
  if (unreadable.length > 0)
    return 'the letters of its fonts cannot be told; export it again with embedded fonts';
  if (broken.length > 0 && empty.length === 0)
    return 'the PDF is damaged: none of its pages can be read; export it again';
  return 'the PDF holds no text: its pages are pictures (a scan), empty or damaged; run text recognition (OCR) on it';
}

function tellTrouble(trouble: Trouble, pageCount: number, remark: SourceFile['remark']): void {
  const tell = (pages: readonly number[], what: string): void => {
    if (pages.length > 0)
      remark({
        kind: 'skipped',
        line: null,
        message: `${pages.length === 1 ? 'page' : 'pages'} ${ranges(pages)} ${what}`,
      });
  };
  // The library ends the list of pages with the first entry that is none.
  const isCut = trouble.broken.includes(pageCount);
  tell(
    trouble.broken,
    `skipped: damaged${isCut ? ', and so may those behind it be; export the PDF again' : ''}`,
  );
  tell(trouble.unreadable, 'skipped: the letters of the fonts cannot be told');
  const empty = trouble.empty.filter((number) => !trouble.unreadable.includes(number));
  tell(empty, 'hold no text: pictures (a scan, which needs text recognition), empty or damaged');
  if (trouble.recognized.length > 0)
    remark({
      kind: 'hidden-text',
      line: null,
      message: `pages ${ranges(trouble.recognized)} are pictures with recognized text, which was read; readers do not see it, so check it`,
    });
}

/** Writes numbers as `1–3, 7`. */
function ranges(numbers: readonly number[]): string {
  const runs: { from: number; to: number }[] = [];
  for (const number of numbers) {
    const last = runs.at(-1);
    if (last?.to === number - 1) last.to = number;
    else runs.push({ from: number, to: number });
  }
  return runs.map(({ from, to }) => (from === to ? `${from}` : `${from}–${to}`)).join(', ');
}
