import { cleanLine } from './clean-text.ts';
import { attribute, find, isDropped, isElement, walk } from './html-tree.ts';
import type { HtmlElement } from './html-tree.ts';

/** Cells that span more are written so by mistake or in bad faith. */
const MAX_SPAN = 20;
const MAX_COLUMNS = 40;
/** Cells that a table gets by spans; further spans count nothing. */
const MAX_ADDED = 2_000;
/** Longer texts, in characters, are not repeated in the rows that their cell reaches into. */
const MAX_REPEATED = 200;

interface Span {
  readonly text: string;
  /** Rows that it still reaches into. */
  rows: number;
}

/**
 * The rows of a table as texts. A cell over several rows stands in each of them, because rows are read alone; one over several columns
 * stands in the first. A table with tables inside has none.
 * @param textOfCell - Gives the Markdown of a cell.
 */
export function tableRows(table: HtmlElement, textOfCell: (cell: HtmlElement) => string): string[][] {
  const nested = find(table, (element) => element.tagName === 'table' && element !== table);
  if (nested !== null) return [];
  const rows: string[][] = [];
  const spans: (Span | undefined)[] = [];
  let added = 0;
  walk(table, (row) => {
    if (row.tagName !== 'tr' || isDropped(row)) return;
    const texts: string[] = [];
    let isFilled = false;
    const fillSpans = (): void => {
      for (let span = spans[texts.length]; span !== undefined && span.rows > 0; span = spans[texts.length]) {
        span.rows -= 1;
        added += 1;
        texts.push(span.text);
      }
    };
    for (const cell of row.childNodes) {
      if (!isElement(cell) || (cell.tagName !== 'td' && cell.tagName !== 'th') || isDropped(cell)) continue;
      fillSpans();
      const text = cleanLine(textOfCell(cell).replace(/^- /gm, '').replace(/\n/g, ' '));
      if (text !== '') isFilled = true;
      const columns = spanOf(cell, 'colspan');
      const reach = spanOf(cell, 'rowspan') - 1;
      for (let column = 0; column < columns; column += 1) {
        if (column > 0 && (texts.length >= MAX_COLUMNS || (added += 1) > MAX_ADDED)) break;
        const shown = column === 0 ? text : '';
        const rows = texts.length < MAX_COLUMNS && added <= MAX_ADDED ? reach : 0;
        spans[texts.length] = { text: shown.length > MAX_REPEATED ? '' : shown, rows };
        texts.push(shown);
      }
    }
    fillSpans();
    if (isFilled) rows.push(trimEnd(texts));
  });
  return rows;
}

function spanOf(cell: HtmlElement, name: string): number {
  const value = Number(attribute(cell, name) ?? 1);
  return Number.isSafeInteger(value) && value > 1 ? Math.min(value, MAX_SPAN) : 1;
}

function trimEnd(texts: readonly string[]): string[] {
  const end = texts.findLastIndex((text) => text !== '');
  return texts.slice(0, Math.max(1, end + 1));
}
