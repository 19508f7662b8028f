import { elementsOf } from '../../../src/plan/document/xml.ts';
import type { XmlElement } from '../../../src/plan/document/xml.ts';
import { childOf, valueOf } from './docx-properties.ts';

/** Most columns that one cell is repeated in. */
const MAX_SPAN = 64;

/** The cells of a table by rows; a cell that spans columns or rows stands in each of them. Deleted rows are left out. */
export function tableCells(
  table: XmlElement,
  readCell: (cell: XmlElement) => string,
): readonly (readonly string[])[] {
  const rows: (readonly string[])[] = [];
  for (const row of inWrappers(table, 'tr')) {
    if (childOf(childOf(row, 'trPr'), 'del') !== undefined) continue;
    const above = rows.at(-1) ?? [];
    const cells: string[] = [];
    for (const cell of inWrappers(row, 'tc')) {
      const properties = childOf(cell, 'tcPr');
      const merge = childOf(properties, 'vMerge');
      const isContinued = merge !== undefined && merge.attributes['val'] !== 'restart';
      const text = (isContinued ? above[cells.length] : undefined) ?? readCell(cell);
      const span = Math.trunc(Number(valueOf(properties, 'gridSpan') ?? '1'));
      for (let column = 0; column < Math.min(Math.max(span, 1), MAX_SPAN); column += 1) cells.push(text);
    }
    rows.push(cells);
  }
  return rows;
}

/** The only cell of a table that is a frame around text; null for a real table. */
export function frameOf(table: XmlElement): XmlElement | null {
  const [row, ...rows] = inWrappers(table, 'tr');
  const [cell, ...cells] = row === undefined ? [] : inWrappers(row, 'tc');
  return rows.length === 0 && cells.length === 0 ? (cell ?? null) : null;
}

/** Rows and cells may lie in content controls. */
function inWrappers(element: XmlElement, name: string): readonly XmlElement[] {
  return elementsOf(element).flatMap((child) => {
    if (child.name === name) return [child];
    return ['sdt', 'sdtContent', 'customXml'].includes(child.name) ? inWrappers(child, name) : [];
  });
}
