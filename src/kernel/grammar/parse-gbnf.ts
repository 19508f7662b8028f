import { checkGrammar } from './check-grammar.ts';
import { invertRanges, normalizeRanges } from './code-point-ranges.ts';
import type { Grammar, GrammarNode, GrammarRule } from './grammar.ts';
import { GRAMMAR_LIMITS, grammarError } from './grammar.ts';

/**
 * Parses a grammar in GBNF, the language of llama.cpp (`grammars/README.md` of ggml-org/llama.cpp).
 *
 * Read: rules, alternatives, groups, literals, sets with ranges and `^`, `.`, `* + ? {m} {m,} {m,n}`, comments, the escapes
 * `\n \r \t \\ \" \[ \] \xHH \uHHHH \UHHHHHHHH`, and `\- \^` inside sets. Stricter than llama.cpp: a rule may stand only
 * once, may not begin with itself, and must be able to end. Not read: `<token>` references, which belong to one model.
 *
 * @throws UnderstudyError `engine/grammar-invalid` with line and column.
 */
export function parseGbnf(text: string): Grammar {
  if (text.length > GRAMMAR_LIMITS.text)
    throw grammarError(`The text is longer than ${GRAMMAR_LIMITS.text} characters.`, 1, 1);
  return new GbnfParser(text).parse();
}

const NAME = /[A-Za-z0-9_-]+/y;
const ANY = [0, 0xd7ff, 0xe000, 0x10ffff];
const HEX_LENGTHS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };
const ESCAPES: Readonly<Record<string, number>> = {
  n: 10,
  r: 13,
  t: 9,
  '\\': 92,
  '"': 34,
  '[': 91,
  ']': 93,
};
const SET_ESCAPES: Readonly<Record<string, number>> = { ...ESCAPES, '-': 45, '^': 94 };

interface Place {
  readonly at: number;
}

class GbnfParser {
  readonly #text: string;
  #at = 0;
  #nodes = 0;
  readonly #indices = new Map<string, number>();
  /** By index: the name and where it was first used, to tell about rules that are missing. */
  readonly #names: { readonly name: string; readonly at: number }[] = [];
  readonly #rules: (GrammarRule | undefined)[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  parse(): Grammar {
    this.#skip(true);
    while (this.#at < this.#text.length) {
      this.#parseRule();
      this.#skip(true);
    }
    const root = this.#indices.get('root');
    if (root === undefined || this.#rules[root] === undefined)
      throw this.#error('There is no rule named "root".', { at: 0 });
    const rules = this.#names.map(({ name, at }, index) => {
      const rule = this.#rules[index];
      if (rule === undefined) throw this.#error(`There is no rule named "${name}".`, { at });
      return rule;
    });
    const grammar = { rules, root };
    checkGrammar(grammar);
    return grammar;
  }

  #parseRule(): void {
    const at = this.#at;
    const name = this.#readName();
    if (name === null) throw this.#error('A rule name is expected.', { at });
    const index = this.#indexOf(name, at);
    if (this.#rules[index] !== undefined)
      throw this.#error(`There is a second rule named "${name}".`, { at });
    this.#skip(false);
    if (!this.#text.startsWith('::=', this.#at)) throw this.#error('"::=" is expected.');
    this.#at += 3;
    this.#skip(true);
    const node = this.#parseChoice(0);
    if (this.#at < this.#text.length && !this.#isLineEnd())
      throw this.#error(`Unexpected ${this.#describe()}.`);
    this.#rules[index] = { name, node, ...this.#locate(at) };
  }

  /** Alternatives up to a closing bracket or, outside of brackets, to the end of the line. */
  #parseChoice(depth: number): GrammarNode {
    if (depth > GRAMMAR_LIMITS.depth)
      throw this.#error(`More than ${GRAMMAR_LIMITS.depth} groups are within each other.`);
    const options = [this.#parseSequence(depth)];
    while (this.#text[this.#at] === '|') {
      this.#at += 1;
      this.#skip(true);
      options.push(this.#parseSequence(depth));
    }
    const [only] = options;
    return options.length === 1 && only !== undefined ? only : this.#node({ kind: 'choice', options });
  }

  #parseSequence(depth: number): GrammarNode {
    const items: GrammarNode[] = [];
    for (;;) {
      const from = items.length;
      if (!this.#parseItem(depth, items)) break;
      this.#skip(depth > 0);
      for (let count = 0; this.#parseRepetition(items, from); count += 1) {
        if (count >= 8) throw this.#error('More than 8 repetitions follow each other.');
        this.#skip(depth > 0);
      }
    }
    const [only] = items;
    return items.length === 1 && only !== undefined ? only : this.#node({ kind: 'sequence', items });
  }

  /** Adds a literal's characters, a set, a group or a rule to the items; false when none begins here. */
  #parseItem(depth: number, items: GrammarNode[]): boolean {
    const start = this.#at;
    const first = this.#text[start];
    if (first === '"') {
      this.#at += 1;
      const literal: GrammarNode[] = [];
      while (this.#text[this.#at] !== '"') {
        const point = this.#readCharacter(ESCAPES, { at: start }, 'literal');
        literal.push(this.#characters([point, point]));
      }
      this.#at += 1;
      // A repetition after a literal repeats all of it, as in a group.
      const [only] = literal;
      items.push(
        literal.length === 1 && only !== undefined ? only : this.#node({ kind: 'sequence', items: literal }),
      );
      return true;
    }
    if (first === '[') {
      items.push(this.#parseSet());
      return true;
    }
    if (first === '.') {
      this.#at += 1;
      items.push(this.#characters(ANY));
      return true;
    }
    if (first === '(') {
      this.#at += 1;
      this.#skip(true);
      items.push(this.#parseChoice(depth + 1));
      if (this.#text[this.#at] !== ')') throw this.#error('This group is not closed.', { at: start });
      this.#at += 1;
      return true;
    }
    if (first === '<' || first === '!') throw this.#error('References to tokens are not read.');
    const name = this.#readName();
    if (name === null) return false;
    items.push(this.#node({ kind: 'rule', rule: this.#indexOf(name, start) }));
    return true;
  }

  #parseSet(): GrammarNode {
    const start = this.#at;
    this.#at += 1;
    const isNegated = this.#text[this.#at] === '^';
    if (isNegated) this.#at += 1;
    const pairs: number[] = [];
    while (this.#text[this.#at] !== ']') {
      const from = this.#at;
      const first = this.#readCharacter(SET_ESCAPES, { at: start }, 'set');
      let last = first;
      if (this.#text[this.#at] === '-' && this.#text[this.#at + 1] !== ']') {
        this.#at += 1;
        last = this.#readCharacter(SET_ESCAPES, { at: start }, 'set');
      }
      if (last < first) throw this.#error('The range ends before it begins.', { at: from });
      pairs.push(first, last);
    }
    this.#at += 1;
    const ranges = normalizeRanges(pairs);
    const kept = isNegated ? invertRanges(ranges) : ranges;
    if (kept.length === 0) throw this.#error('The set holds no character.', { at: start });
    return this.#characters(kept);
  }

  /** Wraps the last item in the repetition that stands here; false when there is none. */
  #parseRepetition(items: GrammarNode[], from: number): boolean {
    const start = this.#at;
    let minimum = 0;
    let maximum = Infinity;
    const sign = this.#text[start];
    if (sign === '+') minimum = 1;
    else if (sign === '?') maximum = 1;
    else if (sign === '{') {
      this.#at += 1;
      minimum = this.#readCount(start) ?? NaN;
      maximum = minimum;
      if (this.#text[this.#at] === ',') {
        this.#at += 1;
        maximum = this.#readCount(start) ?? Infinity;
      }
      if (Number.isNaN(minimum) || this.#text[this.#at] !== '}')
        throw this.#error('A repetition has the form {m}, {m,} or {m,n}.', { at: start });
      if (maximum < minimum) throw this.#error('The repetition ends before it begins.', { at: start });
    } else if (sign !== '*') return false;
    this.#at += 1;
    const body = items[from];
    if (body === undefined) return false;
    items[from] = this.#node({ kind: 'repeat', body, minimum, maximum });
    return true;
  }

  #readCount(start: number): number | null {
    this.#skip(false);
    const from = this.#at;
    while (/[0-9]/.test(this.#text[this.#at] ?? '')) this.#at += 1;
    const digits = this.#text.slice(from, this.#at);
    this.#skip(false);
    if (digits === '') return null;
    const count = Number(digits);
    if (count > GRAMMAR_LIMITS.repetitions)
      throw this.#error(`More than ${GRAMMAR_LIMITS.repetitions} repetitions are asked for.`, { at: start });
    return count;
  }

  #readCharacter(escapes: Readonly<Record<string, number>>, start: Place, what: string): number {
    const point = this.#text.codePointAt(this.#at);
    if (point === undefined || point === 10 || point === 13)
      throw this.#error(`This ${what} is not closed.`, start);
    const at = this.#at;
    this.#at += point > 0xffff ? 2 : 1;
    if (point !== 92) return this.#requireScalar(point, at);
    const sign = this.#text[this.#at] ?? '';
    this.#at += 1;
    const plain = Object.hasOwn(escapes, sign) ? escapes[sign] : undefined;
    if (plain !== undefined) return plain;
    const length = Object.hasOwn(HEX_LENGTHS, sign) ? HEX_LENGTHS[sign] : undefined;
    if (length === undefined) throw this.#error(`The escape "\\${sign}" is not known.`, { at });
    const digits = this.#text.slice(this.#at, this.#at + length);
    if (digits.length !== length || !/^[0-9A-Fa-f]+$/.test(digits))
      throw this.#error(`The escape "\\${sign}" wants ${length} hexadecimal digits.`, { at });
    this.#at += length;
    return this.#requireScalar(Number.parseInt(digits, 16), at);
  }

  #requireScalar(point: number, at: number): number {
    if (point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff))
      throw this.#error('This is no Unicode character.', { at });
    return point;
  }

  #readName(): string | null {
    NAME.lastIndex = this.#at;
    const name = NAME.exec(this.#text)?.[0];
    if (name === undefined) return null;
    this.#at += name.length;
    return name;
  }

  #indexOf(name: string, at: number): number {
    const known = this.#indices.get(name);
    if (known !== undefined) return known;
    if (this.#names.length >= GRAMMAR_LIMITS.rules)
      throw this.#error(`There are more than ${GRAMMAR_LIMITS.rules} rules.`, { at });
    this.#indices.set(name, this.#names.length);
    this.#names.push({ name, at });
    return this.#names.length - 1;
  }

  /** Goes over blanks and comments, and over line ends where `overLines` says so. */
  #skip(overLines: boolean): void {
    for (;;) {
      const sign = this.#text[this.#at];
      if (sign === '#') while (this.#at < this.#text.length && !this.#isLineEnd()) this.#at += 1;
      else if (sign === ' ' || sign === '\t' || (overLines && this.#isLineEnd())) this.#at += 1;
      else return;
    }
  }

  #isLineEnd(): boolean {
    const sign = this.#text[this.#at];
    return sign === '\n' || sign === '\r';
  }

  #characters(ranges: readonly number[]): GrammarNode {
    return this.#node({ kind: 'characters', ranges });
  }

  #node(node: GrammarNode): GrammarNode {
    this.#nodes += 1;
    if (this.#nodes > GRAMMAR_LIMITS.nodes)
      throw this.#error(`The grammar has more than ${GRAMMAR_LIMITS.nodes} parts.`);
    return node;
  }

  #describe(): string {
    const point = this.#text.codePointAt(this.#at);
    return point === undefined ? 'end' : JSON.stringify(String.fromCodePoint(point));
  }

  #error(happened: string, place: Place = { at: this.#at }): Error {
    const { line, column } = this.#locate(place.at);
    return grammarError(happened, line, column);
  }

  #locate(at: number): { readonly line: number; readonly column: number } {
    let line = 1;
    let start = 0;
    for (let end = this.#text.indexOf('\n'); end >= 0 && end < at; end = this.#text.indexOf('\n', start)) {
      line += 1;
      start = end + 1;
    }
    return { line, column: at - start + 1 };
  }
}
