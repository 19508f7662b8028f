/** Writes comma-separated values as a Markdown table, the first row as its head; rows may be of different lengths. */
export function csvTable(text: string): string {
  return markdownTable(parseCsv(text), (cell) => '-'.repeat(Array.from(cell).length));
}

/** Writes rows as a Markdown table with a line end after each; '' when there are none. */
export function markdownTable(
  rows: readonly (readonly string[])[],
  rule: (cell: string) => string = () => '---',
): string {
  const [head, ...body] = rows;
  if (head === undefined) return '';
  return [head, head.map(rule), ...body].map((cells) => `| ${cells.map(oneLine).join(' | ')} |\n`).join('');
}

function oneLine(cell: string): string {
  return cell.replaceAll('\n', ' ').replaceAll('\r', '');
}

/** Reads comma-separated values: a cell in quotes may hold commas, line ends, and quotes that are doubled. */
function parseCsv(text: string): readonly (readonly string[])[] {
  const rows: string[][] = [];
  let row: string[] = [];
  // An empty line is a row without cells.
  const endRow = (): void => {
    rows.push(row.length === 1 && row[0] === '' ? [] : row);
    row = [];
  };
  const cells = /(?:"((?:[^"]|"")*)"?([^,\r\n]*)|([^,\r\n]*))(,|\r\n|\n|\r|$)/y;
  while (cells.lastIndex < text.length) {
    const [, quoted, rest = '', plain = '', end] = cells.exec(text) ?? [];
    if (end === undefined) break;
    row.push(quoted === undefined ? plain : quoted.replaceAll('""', '"') + rest);
    if (end !== ',') endRow();
    else if (cells.lastIndex === text.length) {
      row.push('');
      endRow();
    }
  }
  return rows;
}
