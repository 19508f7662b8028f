import { intersectRanges, invertRanges, normalizeRanges } from './code-point-ranges.ts';

/** Spells a text as a GBNF literal. */
export function gbnfLiteral(text: string): string {
  let spelled = '';
  for (const sign of text) {
    const point = sign.codePointAt(0) ?? 0;
    if (sign === '"' || sign === '\\') spelled += `\\${sign}`;
    else if (point >= 0x20 && point < 0x7f) spelled += sign;
    else spelled += escape(point);
  }
  return `"${spelled}"`;
}

/** Spells normalized ranges of code points as a GBNF set. */
export function gbnfSet(ranges: readonly number[]): string {
  let spelled = '';
  for (let at = 0; at + 1 < ranges.length; at += 2) {
    const first = ranges[at] ?? 0;
    const last = ranges[at + 1] ?? first;
    spelled += first === last ? escape(first) : `${escape(first)}-${escape(last)}`;
  }
  return `[${spelled}]`;
}

function escape(point: number): string {
  const isPlain =
    (point >= 48 && point <= 57) || (point >= 65 && point <= 90) || (point >= 97 && point <= 122);
  if (isPlain) return String.fromCodePoint(point);
  const digits = point.toString(16).toUpperCase();
  if (point <= 0xff) return `\\x${digits.padStart(2, '0')}`;
  return point <= 0xffff ? `\\u${digits.padStart(4, '0')}` : `\\U${digits.padStart(8, '0')}`;
}

/** Characters that stand for themselves in a JSON string (RFC 8259 §7); DEL is left out, no one means it. */
export const PLAIN_IN_JSON: readonly number[] = normalizeRanges([
  0x20, 0x21, 0x23, 0x5b, 0x5d, 0x7e, 0x80, 0x10ffff,
]);

const SHORT_ESCAPES: Readonly<Record<number, string>> = {
  8: 'b',
  9: 't',
  10: 'n',
  12: 'f',
  13: 'r',
  34: '"',
  92: '\\',
};

/** A GBNF expression for one character of the ranges as it is written within a JSON string, or null when there is none. */
export function gbnfJsonCharacter(ranges: readonly number[]): string | null {
  const options: string[] = [];
  const plain = intersectRanges(ranges, PLAIN_IN_JSON);
  if (plain.length > 0) options.push(gbnfSet(plain));
  const escaped = intersectRanges(ranges, invertRanges(PLAIN_IN_JSON));
  for (let at = 0; at + 1 < escaped.length; at += 2)
    for (let point = escaped[at] ?? 0; point <= (escaped[at + 1] ?? 0); point += 1) {
      const short = SHORT_ESCAPES[point];
      options.push(gbnfLiteral(`\\${short ?? `u${point.toString(16).padStart(4, '0')}`}`));
    }
  if (options.length === 0) return null;
  return options.length === 1 ? (options[0] ?? null) : `(${options.join(' | ')})`;
}
