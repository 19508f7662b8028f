import { checkJson } from '../python/check-json.ts';
import { pythonRepr } from '../python/python-repr.ts';
import { createPythonRegex } from '../python/python-regex.ts';
import { roundDecimal } from './round-decimal.ts';
import type { HostFunction, HostValue } from './value-bridge.ts';

const SPACE = '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';
/** Characters that stand for digits or numbers without being decimal digits. */
const DIGITS = '\\p{Nd}²³¹⁰⁴-⁹₀-₉①-⑨⑴-⑼⒈-⒐';
const NUMERALS = `${DIGITS}\\p{N}〇一二三四五六七八九十百千万億亿兆零壹贰叁肆伍陆柒捌玖拾佰仟萬两`;
const TESTS = new Map([
  ['alpha', /^\p{L}+$/u],
  ['decimal', /^\p{Nd}+$/u],
  ['digit', new RegExp(`^[${DIGITS}]+$`, 'u')],
  ['numeric', new RegExp(`^[${NUMERALS}]+$`, 'u')],
  ['alnum', new RegExp(`^[\\p{L}${NUMERALS}]+$`, 'u')],
  ['space', new RegExp(`^[${SPACE}]+$`, 'u')],
  ['ascii', /^[\0-\x7f]*$/], // eslint-disable-line no-control-regex -- that is what ASCII is
  ['printable', /^(?:[^\p{C}\p{Z}]| )*$/u],
]);
const BLANK = new RegExp(`[${SPACE}]`, 'u');
const LINES = /\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/g; // eslint-disable-line no-control-regex -- Python's line ends

const text = (value: HostValue | undefined): string => (typeof value === 'string' ? value : '');
const number = (value: HostValue | undefined): number => (typeof value === 'number' ? value : 0);

/** Runs of letters in turn, as `str.title` finds them. */
const titled = (source: string): string =>
  source.replace(/\p{L}[\p{L}\p{M}]*/gu, (word) => capitalized(word));

function capitalized(source: string): string {
  const [first = '', ...rest] = source;
  return first.toUpperCase() + rest.join('').toLowerCase();
}

const swapped = (source: string): string =>
  Array.from(source, (c) => (c === c.toUpperCase() ? c.toLowerCase() : c.toUpperCase())).join('');

/** @param sides - 1 left, 2 right, 3 both. */
function strip(source: string, characters: string | null, sides: number): string {
  const set = characters === null ? null : new Set(characters);
  const isDropped = (c: string): boolean => (set === null ? BLANK.test(c) : set.has(c));
  const points = Array.from(source);
  let from = 0;
  let to = points.length;
  if (sides & 1) while (from < to && isDropped(points[from] ?? '')) from += 1;
  if (sides & 2) while (to > from && isDropped(points[to - 1] ?? '')) to -= 1;
  return points.slice(from, to).join('');
}

function splitBlank(source: string, most: number, fromRight: boolean): readonly string[] {
  const words = source.split(new RegExp(`[${SPACE}]+`, 'u')).filter((word) => word !== '');
  if (most < 0 || words.length <= most) return words;
  const found: string[] = [];
  let rest = strip(source, null, 3);
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
  return fromRight ? [strip(rest, null, 2), ...found] : [...found, strip(rest, null, 1)];
}

function splitLines(source: string, keepsEnds: boolean): readonly string[] {
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
function cut(source: string, from: HostValue, to: HostValue, by: HostValue): string {
  const points = Array.from(source);
  const step = typeof by === 'number' ? by : 1;
  const size = points.length;
  if (step === 0) return '';
  const place = (value: HostValue, otherwise: number): number => {
    if (typeof value !== 'number') return otherwise;
    const absolute = value < 0 ? value + size : value;
    return step > 0 ? Math.max(0, Math.min(size, absolute)) : Math.max(-1, Math.min(size - 1, absolute));
  };
  const first = place(from, step > 0 ? 0 : size - 1);
  const last = place(to, step > 0 ? size : -1);
  const found: string[] = [];
  for (let at = first; step > 0 ? at < last : at > last; at += step) found.push(points[at] ?? '');
  return found.join('');
}

function expandTabs(source: string, size: number): string {
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

/** Text of JSON; with `isAscii` everything beyond ASCII is escaped. */
function quote(source: string, isAscii: boolean): string {
  const quoted = JSON.stringify(source).replaceAll('\x7f', isAscii ? '\\u007f' : '\x7f');
  if (!isAscii) return quoted;
  return quoted.replace(/[\x80-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Puts commas between thousands of a formatted number. */
function separate(formatted: string): string {
  return formatted.replace(/\d+/, (digits) => digits.replace(/\B(?=(?:\d{3})+$)/g, ','));
}

/** What Python may ask of the host: pure functions over texts and numbers. */
export function createHostFunctions(): { readonly [name: string]: HostFunction } {
  const regex = createPythonRegex();
  return {
    lower: (source) => text(source).toLowerCase(),
    upper: (source) => text(source).toUpperCase(),
    swapcase: (source) => swapped(text(source)),
    title: (source) => titled(text(source)),
    capitalize: (source) => capitalized(text(source)),
    test: (source, name) => TESTS.get(text(name))?.test(text(source)) ?? false,
    strip: (source, characters, sides) =>
      strip(text(source), typeof characters === 'string' ? characters : null, number(sides)),
    split: (source, most) => JSON.stringify(splitBlank(text(source), number(most), false)),
    rsplit: (source, most) => JSON.stringify(splitBlank(text(source), number(most), true)),
    splitlines: (source, keepsEnds) => JSON.stringify(splitLines(text(source), keepsEnds === true)),
    cut: (source, from, to, step) => cut(text(source), from ?? null, to ?? null, step ?? null),
    expandtabs: (source, size) => expandTabs(text(source), number(size)),
    repr: (source) => pythonRepr(text(source)),
    quote: (source, isAscii) => quote(text(source), isAscii === true),
    json: (source, isStrict) => checkJson(text(source), isStrict !== false),
    round: (value, digits) => roundDecimal(number(value), number(digits)),
    separate: (_spec, formatted) => separate(text(formatted)),
    encodeuri: (source, safe) => encodeUri(text(source), text(safe)),
    decodeuri: (source) => decodeUri(text(source)),
    re_compile: (pattern, flags) => regex.compile(text(pattern), number(flags)),
    re_find: (handle, source, from, mode) =>
      regex.find(number(handle), text(source), number(from), text(mode)),
  };
}

/** Escapes all bytes but letters, digits, `_.-~` and those of `safe`. */
function encodeUri(source: string, safe: string): string {
  return Array.from(new TextEncoder().encode(source), (byte) => {
    const character = String.fromCharCode(byte);
    if (byte < 0x80 && (/[\w.~-]/.test(character) || safe.includes(character))) return character;
    return `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }).join('');
}

function decodeUri(source: string): string {
  return source.replace(/(?:%[\da-fA-F]{2})+/g, (escaped) => {
    const bytes = escaped.slice(1).split('%').map((digits) => Number.parseInt(digits, 16));
    return new TextDecoder().decode(Uint8Array.from(bytes));
  });
}
