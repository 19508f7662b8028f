import { mainPart, readPart } from './open-package.ts';
import type { XmlElement } from './xml.ts';
import { elementsOf, textOf } from './xml.ts';
import { ZipArchive } from './zip.ts';

/** The paragraphs of a text document and its tables in Markdown, a line each, in the order of the text. */
export async function docxText(bytes: Uint8Array): Promise<string> {
  const archive = new ZipArchive(bytes);
  const root = await readPart(archive, await mainPart(archive, 'word/document.xml'));
  const body = elementsOf(root).find(({ name }) => name === 'body');
  const blocks = body === undefined ? [] : elementsOf(body);
  return blocks
    .map((block) => {
      if (block.name === 'p') return paragraphText(block);
      return block.name === 'tbl' ? tableText(block) : null;
    })
    .filter((text) => text !== null)
    .join('\n');
}

/** What holds runs of text within a paragraph. Removed text has other names, and pictures hold text of their own. */
const RUN_HOLDERS: ReadonlySet<string> = new Set(['r', 'hyperlink', 'ins', 'smartTag', 'sdt', 'sdtContent']);

function paragraphText(paragraph: XmlElement): string {
  return elementsOf(paragraph)
    .map((part) => {
      if (RUN_HOLDERS.has(part.name)) return paragraphText(part);
      if (part.name === 't') return textOf(part);
      if (part.name === 'tab' || part.name === 'ptab') return '\t';
      if (part.name === 'cr') return '\n';
      if (part.name === 'noBreakHyphen') return '-';
      const isLineBreak =
        part.name === 'br' && (part.attributes['type'] ?? 'textWrapping') === 'textWrapping';
      return isLineBreak ? '\n' : '';
    })
    .join('');
}

/** A table without a word says nothing. */
function tableText(table: XmlElement): string | null {
  const rows: (readonly string[])[] = [];
  for (const row of elementsOf(table)) {
    if (row.name === 'tr') rows.push(rowCells(row, rows.at(-1) ?? []));
  }
  const [head, ...body] = rows;
  if (head === undefined || rows.every((row) => row.every((cell) => cell.trim() === ''))) return null;
  return [head, head.map(() => '---'), ...body].map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}

/** Cells that span columns or rows are there in each of them. */
function rowCells(row: XmlElement, above: readonly string[]): readonly string[] {
  const cells: string[] = [];
  for (const cell of elementsOf(row)) {
    if (cell.name !== 'tc') continue;
    const properties = elementsOf(cell).find(({ name }) => name === 'tcPr');
    const property = (wanted: string): XmlElement | undefined =>
      properties === undefined ? undefined : elementsOf(properties).find(({ name }) => name === wanted);
    const merge = property('vMerge');
    const isContinued = merge !== undefined && merge.attributes['val'] !== 'restart';
    const text = (isContinued ? above[cells.length] : undefined) ?? cellText(cell);
    const span = Number(property('gridSpan')?.attributes['val'] ?? '1');
    for (let column = 0; column < Math.min(Math.max(span, 1), 64); column += 1) cells.push(text);
  }
  return cells;
}

function cellText(cell: XmlElement): string {
  const paragraphs = elementsOf(cell).filter(({ name }) => name === 'p');
  return paragraphs.map(paragraphText).join('\n').replaceAll('\n', '<br>');
}
