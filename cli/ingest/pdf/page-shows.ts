import { OPS } from 'unpdf/pdfjs';

/** Why readers of a page do not see a piece of its text. */
export type HiddenReason = 'invisible' | 'white' | 'layer' | 'tiny' | 'off-page';

/** One writing of text on a page; coordinates in points, from the lower left corner. */
export interface Show {
  readonly text: string;
  readonly x0: number;
  readonly x1: number;
  readonly y: number;
  readonly size: number;
  /** Name under which the library keeps the font. */
  readonly font: string;
  readonly hidden: HiddenReason | null;
}

/** What a page draws, as the library lists it. */
export interface PageOperators {
  readonly fnArray: readonly number[];
  readonly argsArray: readonly unknown[];
}

/** Where a page is cut and what of it is switched off. */
export interface PageFrame {
  /** Left, lower, right and upper edge. */
  readonly view: readonly number[];
  /** Whether a group of optional content is shown. */
  readonly isShown: (group: unknown) => boolean;
}

type Matrix = readonly [number, number, number, number, number, number];

interface State {
  readonly matrix: Matrix;
  readonly isWhite: boolean;
  readonly isClear: boolean;
  readonly mode: number;
  readonly font: string;
  readonly size: number;
  readonly characterSpacing: number;
  readonly wordSpacing: number;
  readonly scale: number;
  readonly leading: number;
}

interface Box {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
  readonly isWhite: boolean;
}

const IDENTITY: Matrix = [1, 0, 0, 1, 0, 0];
const START: State = {
  matrix: IDENTITY,
  isWhite: false,
  isClear: false,
  mode: 0,
  font: '',
  size: 1,
  characterSpacing: 0,
  wordSpacing: 0,
  scale: 1,
  leading: 0,
};
/** Most operators of a page that are followed. */
const MAX_OPERATORS = 1_000_000;
/** Most painted areas that are remembered. */
const MAX_BOXES = 2000;
/** Smallest letters that can be read, in points. */
const LEAST_SIZE = 1.5;
const FILLS: ReadonlySet<number> = new Set([
  OPS.fill,
  OPS.eoFill,
  OPS.fillStroke,
  OPS.eoFillStroke,
  OPS.closeFillStroke,
  OPS.closeEOFillStroke,
]);
const PICTURES: ReadonlySet<number> = new Set([
  OPS.paintImageXObject,
  OPS.paintInlineImageXObject,
  OPS.paintImageMaskXObject,
  OPS.paintImageXObjectRepeat,
  OPS.paintSolidColorImageMask,
]);

/** Follows what a page draws (ISO 32000-1, 8 and 9), to tell which of its text is not seen. */
export function pageShows({ fnArray, argsArray }: PageOperators, frame: PageFrame): readonly Show[] {
  const shows: Show[] = [];
  const boxes: Box[] = [];
  const stack: State[] = [];
  /** Whether each open mark switches its content off, and how many do. */
  const marks: boolean[] = [];
  let switchedOff = 0;
  let state = START;
  let text: Matrix = IDENTITY;
  let line: Matrix = IDENTITY;
  const move = (x: number, y: number): void => {
    line = multiply(line, [1, 0, 0, 1, x, y]);
    text = line;
  };
  const show = (glyphs: unknown): void => {
    const start = multiply(state.matrix, text);
    const { written, advance } = measure(glyphs, state);
    text = multiply(text, [1, 0, 0, 1, advance, 0]);
    const end = multiply(state.matrix, text);
    const size = Math.abs(state.size) * Math.hypot(start[2], start[3]);
    if (written === '') return;
    const [x, y] = [start[4], start[5]];
    const behind = (): Box | undefined => boxes.findLast((box) => contains(box, x + size / 4, y + size / 4));
    const isPale = state.isWhite && (behind()?.isWhite ?? true);
    shows.push({
      text: written,
      x0: Math.min(x, end[4]),
      x1: Math.max(x, end[4]),
      y,
      size,
      font: state.font,
      hidden: hiddenBy(state, isPale, switchedOff > 0, size, isOff(x, y, end[4], frame.view)),
    });
  };
  const length = Math.min(fnArray.length, MAX_OPERATORS);
  for (let index = 0; index < length; index += 1) {
    const operator = fnArray[index] ?? 0;
    const args = toList(argsArray[index]);
    const number = toNumber(args[0]);
    switch (operator) {
      case OPS.save:
        if (stack.length < MAX_OPERATORS) stack.push(state);
        break;
      case OPS.restore:
      case OPS.paintFormXObjectEnd:
        state = stack.pop() ?? state;
        break;
      case OPS.paintFormXObjectBegin:
        stack.push(state);
        state = { ...state, matrix: multiply(state.matrix, toMatrix(args[0])) };
        break;
      case OPS.transform:
        state = { ...state, matrix: multiply(state.matrix, toMatrix(args)) };
        break;
      case OPS.setGState:
        state = withSettings(state, args[0]);
        break;
      case OPS.setFillRGBColor:
        state = { ...state, isWhite: isWhiteColor(args[0]) };
        break;
      case OPS.setFillColorN:
        state = { ...state, isWhite: false };
        break;
      case OPS.beginText:
        line = IDENTITY;
        text = IDENTITY;
        break;
      case OPS.setFont:
        state = { ...state, font: String(args[0]), size: toNumber(args[1]) };
        break;
      case OPS.setTextMatrix:
        line = toMatrix(args.length === 1 ? args[0] : args);
        text = line;
        break;
      case OPS.setLeadingMoveText:
        state = { ...state, leading: toNumber(args[1]) };
        move(number, toNumber(args[1]));
        break;
      case OPS.moveText:
        move(number, toNumber(args[1]));
        break;
      case OPS.nextLine:
        move(0, state.leading);
        break;
      case OPS.setLeading:
        state = { ...state, leading: -number };
        break;
      case OPS.setCharSpacing:
        state = { ...state, characterSpacing: number };
        break;
      case OPS.setWordSpacing:
        state = { ...state, wordSpacing: number };
        break;
      case OPS.setHScale:
        state = { ...state, scale: number / 100 };
        break;
      case OPS.setTextRenderingMode:
        state = { ...state, mode: number };
        break;
      case OPS.beginMarkedContent:
        marks.push(false);
        break;
      case OPS.beginMarkedContentProps:
        marks.push(args[0] === 'OC' && !frame.isShown(args[1]));
        switchedOff += marks.at(-1) === true ? 1 : 0;
        break;
      case OPS.endMarkedContent:
        switchedOff -= marks.pop() === true ? 1 : 0;
        break;
      case OPS.showText:
        show(args[0]);
        break;
      case OPS.constructPath:
        if (FILLS.has(number) && boxes.length < MAX_BOXES)
          boxes.push(boxOf(state.matrix, toList(args[2]).map(toNumber), state.isWhite));
        break;
      default:
        // A picture fills the unit square.
        if (PICTURES.has(operator) && boxes.length < MAX_BOXES)
          boxes.push(boxOf(state.matrix, [0, 0, 1, 1], false));
    }
  }
  return shows;
}

function hiddenBy(
  state: State,
  isPale: boolean,
  isSwitchedOff: boolean,
  size: number,
  isOffPage: boolean,
): HiddenReason | null {
  if (isSwitchedOff) return 'layer';
  if (state.mode === 3 || state.mode === 7 || state.isClear) return 'invisible';
  if (isOffPage) return 'off-page';
  if (size < LEAST_SIZE) return 'tiny';
  // Modes 1 and 2 draw the edge of letters too.
  return isPale && state.mode === 0 ? 'white' : null;
}

/** Glyphs lie between numbers that move them, in thousandths of the font's size. */
function measure(glyphs: unknown, state: State): { written: string; advance: number } {
  let written = '';
  let advance = 0;
  for (const glyph of toList(glyphs)) {
    if (typeof glyph === 'number') advance -= (glyph / 1000) * state.size * state.scale;
    else if (typeof glyph === 'object' && glyph !== null) {
      const unicode: unknown = 'unicode' in glyph ? glyph.unicode : '';
      const width: unknown = 'width' in glyph ? glyph.width : 0;
      const isSpace = 'isSpace' in glyph && glyph.isSpace === true;
      written += typeof unicode === 'string' ? unicode : '';
      const spacing = state.characterSpacing + (isSpace ? state.wordSpacing : 0);
      advance += ((toNumber(width) / 1000) * state.size + spacing) * state.scale;
    }
  }
  return { written, advance };
}

function withSettings(state: State, settings: unknown): State {
  let changed = state;
  for (const setting of toList(settings)) {
    const [name, value] = toList(setting);
    if (name === 'ca') changed = { ...changed, isClear: toNumber(value) < 0.05 };
    if (name === 'Font') {
      const [font, size] = toList(value);
      changed = { ...changed, font: String(font), size: toNumber(size) };
    }
  }
  return changed;
}

function isWhiteColor(color: unknown): boolean {
  return typeof color === 'string' && /^#(?:f[89a-f]){3}$/i.test(color);
}

function isOff(x0: number, y: number, x1: number, view: readonly number[]): boolean {
  const [left = 0, lower = 0, right = 0, upper = 0] = view;
  return Math.max(x0, x1) < left || Math.min(x0, x1) > right || y < lower - 1 || y > upper + 1;
}

function contains({ x0, y0, x1, y1 }: Box, x: number, y: number): boolean {
  return x >= x0 && x <= x1 && y >= y0 && y <= y1;
}

function boxOf(matrix: Matrix, [x0 = 0, y0 = 0, x1 = 0, y1 = 0]: readonly number[], isWhite: boolean): Box {
  const corners = [
    [x0, y0],
    [x1, y0],
    [x0, y1],
    [x1, y1],
  ].map(([x = 0, y = 0]) => multiply(matrix, [1, 0, 0, 1, x, y]));
  const xs = corners.map((corner) => corner[4]);
  const ys = corners.map((corner) => corner[5]);
  return { x0: Math.min(...xs), y0: Math.min(...ys), x1: Math.max(...xs), y1: Math.max(...ys), isWhite };
}

function multiply(a: Matrix, b: Matrix): Matrix {
  return [
    a[0] * b[0] + a[2] * b[1],
    a[1] * b[0] + a[3] * b[1],
    a[0] * b[2] + a[2] * b[3],
    a[1] * b[2] + a[3] * b[3],
    a[0] * b[4] + a[2] * b[5] + a[4],
    a[1] * b[4] + a[3] * b[5] + a[5],
  ];
}

function toMatrix(value: unknown): Matrix {
  const [a, b, c, d, e, f] = toList(value).map(toNumber);
  return f === undefined ? IDENTITY : [a ?? 1, b ?? 0, c ?? 0, d ?? 1, e ?? 0, f];
}

function toList(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return value instanceof Float32Array || value instanceof Float64Array ? Array.from(value) : [];
}

function toNumber(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}
