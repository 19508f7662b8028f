import type { HiddenReason, Show } from './page-shows.ts';

/** A piece of text of one font on one line, on an upright page; `y` is the baseline, counted downward. Points. */
export interface Run {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly size: number;
  readonly isBold: boolean;
  readonly isRightToLeft: boolean;
}

/** A text item as the library gives it; its matrix leads to the page's own coordinates. */
export interface TextItem {
  readonly str: string;
  readonly dir: string;
  readonly width: number;
  readonly transform: readonly number[];
  readonly fontName: string;
}

/** Most runs of a page that are read. */
const MAX_RUNS = 20_000;

/** The runs of a page that are seen, and what is not. */
export interface PageRuns {
  readonly runs: readonly Run[];
  readonly hidden: readonly { readonly reason: HiddenReason; readonly text: string }[];
  /** Whether all its text lies unseen over a picture, as text recognition writes it. */
  readonly isRecognized: boolean;
}

/**
 * Sorts the text of a page into what is seen and what is not, and turns it upright. Text at another angle than most, such as a
 * watermark, is left out.
 * @param toDevice - Matrix from the page's coordinates to those of a screen.
 */
export function pageRuns(
  items: readonly TextItem[],
  shows: readonly Show[],
  toDevice: readonly number[],
  isBoldFont: (font: string) => boolean,
): PageRuns {
  const hidden = shows.filter((show) => show.hidden !== null);
  const isRecognized =
    shows.length > 0 && hidden.length === shows.length && shows.every((show) => show.hidden === 'invisible');
  const told = isRecognized ? [] : hidden;
  const seen = told.length === 0 ? items : seenItems(items, shows);
  const runs = seen
    .filter(({ str }) => str.trim() !== '')
    .slice(0, MAX_RUNS)
    .map((item) => placeItem(item, toDevice, isBoldFont));
  return { runs: upright(runs), hidden: joinHidden(told), isRecognized };
}

/** Items may hold text of several writings, seen and unseen; then the seen ones stand for the item. */
function seenItems(items: readonly TextItem[], shows: readonly Show[]): readonly TextItem[] {
  const rows = new Map<number, Show[]>();
  for (const show of shows) {
    const row = rows.get(Math.round(show.y));
    if (row === undefined) rows.set(Math.round(show.y), [show]);
    else row.push(show);
  }
  return items.flatMap((item): readonly TextItem[] => {
    const [x = 0, y = 0] = item.transform.slice(4);
    const near = [-1, 0, 1].flatMap((step) => rows.get(Math.round(y) + step) ?? []);
    const parts = near.filter(
      ({ x0, x1 }) => Math.min(x1, x + item.width) - Math.max(x0, x) > 0.2 || Math.abs(x0 - x) < 0.2,
    );
    if (parts.every((part) => part.hidden === null)) return [item];
    return parts
      .filter((part) => part.hidden === null)
      .map((part) => ({
        ...item,
        str: part.text,
        width: part.x1 - part.x0,
        transform: [...item.transform.slice(0, 4), part.x0, part.y],
      }));
  });
}

interface Placed extends Run {
  /** Quarter turns. */
  readonly turn: number;
}

function placeItem(
  item: TextItem,
  toDevice: readonly number[],
  isBoldFont: (font: string) => boolean,
): Placed {
  const [a = 1, b = 0, c = 0, d = 1, e = 0, f = 0] = toDevice;
  const [p = 1, q = 0, r = 0, s = 1, x = 0, y = 0] = item.transform;
  const angle = Math.atan2(b * p + d * q, a * p + c * q) / (Math.PI / 2);
  const turn = Math.round(angle);
  return {
    text: item.str,
    x: a * x + c * y + e,
    y: b * x + d * y + f,
    width: item.width,
    size: Math.hypot(r, s),
    isBold: isBoldFont(item.fontName),
    isRightToLeft: item.dir === 'rtl',
    turn: Math.abs(angle - turn) < 0.1 ? (turn + 4) % 4 : -1,
  };
}

function upright(runs: readonly Placed[]): readonly Run[] {
  const letters = [0, 0, 0, 0];
  for (const { turn, text } of runs) if (turn >= 0) letters[turn] = (letters[turn] ?? 0) + text.length;
  const turn = letters.indexOf(Math.max(...letters));
  const [cos = 1, sin = 0] = [
    [1, 0],
    [0, 1],
    [-1, 0],
    [0, -1],
  ][turn] ?? [1, 0];
  return runs
    .filter((run) => run.turn === turn && Number.isFinite(run.x) && Number.isFinite(run.y))
    .map((run) => ({ ...run, x: run.x * cos + run.y * sin, y: run.y * cos - run.x * sin }));
}

/** What is hidden for one reason is told as one text: programs cut text anywhere. */
function joinHidden(shows: readonly Show[]): PageRuns['hidden'] {
  const texts = new Map<HiddenReason, string[]>();
  for (const { hidden, text } of shows) {
    if (hidden === null) continue;
    const pieces = texts.get(hidden);
    if (pieces === undefined) texts.set(hidden, [text]);
    else pieces.push(text);
  }
  return [...texts].map(([reason, pieces]) => ({ reason, text: pieces.join(' ') }));
}
