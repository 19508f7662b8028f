import { plainText } from './plain-text.ts';

/** One item of a list with what is nested in it. */
export interface MarkdownItem {
  /** The item's lines without its own mark. */
  readonly markdown: string;
  readonly text: string;
}

/** One row of a table; cells in order of the columns. */
export interface MarkdownRow {
  readonly markdown: string;
  readonly cells: readonly string[];
}

/** A block of the Markdown subset with its source and its plain text. */
export type MarkdownBlock =
  | { readonly kind: 'paragraph'; readonly markdown: string; readonly text: string }
  | { readonly kind: 'code'; readonly markdown: string; readonly text: string }
  | {
      readonly kind: 'list';
      readonly markdown: string;
      readonly text: string;
      readonly isOrdered: boolean;
      readonly items: readonly MarkdownItem[];
    }
  | {
      readonly kind: 'table';
      readonly markdown: string;
      readonly text: string;
      /** The header and delimiter lines. */
      readonly headerMarkdown: string;
      readonly header: readonly string[];
      readonly rows: readonly MarkdownRow[];
    };

const FENCE = /^\s{0,3}(`{3,}|~{3,})/;
const ITEM = /^\s{0,3}(?:([-*+])|(\d{1,9})[.)])\s+(?=\S)/;
const TABLE_ROW = /^\s{0,3}\|/;
const DELIMITER_CELL = /^:?-+:?$/;
const QUOTE = /^\s{0,3}>\s?/;
const HEADING = /^\s{0,3}#{1,6}\s+/;

/** Reports whether a line parts the header of a table from its rows. */
function isDelimiter(line: string): boolean {
  if (!line.includes('-')) return false;
  const cells = line.trim().replace(/^\|/, '').replace(/\|$/, '').split('|');
  return cells.every((cell) => DELIMITER_CELL.test(cell.trim()));
}

function splitCells(line: string): string[] {
  const cells = line.trim().replace(/^\|/, '').replace(/\|$/, '').replaceAll('\\|', '\u0000').split('|');
  return cells.map((cell) => plainText(cell.replaceAll('\u0000', '|').trim()));
}

function tableBlock(lines: readonly string[]): MarkdownBlock {
  const rows = lines
    .slice(2)
    .map((line): MarkdownRow => ({ markdown: line.trim(), cells: splitCells(line) }));
  const header = splitCells(lines[0] ?? '');
  return {
    kind: 'table',
    markdown: lines.map((line) => line.trim()).join('\n'),
    text: [header, ...rows.map((row) => row.cells)].map((cells) => cells.join(' | ')).join('\n'),
    headerMarkdown: lines
      .slice(0, 2)
      .map((line) => line.trim())
      .join('\n'),
    header,
    rows,
  };
}

function listBlock(lines: readonly string[]): MarkdownBlock {
  const items: string[][] = [];
  for (const line of lines) {
    const last = items.at(-1);
    if (ITEM.test(line) || last === undefined) items.push([line.replace(ITEM, '')]);
    else last.push(line);
  }
  const parsed = items.map((item): MarkdownItem => {
    const markdown = item.join('\n').trimEnd();
    const text = item.map((line) => plainText(line.trim().replace(ITEM, ''))).filter((line) => line !== '');
    return { markdown, text: text.join('\n') };
  });
  const marker = ITEM.exec(lines[0] ?? '');
  const isOrdered = marker?.[2] !== undefined;
  const first = Number(marker?.[2] ?? '1');
  const text = parsed.map((item, at) => (isOrdered ? `${first + at}. ` : '– ') + item.text);
  return {
    kind: 'list',
    markdown: lines.join('\n').trimEnd(),
    text: text.join('\n'),
    isOrdered,
    items: parsed,
  };
}

function paragraphBlock(lines: readonly string[]): MarkdownBlock {
  const markdown = lines.map((line) => line.trim().replace(HEADING, '')).join('\n');
  return { kind: 'paragraph', markdown, text: plainText(markdown).replaceAll('\n', ' ') };
}

/** Finds where the list that starts at a line ends: at a blank line not followed by more of it. */
function listEnd(lines: readonly string[], start: number): number {
  let end = start + 1;
  while (end < lines.length) {
    const line = lines[end] ?? '';
    if (line.trim() === '') {
      const next = lines[end + 1] ?? '';
      if (next.trim() === '' || !(ITEM.test(next) || /^\s{2,}\S/.test(next))) return end;
    } else if (FENCE.test(line) || TABLE_ROW.test(line) || HEADING.test(line)) return end;
    end++;
  }
  return end;
}

function whileLines(lines: readonly string[], start: number, belongs: (line: string) => boolean): number {
  let end = start;
  while (end < lines.length && belongs(lines[end] ?? '')) end++;
  return end;
}

/** Parses the Markdown subset of passages into its blocks, in order; anything unknown is a paragraph. */
export function parseMarkdownBlocks(markdown: string): MarkdownBlock[] {
  const lines = markdown
    .replace(/\r\n?/g, '\n')
    .split('\n')
    .map((line) => line.replace(QUOTE, ''));
  const blocks: MarkdownBlock[] = [];
  let at = 0;
  while (at < lines.length) {
    const line = lines[at] ?? '';
    const fence = FENCE.exec(line)?.[1];
    if (line.trim() === '') at++;
    else if (fence !== undefined) {
      const close = whileLines(lines, at + 1, (inner) => !inner.trim().startsWith(fence));
      const text = lines.slice(at + 1, close).join('\n');
      blocks.push({ kind: 'code', markdown: lines.slice(at, close + 1).join('\n'), text });
      at = close + 1;
    } else if (line.includes('|') && isDelimiter(lines[at + 1] ?? '')) {
      const end = whileLines(lines, at + 2, (inner) => inner.includes('|'));
      blocks.push(tableBlock(lines.slice(at, end)));
      at = end;
    } else if (ITEM.test(line)) {
      const end = listEnd(lines, at);
      blocks.push(listBlock(lines.slice(at, end)));
      at = end;
    } else {
      const end = whileLines(
        lines,
        at + 1,
        (inner) =>
          inner.trim() !== '' &&
          !FENCE.test(inner) &&
          !ITEM.test(inner) &&
          !TABLE_ROW.test(inner) &&
          !HEADING.test(inner),
      );
      // A heading is a block of its own.
      const stop = HEADING.test(line) ? at + 1 : end;
      blocks.push(paragraphBlock(lines.slice(at, stop)));
      at = stop;
    }
  }
  return blocks;
}
