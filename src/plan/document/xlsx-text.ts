import { mainPart, readPart, readRelations } from './open-package.ts';
import { readDateStyles, serialDate } from './spreadsheet-dates.ts';
import type { XmlElement } from './xml.ts';
import { elementsOf, findAll, textOf } from './xml.ts';
import { ZipArchive } from './zip.ts';

/** Columns that a sheet may have; cells far off are a slip of somebody's hand. */
const MAX_COLUMNS = 1024;

/** What the cells of a workbook share. */
interface Workbook {
  readonly texts: readonly string[];
  /** Whether a style shows numbers as dates. */
  readonly isDate: readonly boolean[];
  readonly is1904: boolean;
}

/** The sheets of a workbook as Markdown tables; rows without a value are left out, and the first that is left is the head. */
export async function xlsxText(bytes: Uint8Array): Promise<string> {
  const archive = new ZipArchive(bytes);
  const part = await mainPart(archive, 'xl/workbook.xml');
  const root = await readPart(archive, part);
  const relations = await readRelations(archive, part);
  const folder = part.slice(0, part.lastIndexOf('/') + 1);
  const workbook: Workbook = {
    texts: await readTexts(archive, `${folder}sharedStrings.xml`),
    isDate: readDateStyles(await readOptional(archive, `${folder}styles.xml`)),
    is1904: ['1', 'true'].includes(findAll(root, 'workbookPr')[0]?.attributes['date1904'] ?? ''),
  };
  const tables: string[] = [];
  for (const sheet of findAll(root, 'sheet')) {
    const name = relations.get(sheet.attributes['id'] ?? '');
    if (name === undefined || !archive.names.includes(name)) continue;
    const rows = readRows(await readPart(archive, name), workbook);
    if (rows.length > 0) tables.push(`${table(rows)}\n\n`);
  }
  return tables.join('');
}

async function readOptional(archive: ZipArchive, name: string): Promise<XmlElement | null> {
  return archive.names.includes(name) ? await readPart(archive, name) : null;
}

async function readTexts(archive: ZipArchive, name: string): Promise<readonly string[]> {
  const root = await readOptional(archive, name);
  return root === null ? [] : elementsOf(root).map(richText);
}

/** Text in runs, without how it is pronounced. */
function richText(element: XmlElement): string {
  return elementsOf(element)
    .map((part) => (part.name === 't' ? textOf(part) : part.name === 'r' ? richText(part) : ''))
    .join('');
}

function readRows(sheet: XmlElement, workbook: Workbook): readonly (readonly string[])[] {
  const rows = findAll(sheet, 'row').map((row) => {
    const cells: string[] = [];
    for (const cell of elementsOf(row)) {
      if (cell.name !== 'c') continue;
      const column = columnOf(cell.attributes['r'] ?? '') ?? cells.length;
      if (column < MAX_COLUMNS) cells[column] = cellText(cell, workbook);
    }
    return Array.from(cells, (text: string | undefined) => text ?? '');
  });
  const filled = rows.filter((row) => row.some((cell) => cell !== ''));
  const width = Math.max(0, ...filled.map((row) => row.length));
  return filled.map((row) => [...row, ...Array.from({ length: width - row.length }, () => '')]);
}

/** Letters before the number of the row, from A = 0; null when there are none. */
function columnOf(reference: string): number | null {
  const letters = /^[A-Z]{1,3}/.exec(reference)?.[0];
  if (letters === undefined) return null;
  let column = 0;
  for (const letter of letters) column = column * 26 + (letter.codePointAt(0) ?? 0) - 64;
  return column - 1;
}

function cellText(cell: XmlElement, { texts, isDate, is1904 }: Workbook): string {
  const parts = elementsOf(cell);
  const inline = parts.find(({ name }) => name === 'is');
  if (inline !== undefined) return richText(inline);
  const value = parts.find(({ name }) => name === 'v');
  const text = value === undefined ? '' : textOf(value);
  const { t: type = 'n', s: style = '0' } = cell.attributes;
  if (type === 's') return texts[Number(text)] ?? '';
  if (type === 'b') return text === '1' ? 'True' : 'False';
  if (type !== 'n' || text === '') return text;
  const number = Number(text);
  if (!Number.isFinite(number)) return text;
  return isDate[Number(style)] === true ? serialDate(number, is1904) : String(number);
}

function table(rows: readonly (readonly string[])[]): string {
  const [head = [], ...body] = rows.map((row) => row.map((cell) => cell.replaceAll(/\r\n|\n|\r/g, ' ')));
  const rule = head.map((cell) => '-'.repeat(Math.max(1, Array.from(cell).length)));
  return [head, rule, ...body].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
