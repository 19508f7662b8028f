import { invertRanges, normalizeRanges } from './code-point-ranges.ts';
import { GRAMMAR_LIMITS } from './grammar.ts';
import { gbnfJsonCharacter } from './gbnf-text.ts';
import { schemaError } from './schema-error.ts';

/**
 * Turns the `pattern` of a JSON schema into a GBNF expression for the inside of a JSON string.
 *
 * Read is what a regular language needs: characters, `.`, sets, `\d \w \s` and their opposites, escapes, groups `( )` and
 * `(?: )`, `|`, `* + ? {m} {m,} {m,n}`, and `^` and `$` at the ends of the whole or of its alternatives. As in ECMA-262 with
 * the flag u, a pattern without anchors matches anywhere within the string.
 *
 * @throws UnderstudyError `engine/grammar-invalid` with the pointer for everything else: look-around, references, `\b`.
 */
export function patternToGbnf(pattern: string, pointer: string): string {
  if (pattern.length > GRAMMAR_LIMITS.text / 16) throw schemaError('The pattern is too long.', pointer);
  return new PatternParser(pattern, pointer).parse();
}

const DIGITS = [48, 57];
const WORDS = [48, 57, 65, 90, 95, 95, 97, 122];
/** WhiteSpace and LineTerminator of ECMA-262 §12.2 and §12.3. */
const SPACES = normalizeRanges([
  9, 13, 32, 32, 0xa0, 0xa0, 0x1680, 0x1680, 0x2000, 0x200a, 0x2028, 0x2029, 0x202f, 0x202f, 0x205f, 0x205f,
  0x3000, 0x3000, 0xfeff, 0xfeff,
]);
const NOT_LINE_ENDS = invertRanges([10, 10, 13, 13, 0x2028, 0x2029]);
const ALL = normalizeRanges([0, 0x10ffff]);
const CLASSES: Readonly<Record<string, readonly number[]>> = {
  d: DIGITS,
  D: invertRanges(DIGITS),
  w: WORDS,
  W: invertRanges(WORDS),
  s: SPACES,
  S: invertRanges(SPACES),
};
const CONTROLS: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, f: 12, v: 11, '0': 0 };

class PatternParser {
  readonly #signs: readonly string[];
  readonly #pointer: string;
  #at = 0;

  constructor(pattern: string, pointer: string) {
    this.#signs = Array.from(pattern);
    this.#pointer = pointer;
  }

  parse(): string {
    const options: string[] = [];
    do {
      const isFromStart = this.#take('^');
      const inner = this.#parseSequence(0);
      const isToEnd = this.#take('$');
      const around = this.#spell(ALL);
      options.push(`${isFromStart ? '' : `${around}* `}${inner}${isToEnd ? '' : ` ${around}*`}`);
    } while (this.#take('|'));
    if (this.#at < this.#signs.length) throw this.#unsupported(this.#signs[this.#at] ?? '');
    return options.length === 1 ? (options[0] ?? '""') : `(${options.join(' | ')})`;
  }

  #parseChoice(depth: number): string {
    if (depth > GRAMMAR_LIMITS.depth / 2)
      throw schemaError('The groups of the pattern are nested too deep.', this.#pointer);
    const options = [this.#parseSequence(depth)];
    while (this.#take('|')) options.push(this.#parseSequence(depth));
    return `(${options.join(' | ')})`;
  }

  #parseSequence(depth: number): string {
    const items: string[] = [];
    for (let sign = this.#signs[this.#at]; sign !== undefined; sign = this.#signs[this.#at]) {
      if (sign === '|' || sign === ')' || (sign === '$' && depth === 0)) break;
      items.push(this.#parseAtom(sign, depth) + this.#parseQuantifier());
    }
    return items.length === 0 ? '""' : items.join(' ');
  }

  #parseAtom(sign: string, depth: number): string {
    this.#at += 1;
    if (sign === '.') return this.#spell(NOT_LINE_ENDS);
    if (sign === '[') return this.#spell(this.#parseSet());
    if (sign === '\\') return this.#spell(this.#parseEscape(false));
    if (sign === '(') {
      if (this.#take('?') && !this.#take(':')) throw this.#unsupported('(?');
      const inner = this.#parseChoice(depth + 1);
      if (!this.#take(')')) throw schemaError('A group of the pattern is not closed.', this.#pointer);
      return inner;
    }
    if ('^$*+?{}]'.includes(sign)) throw this.#unsupported(sign);
    const point = sign.codePointAt(0) ?? 0;
    return this.#spell([point, point]);
  }

  #parseQuantifier(): string {
    let quantifier = '';
    const sign = this.#signs[this.#at] ?? '';
    if (sign !== '' && '*+?'.includes(sign)) {
      quantifier = sign;
      this.#at += 1;
    } else if (sign === '{') {
      const end = this.#signs.indexOf('}', this.#at);
      quantifier = this.#signs.slice(this.#at, end + 1).join('');
      if (!/^\{\d{1,6}(,\d{0,6})?\}$/.test(quantifier)) throw this.#unsupported('{');
      if ((quantifier.match(/\d+/g) ?? []).some((count) => Number(count) > GRAMMAR_LIMITS.repetitions))
        throw schemaError('The pattern repeats too often.', this.#pointer);
      this.#at = end + 1;
    }
    // A lazy quantifier matches the same strings.
    if (quantifier !== '') this.#take('?');
    return quantifier;
  }

  #parseSet(): readonly number[] {
    const isNegated = this.#take('^');
    const pairs: number[] = [];
    for (;;) {
      const sign = this.#signs[this.#at];
      if (sign === undefined) throw schemaError('A set of the pattern is not closed.', this.#pointer);
      if (this.#take(']')) break;
      const first = this.#parseSetItem();
      const isRange = this.#signs[this.#at] === '-' && this.#signs[this.#at + 1] !== ']';
      if (!isRange) {
        pairs.push(...first);
        continue;
      }
      this.#at += 1;
      const last = this.#parseSetItem();
      const [low, lowEnd] = first;
      const [high, highEnd] = last;
      if (low === undefined || high === undefined || low !== lowEnd || high !== highEnd || high < low)
        throw schemaError('A range of the pattern is none.', this.#pointer);
      pairs.push(low, high);
    }
    const ranges = normalizeRanges(pairs);
    return isNegated ? invertRanges(ranges) : ranges;
  }

  #parseSetItem(): readonly number[] {
    const sign = this.#signs[this.#at] ?? '';
    this.#at += 1;
    if (sign === '\\') return this.#parseEscape(true);
    const point = sign.codePointAt(0);
    if (point === undefined) throw schemaError('A set of the pattern is not closed.', this.#pointer);
    return [point, point];
  }

  /** The characters an escape stands for; the backslash was taken. */
  #parseEscape(isInSet: boolean): readonly number[] {
    const sign = this.#signs[this.#at] ?? '';
    this.#at += 1;
    if (Object.hasOwn(CLASSES, sign)) return CLASSES[sign] ?? [];
    const isDigitNext = /[0-9]/.test(this.#signs[this.#at] ?? '');
    const control =
      Object.hasOwn(CONTROLS, sign) && !(sign === '0' && isDigitNext) ? CONTROLS[sign] : undefined;
    if (control !== undefined) return [control, control];
    if (isInSet && sign === 'b') return [8, 8];
    if (sign === 'x') return this.#readHex(2);
    if (sign === 'u') {
      if (!this.#take('{')) return this.#readHex(4);
      const length = this.#signs.indexOf('}', this.#at) - this.#at;
      if (length < 1 || length > 6) throw this.#unsupported('\\u{');
      const point = this.#readHex(length);
      this.#at += 1;
      return point;
    }
    if (sign === '' || /[A-Za-z0-9]/.test(sign)) throw this.#unsupported(`\\${sign}`);
    const point = sign.codePointAt(0) ?? 0;
    return [point, point];
  }

  #readHex(length: number): readonly number[] {
    const digits = this.#signs.slice(this.#at, this.#at + length).join('');
    const point =
      /^[0-9A-Fa-f]+$/.test(digits) && digits.length === length ? Number.parseInt(digits, 16) : NaN;
    // Halves of surrogate pairs are no characters.
    if (!(point <= 0x10ffff) || (point >= 0xd800 && point <= 0xdfff)) throw this.#unsupported('\\u');
    this.#at += length;
    return [point, point];
  }

  #spell(ranges: readonly number[]): string {
    const spelled = gbnfJsonCharacter(normalizeRanges(ranges));
    if (spelled === null) throw schemaError('A set of the pattern holds no character.', this.#pointer);
    return spelled;
  }

  #take(sign: string): boolean {
    if (this.#signs[this.#at] !== sign) return false;
    this.#at += 1;
    return true;
  }

  #unsupported(sign: string): Error {
    return schemaError(`"${sign}" at this place of a pattern is not read.`, this.#pointer);
  }
}
