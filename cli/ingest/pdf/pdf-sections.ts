import { cleanLine, cleanText } from '../clean-text.ts';
import { collectSections } from '../collect-sections.ts';
import { listBlock, paragraphBlock, tableBlock } from '../source-document.ts';
import type { Block, Section } from '../source-document.ts';
import { findCompounds, joinLines } from './join-lines.ts';
import { findBody, outlineKey, readHeading } from './pdf-headings.ts';
import type { BodyLook, OutlineEntry } from './pdf-headings.ts';
import { readTable } from './pdf-table.ts';
import { MARKER, WIDE } from './reading-order.ts';
import type { Line } from './reading-order.ts';
import { dropRunningLines } from './running-lines.ts';
import type { PdfPage } from './running-lines.ts';

/** A line with the page it stands on. */
type PlacedLine = Line & { readonly page: number };

type Piece =
  | { readonly kind: 'heading'; readonly page: number; readonly text: string; readonly look: string }
  | { readonly kind: 'block'; readonly page: number; readonly block: Block };

/** Title and sections of a document; blocks say on which page they begin. */
export interface PdfText {
  readonly title: string | null;
  readonly sections: readonly Section[];
}

interface Item {
  readonly x0: number;
  readonly marker: string;
  readonly lines: string[];
}

/** A paragraph or a list that may go on with the next line. */
interface Open {
  readonly page: number;
  readonly lines: string[];
  readonly items: Item[];
  last: PlacedLine;
}

const SENTENCE_END = /[.!?:;。！？：；][)"'”’»」』）]*$/;

/**
 * Rebuilds the structure of a document from its lines: headings by the outline and by the look of their letters, paragraphs over line and
 * page breaks, lists, tables. What repeats at the edges of pages is left out.
 */
export function pdfSections(pages: readonly PdfPage[], entries: readonly OutlineEntry[]): PdfText {
  const body = findBody(pages);
  const cleaned = dropRunningLines(pages, body.size);
  const outline = new Map(entries.map(({ title, depth }) => [outlineKey(title), depth]));
  const lines = cleaned.flatMap(({ number, lines: own }) => own.map((line) => ({ ...line, page: number })));
  const pieces = readPieces(lines, body, outline);
  const levels = levelsOf(pieces, outline);
  const title = titleOf(pieces);
  const collector = collectSections();
  for (const piece of pieces) {
    if (piece === title) continue;
    if (piece.kind === 'block') collector.block({ ...piece.block, anchor: `page=${piece.page}` });
    else collector.heading(levels(piece.text, piece.look), cleanLine(piece.text));
  }
  const { sections } = collector.finish();
  return { title: title === null ? null : cleanLine(title.text), sections };
}

/** The only heading in the largest letters, when it stands on the first page. */
function titleOf(pieces: readonly Piece[]): (Piece & { kind: 'heading' }) | null {
  const headings = pieces.filter((piece) => piece.kind === 'heading');
  const [largest] = looksBySize(headings.map(({ look }) => look));
  const [first, ...others] = headings.filter(({ look }) => look === largest);
  return first !== undefined && others.length === 0 && first.page === pieces[0]?.page ? first : null;
}

/** Level of a heading: the outline's, that of headings of the same look in it, else by the rank of its look. Titles have level 1. */
function levelsOf(
  pieces: readonly Piece[],
  outline: ReadonlyMap<string, number>,
): (text: string, look: string) => number {
  const headings = pieces.filter((piece) => piece.kind === 'heading');
  const ranks = looksBySize(headings.map(({ look }) => look));
  const known = new Map<string, number>();
  for (const { text, look } of headings) {
    const depth = outline.get(outlineKey(text));
    if (depth !== undefined) known.set(look, Math.min(known.get(look) ?? depth, depth));
  }
  const deepest = Math.max(-1, ...known.values());
  return (text, look) => {
    const depth = outline.get(outlineKey(text)) ?? known.get(look);
    if (depth !== undefined) return 2 + depth;
    return known.size > 0 ? 3 + deepest : 2 + ranks.indexOf(look);
  };
}

function looksBySize(looks: readonly string[]): readonly string[] {
  const weight = (look: string): number => Number.parseFloat(look) + (look.endsWith('bold') ? 0.1 : 0);
  return [...new Set(looks)].sort((a, b) => weight(b) - weight(a));
}

function readPieces(
  lines: readonly PlacedLine[],
  body: BodyLook,
  outline: ReadonlyMap<string, number>,
): readonly Piece[] {
  const pieces: Piece[] = [];
  const compounds = findCompounds(lines.map(({ text }) => text));
  const leading = leadingOf(lines, body);
  let open: Open | null = null;
  const close = (): void => {
    if (open !== null)
      for (const block of blocksOf(open, compounds)) pieces.push({ kind: 'block', page: open.page, block });
    open = null;
  };
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index];
    if (line === undefined) break;
    const table = readTable(lines, index);
    const heading = table === null ? readHeading(lines, index, body, outline) : null;
    if (table !== null) {
      close();
      const rows = table.rows.map((row) => row.map(cleanLine));
      pieces.push({ kind: 'block', page: line.page, block: tableBlock(rows) });
      index += table.lineCount - 1;
    } else if (heading !== null) {
      close();
      pieces.push({ kind: 'heading', page: line.page, text: heading.text, look: heading.look });
      index += heading.lineCount - 1;
    } else {
      const item = itemOf(line);
      let current: Open | null = open;
      const isContinued = current !== null && continues(current, line, leading);
      if (current !== null && item !== null && (isContinued || isNextItem(current, line)))
        current.items.push(item);
      else if (current !== null && item === null && isContinued)
        (current.items.at(-1)?.lines ?? current.lines).push(line.text);
      else {
        close();
        const items = item === null ? [] : [item];
        current = { page: line.page, lines: item === null ? [line.text] : [], items, last: line };
      }
      current.last = line;
      open = current;
    }
  }
  close();
  return pieces;
}

function itemOf(line: Line): Item | null {
  const [, marker, text] = /^(\S{1,4})\s+(\S.*)$/.exec(line.text) ?? [];
  if (marker === undefined || text === undefined || !MARKER.test(marker)) return null;
  const number = /^\(?(\d+)/.exec(marker)?.[1];
  return { x0: line.x0, marker: number === undefined ? '- ' : `${number}. `, lines: [text] };
}

/** Items may stand apart. */
function isNextItem(open: Open, line: PlacedLine): boolean {
  const { last } = open;
  const isNear = line.page !== last.page || line.column !== last.column || line.y - last.y < 3 * line.size;
  return open.items.length > 0 && isNear;
}

/** Whether a line belongs to the paragraph or the item before it. */
function continues(open: Open, line: PlacedLine, leading: number): boolean {
  const { last } = open;
  if (Math.abs(line.size - last.size) > 0.1 * last.size) return false;
  const item = open.items.at(-1);
  const isEnded = SENTENCE_END.test(last.text);
  if (line.page !== last.page || line.column !== last.column) {
    // A sentence goes on over the break.
    return !isEnded && (/^[\p{Ll}\d(]/u.test(line.text) || WIDE.test(line.text.slice(0, 1)));
  }
  const gap = line.y - last.y;
  if (gap <= 0 || gap > Math.max(1.3 * leading * line.size, 1.2 * line.size)) return false;
  if (item !== undefined) return line.x0 > item.x0 + 0.4 * line.size;
  const isIndented = line.x0 - line.left > 0.8 * line.size && last.x0 - line.left < 0.4 * line.size;
  const isShort = last.x1 < last.right - 0.25 * (last.right - last.left);
  return !isIndented && !(isShort && isEnded);
}

/** Usual distance of lines of body text, in letter sizes. */
function leadingOf(lines: readonly PlacedLine[], body: BodyLook): number {
  const gaps = lines.flatMap((line, index) => {
    const last = lines[index - 1];
    if (last?.page !== line.page || last.column !== line.column || line.size !== body.size) return [];
    const gap = (line.y - last.y) / line.size;
    return gap > 0.8 && gap < 2.2 ? [gap] : [];
  });
  // The distance within paragraphs is smaller than that between them.
  return gaps.sort((a, b) => a - b)[Math.floor(gaps.length * 0.4)] ?? 1.2;
}

function blocksOf(open: Open, compounds: ReadonlySet<string>): readonly Block[] {
  const text = cleanLine(joinLines(open.lines, compounds));
  const blocks: Block[] = text === '' ? [] : [paragraphBlock(text)];
  if (open.items.length > 0) blocks.push(listBlock(listItems(open.items, compounds)));
  return blocks;
}

/** Items that stand further right than the one before are below it. */
function listItems(items: readonly Item[], compounds: ReadonlySet<string>): readonly string[] {
  const written: string[] = [];
  let path: { x0: number; indent: string }[] = [];
  for (const { x0, marker, lines } of items) {
    path = path.filter((parent) => parent.x0 < x0 - 4);
    const indent = path.at(-1)?.indent ?? '';
    const line = `${indent}${marker}${cleanText(joinLines(lines, compounds)).trim()}`;
    if (path.length > 0 && written.length > 0) written.push(`${written.pop() ?? ''}\n${line}`);
    else written.push(line);
    path.push({ x0, indent: indent + ' '.repeat(marker.length) });
  }
  return written;
}
