import type { MarkdownOptions } from './parse-inline.ts';
import { parseInline } from './parse-inline.ts';
import type { CellAlign, Inline, Table } from './syntax.ts';

const DELIMITER = /^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$/;
const MOST_COLUMNS = 20;
const MOST_ROWS = 500;

/**
 * Reads a table whose header is at line `at`; null when there is none.
 *
 * A header needs its delimiter row with the same number of cells; short rows are filled, long ones cut.
 */
export function parseTable(
  lines: readonly string[],
  at: number,
  options: MarkdownOptions,
): { readonly table: Table; readonly end: number } | null {
  const head = lines[at] ?? '';
  const delimiter = lines[at + 1] ?? '';
  if (!head.includes('|') || !delimiter.includes('-') || !DELIMITER.test(delimiter)) return null;
  const header = cells(head);
  const marks = cells(delimiter);
  if (header.length !== marks.length || header.length > MOST_COLUMNS) return null;
  const rows: (readonly (readonly Inline[])[])[] = [];
  let end = at + 2;
  for (; end < lines.length && rows.length < MOST_ROWS; end += 1) {
    const line = lines[end] ?? '';
    if (line.trim() === '' || !line.includes('|')) break;
    const row = cells(line);
    rows.push(header.map((_, column) => parseInline(row[column] ?? '', options)));
  }
  return {
    table: {
      type: 'table',
      align: marks.map(alignOf),
      header: header.map((cell) => parseInline(cell, options)),
      rows,
    },
    end,
  };
}

/** Cells between unescaped bars, trimmed; the outer bars are optional. */
function cells(line: string): readonly string[] {
  const inner = line
    .trim()
    .replace(/^\|/, '')
    .replace(/(?<!\\)\|$/, '');
  return inner.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll('\\|', '|'));
}

function alignOf(mark: string): CellAlign {
  if (!mark.endsWith(':')) return 'start';
  return mark.startsWith(':') ? 'center' : 'end';
}
