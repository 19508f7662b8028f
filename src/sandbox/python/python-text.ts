/* Texts as Python's `str` treats them, by code points and Unicode's rules. */

const SPACE = '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';
/** Characters that stand for digits or numbers without being decimal digits. */
const DIGITS = '\\p{Nd}²³¹⁰⁴-⁹₀-₉①-⑨⑴-⑼⒈-⒐';
const NUMERALS = `${DIGITS}\\p{N}〇一二三四五六七八九十百千万億亿兆零壹贰叁肆伍陆柒捌玖拾佰仟萬两`;
/** Tests of `str` by the words behind `is`. */
export const TEXT_TESTS: ReadonlyMap<string, RegExp> = new Map([
  ['alpha', /^\p{L}+$/u],
  ['decimal', /^\p{Nd}+$/u],
  ['digit', new RegExp(`^[${DIGITS}]+$`, 'u')],
  ['numeric', new RegExp(`^[${NUMERALS}]+$`, 'u')],
  ['alnum', new RegExp(`^[\\p{L}${NUMERALS}]+$`, 'u')],
  ['space', new RegExp(`^[${SPACE}]+$`, 'u')],
  ['ascii', /^[\0-\x7f]*$/],
  ['printable', /^(?:[^\p{C}\p{Z}]| )*$/u],
]);
const BLANK = new RegExp(`[${SPACE}]`, 'u');
const LINES = /\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/g;

/** Runs of letters in turn, as `str.title` finds them. */
export const titled = (source: string): string =>
  source.replace(/\p{L}[\p{L}\p{M}]*/gu, (word) => capitalized(word));

/** The first character large, the rest small. */
export function capitalized(source: string): string {
  const [first = '', ...rest] = source;
  return first.toUpperCase() + rest.join('').toLowerCase();
}

/** Small for large, large for small. */
export const swapped = (source: string): string =>
  Array.from(source, (c) => (c === c.toUpperCase() ? c.toLowerCase() : c.toUpperCase())).join('');

/**
 * Drops characters at the ends.
 * @param characters - Those to drop; null = blanks.
 * @param sides - 1 left, 2 right, 3 both.
 */
export function stripText(source: string, characters: string | null, sides: number): string {
  const set = characters === null ? null : new Set(characters);
  const isDropped = (c: string): boolean => (set === null ? BLANK.test(c) : set.has(c));
  const points = Array.from(source);
  let from = 0;
  let to = points.length;
  if (sides & 1) while (from < to && isDropped(points[from] ?? '')) from += 1;
  if (sides & 2) while (to > from && isDropped(points[to - 1] ?? '')) to -= 1;
  return points.slice(from, to).join('');
}

/** Words between blanks; `most` splits at most, all when negative. */
export function splitBlank(source: string, most: number, fromRight: boolean): readonly string[] {
  const words = source.split(new RegExp(`[${SPACE}]+`, 'u')).filter((word) => word !== '');
  if (most < 0 || words.length <= most) return words;
  const found: string[] = [];
  let rest = stripText(source, null, 3);
  while (found.length < most) {
    const pattern = fromRight ? `[${SPACE}]+([^${SPACE}]+)$` : `^([^${SPACE}]+)[${SPACE}]+`;
    const match = new RegExp(pattern, 'u').exec(rest);
    if (match === null) break;
    if (fromRight) {
      found.unshift(match[1] ?? '');
      rest = rest.slice(0, match.index);
    } else {
      found.push(match[1] ?? '');
      rest = rest.slice(match[0].length);
    }
  }
  if (rest === '') return found;
  return fromRight ? [stripText(rest, null, 2), ...found] : [...found, stripText(rest, null, 1)];
}

/** Lines, with or without their ends. */
export function splitLines(source: string, keepsEnds: boolean): readonly string[] {
  const lines: string[] = [];
  let from = 0;
  for (const match of source.matchAll(LINES)) {
    lines.push(source.slice(from, match.index) + (keepsEnds ? match[0] : ''));
    from = match.index + match[0].length;
  }
  if (from < source.length) lines.push(source.slice(from));
  return lines;
}

/** `source[from:to:step]`; null where it is left out. */
export function cutText(source: string, from: number | null, to: number | null, step: number): string {
  const points = Array.from(source);
  const size = points.length;
  if (step === 0) return '';
  const place = (value: number | null, otherwise: number): number => {
    if (value === null) return otherwise;
    const absolute = value < 0 ? value + size : value;
    return step > 0 ? Math.max(0, Math.min(size, absolute)) : Math.max(-1, Math.min(size - 1, absolute));
  };
  const first = place(from, step > 0 ? 0 : size - 1);
  const last = place(to, step > 0 ? size : -1);
  const found: string[] = [];
  for (let at = first; step > 0 ? at < last : at > last; at += step) found.push(points[at] ?? '');
  return found.join('');
}

/** Blanks for tabs, up to the next column that `size` divides. */
export function expandTabs(source: string, size: number): string {
  let column = 0;
  return Array.from(source, (character) => {
    if (character === '\n' || character === '\r') column = 0;
    else if (character !== '\t') column += 1;
    else {
      const width = size > 0 ? size - (column % size) : 0;
      column += width;
      return ' '.repeat(width);
    }
    return character;
  }).join('');
}

/** Puts commas between thousands of a formatted number. */
export function separateThousands(formatted: string): string {
  return formatted.replace(/\d+/, (digits) => digits.replace(/\B(?=(?:\d{3})+$)/g, ','));
}
