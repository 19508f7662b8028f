import { countWords } from '../count-words.ts';
import type { Run } from './page-runs.ts';

/** Text of one line without wide gaps. */
export interface Segment {
  readonly text: string;
  readonly x0: number;
  readonly x1: number;
}

/** A line of a page, in its column. */
export interface Line {
  readonly text: string;
  readonly segments: readonly Segment[];
  readonly x0: number;
  readonly x1: number;
  /** Baseline, counted downward. */
  readonly y: number;
  readonly size: number;
  readonly isBold: boolean;
  /** Edges of the column it stands in. */
  readonly left: number;
  readonly right: number;
  /** Number of the column in its page, counted in reading order. */
  readonly column: number;
}

/** What stands before the items of lists; `\uf0b7` and its like are bullets of symbol fonts. */
export const MARKER: RegExp =
  /^(?:[•‣◦▪▫●○■□–—*·-]|[\uf000-\uf0ff]|\(?\d{1,3}[.)、]|[a-zA-Z][.)]|[（(]?[一二三四五六七八九十]{1,3}[、)）])$/u;

/** Letters written without blanks between words. */
export const WIDE: RegExp = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\u3000-\u303f\uff00-\uffef]/u;

/** Gap that parts segments, in letter sizes. */
const GAP = 1.4;
/** Fewest rows with text on both sides that make columns. */
const LEAST_ROWS = 4;
/** How much of a column its lines must fill; cells of tables are shorter. */
const LEAST_FILL = 0.6;
/** Places that are tried for the space between columns. */
const STEPS = 120;

type Row = readonly (Segment & { readonly y: number; readonly size: number; readonly isBold: boolean })[];

/** Puts the runs of a page into lines, in the order in which they are read: columns one after the other. */
export function readingOrder(runs: readonly Run[]): readonly Line[] {
  const lines: Line[] = [];
  let column = 0;
  const emit = (rows: readonly Row[], depth: number): void => {
    const gutter = depth < 3 ? findGutter(rows) : null;
    if (gutter === null) {
      const left = Math.min(...rows.map(leftOf));
      const right = Math.max(...rows.map(rightOf));
      for (const row of rows) lines.push(lineOf(row, left, right, column));
      column += 1;
      return;
    }
    for (const band of bandsOf(rows, gutter)) {
      if (!band.isColumned) emit(band.rows, 3);
      else
        for (const isLeft of [true, false]) {
          const half = band.rows
            .map((row) => row.filter((segment) => segment.x1 <= gutter === isLeft))
            .filter((row) => row.length > 0);
          if (half.length > 0) emit(half, depth + 1);
        }
    }
  };
  const rows = rowsOf(runs);
  if (rows.length > 0) emit(rows, 0);
  return lines;
}

function rowsOf(runs: readonly Run[]): readonly Row[] {
  const sorted = [...runs].sort((a, b) => a.y - b.y || a.x - b.x);
  const rows: { y: number; size: number; runs: Run[] }[] = [];
  for (const run of sorted) {
    const row = rows.at(-1);
    // Raised and lowered letters belong to their line.
    if (row !== undefined && run.y - row.y < 0.45 * Math.max(run.size, row.size)) {
      row.runs.push(run);
      if (run.size > row.size) Object.assign(row, { size: run.size, y: run.y });
    } else rows.push({ y: run.y, size: run.size, runs: [run] });
  }
  return rows.map(({ runs: inRow, y }) => segmentsOf(inRow).map((segment) => ({ ...segment, y })));
}

function segmentsOf(runs: readonly Run[]): readonly (Segment & { size: number; isBold: boolean })[] {
  const sorted = [...runs].sort((a, b) => a.x - b.x);
  const groups: Run[][] = [];
  for (const run of sorted) {
    const group = groups.at(-1);
    const last = group?.at(-1);
    const gap = last === undefined ? 0 : run.x - last.x - last.width;
    // The blank behind a bullet or a number is wide.
    const isMarker =
      group !== undefined &&
      MARKER.test(
        group
          .map(({ text }) => text)
          .join('')
          .trim(),
      );
    if (
      group === undefined ||
      last === undefined ||
      gap > (isMarker ? 5 : GAP) * Math.max(run.size, last.size)
    )
      groups.push([run]);
    else group.push(run);
  }
  return groups.map((group) => ({
    text: joinRuns(group),
    x0: Math.min(...group.map(({ x }) => x)),
    x1: Math.max(...group.map(({ x, width }) => x + width)),
    size: mainSize(group),
    isBold: group.every(({ isBold, text }) => isBold || text.trim() === ''),
  }));
}

function joinRuns(runs: readonly Run[]): string {
  const letters = (isRight: boolean): number =>
    runs.reduce((sum, run) => sum + (run.isRightToLeft === isRight ? run.text.length : 0), 0);
  const ordered = letters(true) > letters(false) ? [...runs].reverse() : runs;
  let text = '';
  let last: Run | null = null;
  for (const run of ordered) {
    const gap = last === null ? 0 : Math.max(run.x - last.x - last.width, last.x - run.x - run.width);
    const isWide = WIDE.test(text.slice(-1)) && WIDE.test(run.text.slice(0, 1));
    text += gap > 0.12 * run.size && !isWide && !/\s$/.test(text) ? ` ${run.text}` : run.text;
    last = run;
  }
  return text.replace(/[ \t\u00a0]+/g, ' ').trim();
}

function mainSize(runs: readonly Run[]): number {
  const letters = new Map<number, number>();
  for (const { size, text } of runs) letters.set(size, (letters.get(size) ?? 0) + text.length);
  return [...letters].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 0;
}

/** The place that most rows leave free while text stands on both sides; null where lines do not fill such columns. */
function findGutter(rows: readonly Row[]): number | null {
  const left = Math.min(...rows.map(leftOf));
  const right = Math.max(...rows.map(rightOf));
  let best: { x: number; count: number } | null = null;
  for (let step = 1; step < STEPS; step += 1) {
    const x = left + ((right - left) * step) / STEPS;
    if (step < STEPS * 0.2 || step > STEPS * 0.8) continue;
    const split = rows.filter((row) => !isCrossed(row, x));
    const count = split.filter((row) => leftOf(row) < x && rightOf(row) > x).length;
    if (count >= LEAST_ROWS && count > (best?.count ?? 0) && isFilled(split, x)) best = { x, count };
  }
  return best?.x ?? null;
}

/** Columns of text share the page and hold sentences; columns of a table are narrow, or their cells short. */
function isFilled(rows: readonly Row[], gutter: number): boolean {
  const whole = Math.max(...rows.map(rightOf)) - Math.min(...rows.map(leftOf));
  let widths = 0;
  for (const isLeft of [true, false]) {
    const side = rows
      .map((row) => row.filter((segment) => segment.x1 <= gutter === isLeft))
      .filter((row) => row.length > 0);
    const width = Math.max(...side.map(rightOf)) - Math.min(...side.map(leftOf));
    const filled = median(side.map((row) => rightOf(row) - leftOf(row)));
    const words = median(side.map((row) => countWords(row.map(({ text }) => text).join(' '))));
    if (side.length < LEAST_ROWS || width < whole / 4 || filled < LEAST_FILL * width || words < 3)
      return false;
    widths += width;
  }
  return widths >= 0.75 * whole;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

/** Rows that reach across the space between columns, such as headings over both, part the columns. */
function bandsOf(rows: readonly Row[], gutter: number): readonly { isColumned: boolean; rows: Row[] }[] {
  const bands: { isColumned: boolean; rows: Row[] }[] = [];
  for (const row of rows) {
    const isColumned = !isCrossed(row, gutter);
    const band = bands.at(-1);
    if (band?.isColumned === isColumned) band.rows.push(row);
    else bands.push({ isColumned, rows: [row] });
  }
  return bands;
}

function isCrossed(row: Row, x: number): boolean {
  return row.some((segment) => segment.x0 < x && segment.x1 > x);
}

function lineOf(row: Row, left: number, right: number, column: number): Line {
  return {
    text: row.map(({ text }) => text).join(' '),
    segments: row.map(({ text, x0, x1 }) => ({ text, x0, x1 })),
    x0: leftOf(row),
    x1: rightOf(row),
    y: row[0]?.y ?? 0,
    size: Math.max(...row.map(({ size }) => size)),
    isBold: row.every(({ isBold }) => isBold),
    left,
    right,
    column,
  };
}

function leftOf(row: Row): number {
  return Math.min(...row.map(({ x0 }) => x0));
}

function rightOf(row: Row): number {
  return Math.max(...row.map(({ x1 }) => x1));
}
