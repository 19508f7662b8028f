import type { Line, Segment } from './reading-order.ts';

/** A table that was found. */
export interface FoundTable {
  readonly rows: readonly (readonly string[])[];
  /** How many lines it takes. */
  readonly lineCount: number;
}

interface Column {
  readonly x0: number;
  readonly x1: number;
}

/** Largest distance of lines of one cell, in letter sizes. */
const CELL_LEADING = 1.45;
/** Largest distance of rows, in letter sizes. */
const ROW_LEADING = 4;

/**
 * Reads the table that begins with a line: two lines or more whose segments stand in the same two columns or more, of which the first
 * line fills each. Null where that is not sure: the lines are then read as text.
 */
export function readTable(lines: readonly Line[], start: number): FoundTable | null {
  const first = lines[start];
  if (first === undefined || first.segments.length < 2) return null;
  let columns: readonly Column[] = first.segments;
  const rows: string[][] = [first.segments.map(({ text }) => text)];
  let full = 1;
  let last = first;
  let index = start + 1;
  for (; index < lines.length; index += 1) {
    const line = lines[index];
    if (line === undefined || line.column !== first.column) break;
    const gap = line.y - last.y;
    if (gap <= 0 || gap > ROW_LEADING * first.size || line.size > first.size * 1.3) break;
    const places = placesOf(line.segments, columns);
    if (places === null) break;
    const isContinued = places[0] !== 0 && gap <= CELL_LEADING * line.size;
    // A line of one cell at the left may as well be the text below.
    if (line.segments.length === 1 && !isContinued) break;
    columns = columns.map((column, place) => widen(column, line.segments[places.indexOf(place)]));
    const row = isContinued ? (rows.at(-1) ?? []) : columns.map(() => '');
    line.segments.forEach(({ text }, at) => {
      const place = places[at] ?? 0;
      row[place] = `${row[place] ?? ''} ${text}`.trim();
    });
    if (!isContinued) rows.push(row);
    if (line.segments.length > 1) full += 1;
    last = line;
  }
  return full >= 2 && rows.length >= 2 ? { rows, lineCount: index - start } : null;
}

/** The column of each segment, each its own; null where one is in none or in two. */
function placesOf(segments: readonly Segment[], columns: readonly Column[]): readonly number[] | null {
  const places: number[] = [];
  for (const segment of segments) {
    const touched = columns.flatMap((column, index) =>
      Math.min(segment.x1, column.x1) > Math.max(segment.x0, column.x0) ? [index] : [],
    );
    const [place, ...others] = touched;
    if (place === undefined || others.length > 0 || places.includes(place)) return null;
    places.push(place);
  }
  return places;
}

function widen(column: Column, segment: Segment | undefined): Column {
  if (segment === undefined) return column;
  return { x0: Math.min(column.x0, segment.x0), x1: Math.max(column.x1, segment.x1) };
}
