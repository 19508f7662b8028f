import type { MarkdownOptions } from './parse-inline.ts';
import { parseInline } from './parse-inline.ts';
import { parseTable } from './parse-table.ts';
import type { Block, Inline, List, ListItem } from './syntax.ts';

const FENCE = /^ {0,3}(`{3,}|~{3,})[^`]*$/;
const HEADING = /^ {0,3}#{1,6}\s+(.*?)(?:\s+#+)?\s*$/;
const QUOTE = /^ {0,3}>(?:[> ]*> ?| ?)(.*)$/;
/** An entry that is to be done, or is done. */
const TASK = /^\[([ xX])\](?=\s)/;
const ENTRY = /^(\s*)([-*+]|\d{1,9}[.)])\s+(\S.*)$/;
/** Spaces before an entry from which on it belongs to the entry above. */
const NESTED = 2;

/**
 * Reads the Markdown subset: paragraphs, headings, quotes, lists of two levels, tables, code blocks and the marks inside.
 *
 * Everything else, HTML and images included, stays text. Incomplete marks stay text too, so an answer can be read at
 * any point of its stream; only an open code fence runs to the end. Linear in the length of the text.
 */
export function parseMarkdown(text: string, options: MarkdownOptions = {}): readonly Block[] {
  const lines = text.replaceAll(/\r\n?/g, '\n').split('\n');
  const blocks: Block[] = [];
  let paragraph: string[] = [];
  const flush = (): void => {
    if (paragraph.length > 0)
      blocks.push({ type: 'paragraph', children: parseInline(paragraph.join('\n').trim(), options) });
    paragraph = [];
  };
  let at = 0;
  while (at < lines.length) {
    const line = lines[at] ?? '';
    if (line.trim() === '') {
      flush();
      at += 1;
      continue;
    }
    const found =
      readCodeBlock(lines, at) ??
      readHeading(line, at, options) ??
      readQuote(lines, at, options) ??
      readTable(lines, at, options);
    const list =
      found === null && beginsList(line, paragraph.length > 0) ? readList(lines, at, options) : found;
    if (list === null) {
      paragraph.push(line);
      at += 1;
      continue;
    }
    flush();
    blocks.push(list.block);
    at = list.end;
  }
  flush();
  return blocks;
}

/** The text without its marks, for announcements and titles. */
export function plainText(blocks: readonly Block[]): string {
  return blocks.map(blockText).join('\n');
}

interface FoundBlock {
  readonly block: Block;
  /** First line after the block. */
  readonly end: number;
}

function readCodeBlock(lines: readonly string[], at: number): FoundBlock | null {
  const fence = FENCE.exec(lines[at] ?? '')?.[1];
  if (fence === undefined) return null;
  const body: string[] = [];
  let end = at + 1;
  for (; end < lines.length; end += 1) {
    const line = (lines[end] ?? '').trim();
    if (line.startsWith(fence) && line.replaceAll(fence.charAt(0), '') === '') {
      end += 1;
      break;
    }
    body.push(lines[end] ?? '');
  }
  return { block: { type: 'code-block', text: body.join('\n') }, end };
}

function readHeading(line: string, at: number, options: MarkdownOptions): FoundBlock | null {
  const text = HEADING.exec(line)?.[1];
  if (text === undefined || text === '') return null;
  return { block: { type: 'heading', children: parseInline(text, options) }, end: at + 1 };
}

function readQuote(lines: readonly string[], at: number, options: MarkdownOptions): FoundBlock | null {
  const body: string[] = [];
  let end = at;
  for (; end < lines.length; end += 1) {
    const text = QUOTE.exec(lines[end] ?? '')?.[1];
    if (text === undefined) break;
    body.push(text);
  }
  if (end === at) return null;
  return { block: { type: 'quote', children: parseInline(body.join('\n').trim(), options) }, end };
}

function readTable(lines: readonly string[], at: number, options: MarkdownOptions): FoundBlock | null {
  const table = parseTable(lines, at, options);
  return table && { block: table.table, end: table.end };
}

/** A number other than 1 in running text ("… in\n2026. Then …") begins no list. */
function beginsList(line: string, isInParagraph: boolean): boolean {
  const marker = ENTRY.exec(line)?.[2];
  if (marker === undefined) return false;
  return !isInParagraph || /^([-*+]|1[.)])$/.test(marker);
}

interface OpenItem {
  readonly lines: string[];
  readonly nested: OpenList | null;
}
interface OpenList {
  readonly isOrdered: boolean;
  readonly start: number;
  readonly items: { lines: string[]; nested: OpenList | null }[];
}

function openList(marker: string): OpenList {
  const number = Number.parseInt(marker, 10);
  const isOrdered = !Number.isNaN(number);
  return { isOrdered, start: isOrdered ? number : 1, items: [] };
}

function readList(lines: readonly string[], at: number, options: MarkdownOptions): FoundBlock {
  const first = ENTRY.exec(lines[at] ?? '');
  const baseIndent = first?.[1]?.length ?? 0;
  const list = openList(first?.[2] ?? '-');
  let end = at;
  let isAfterBlank = false;
  for (; end < lines.length; end += 1) {
    const line = lines[end] ?? '';
    if (line.trim() === '') {
      isAfterBlank = true;
      continue;
    }
    const [, space = '', marker = '', text = ''] = ENTRY.exec(line) ?? [];
    const parent = list.items.at(-1);
    if (text !== '') {
      const isNested = parent !== undefined && space.length >= baseIndent + NESTED;
      const kind = openList(marker).isOrdered;
      if (!isNested && kind !== list.isOrdered) break;
      if (isNested) {
        parent.nested ??= openList(marker);
        parent.nested.items.push({ lines: [text], nested: null });
      } else list.items.push({ lines: [text], nested: null });
    } else {
      // A line that goes on: indented after a blank line, else any line that begins no other block.
      const isIndented = /^\s{2,}/.test(line);
      if ((isAfterBlank && !isIndented) || FENCE.test(line) || HEADING.test(line) || QUOTE.test(line)) break;
      const target = parent?.nested?.items.at(-1) ?? parent;
      target?.lines.push(line.trim());
    }
    isAfterBlank = false;
  }
  return { block: closeList(list, options), end };
}

function closeList(list: OpenList, options: MarkdownOptions): List {
  const close = (item: OpenItem): ListItem => ({
    children: parseInline(item.lines.join('\n').replace(TASK, checkBox), options),
    list: item.nested === null ? null : closeList(item.nested, options),
  });
  return { type: 'list', isOrdered: list.isOrdered, start: list.start, items: list.items.map(close) };
}

function checkBox(_found: string, mark: string): string {
  return mark === ' ' ? '☐' : '☑';
}

function inlineText(inlines: readonly Inline[]): string {
  return inlines
    .map((inline) => {
      switch (inline.type) {
        case 'text':
        case 'code':
        case 'mark':
          return inline.text;
        case 'cite':
          return '';
        case 'break':
          return '\n';
        default:
          return inlineText(inline.children);
      }
    })
    .join('');
}

function listText(list: List): string {
  return list.items
    .map((item) =>
      [inlineText(item.children), ...(item.list === null ? [] : [listText(item.list)])].join('\n'),
    )
    .join('\n');
}

function blockText(block: Block): string {
  switch (block.type) {
    case 'code-block':
      return block.text;
    case 'list':
      return listText(block);
    case 'table':
      return [block.header, ...block.rows].map((row) => row.map(inlineText).join(', ')).join('\n');
    default:
      return inlineText(block.children);
  }
}
