import type { Json } from '../../contracts/json.ts';
import { isJson } from '../../contracts/json.ts';

/** Longest output that is looked at, in UTF-16 code units. */
const MAX_LENGTH = 200_000;
/** Brackets from which a value is tried to be read. */
const MAX_STARTS = 20;
/** Deeper nesting is no answer. */
const MAX_DEPTH = 64;

/**
 * Reads the JSON value in what a model wrote: as it stands, within a fence or between words, and with the faults that small models
 * make: single or typographic quotes, commas too many or too few, bare names, Python's constants, comments, an end that is missing.
 *
 * @returns undefined when no object or list is in it.
 */
export function readJson(output: string): Json | undefined {
  const text = output.slice(0, MAX_LENGTH);
  const whole = parseStrictly(text.trim());
  if (whole !== undefined) return whole;
  const fenced = /```[a-z]*\s*\n([\s\S]*?)(?:```|$)/i.exec(text)?.[1];
  for (const candidate of fenced === undefined ? [text] : [fenced, text]) {
    for (const match of [...candidate.matchAll(/[{[]/g)].slice(0, MAX_STARTS)) {
      const value = new LooseReader(candidate, match.index).read();
      if (value !== undefined) return value;
    }
  }
  return undefined;
}

function parseStrictly(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isJson(value) ? value : undefined;
  } catch {
    // No JSON as it stands: it is read loosely.
    return undefined;
  }
}

const CLOSERS: { readonly [open: string]: string } = { '"': '"', "'": "'", '“': '”', '‘': '’', '`': '`' };
const CONSTANTS: ReadonlyMap<string, Json> = new Map<string, Json>([
  ['true', true],
  ['false', false],
  ['null', null],
  ['none', null],
  ['undefined', null],
  ['nan', null],
]);
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['t', '\t'],
  ['r', '\r'],
  ['b', '\b'],
  ['f', '\f'],
]);

const GAP = /(?:\s+|\/\/[^\n]*|\/\*[^*]{0,2000}\*\/|，)/y;

/** Reads one value and forgives; gives undefined where there is no way to understand it. */
class LooseReader {
  readonly #text: string;
  #at: number;

  constructor(text: string, at: number) {
    this.#text = text;
    this.#at = at;
  }

  read(): Json | undefined {
    return this.#value(0);
  }

  #value(depth: number): Json | undefined {
    this.#skip();
    const first = this.#text[this.#at];
    if (first === undefined || depth > MAX_DEPTH) return undefined;
    if (first === '{') return this.#object(depth);
    if (first === '[') return this.#list(depth);
    const closer = CLOSERS[first];
    return closer === undefined ? this.#bare() : this.#quoted(closer);
  }

  #object(depth: number): Json | undefined {
    const members: (readonly [string, Json])[] = [];
    for (this.#at += 1; ;) {
      this.#skip(',');
      const next = this.#text[this.#at];
      if (next === undefined || next === '}') break;
      const closer = CLOSERS[next];
      const name = closer === undefined ? this.#name() : this.#quoted(closer);
      this.#skip();
      if (name === '' || (this.#text[this.#at] !== ':' && this.#text[this.#at] !== '：')) {
        // An output that was cut within a name keeps what came before.
        if (this.#at >= this.#text.length && members.length > 0) break;
        return undefined;
      }
      this.#at += 1;
      const value = this.#value(depth + 1);
      if (value === undefined) {
        if (this.#at >= this.#text.length) break;
        return undefined;
      }
      members.push([name, value]);
    }
    return this.#closed(members.length) ? Object.fromEntries(members) : undefined;
  }

  #list(depth: number): Json | undefined {
    const items: Json[] = [];
    for (this.#at += 1; ;) {
      this.#skip(',');
      const next = this.#text[this.#at];
      if (next === undefined || next === ']') break;
      if (next === '}') return undefined;
      const item = this.#value(depth + 1);
      if (item === undefined) {
        if (this.#at >= this.#text.length) break;
        return undefined;
      }
      items.push(item);
    }
    return this.#closed(items.length) ? items : undefined;
  }

  /** Passes over the closing bracket; one that is missing is forgiven where something stood before it. */
  #closed(count: number): boolean {
    const isMissing = this.#at >= this.#text.length;
    this.#at += 1;
    return count > 0 || !isMissing;
  }

  #quoted(closer: string): string {
    let value = '';
    for (this.#at += 1; this.#at < this.#text.length; this.#at += 1) {
      const character = this.#text[this.#at] ?? '';
      if (character === closer && this.#endsHere()) {
        this.#at += 1;
        return value;
      }
      if (character === '\\') value += this.#escape();
      else value += character;
    }
    return value;
  }

  /** A quotation mark within a text that the model forgot to escape is followed by more of the text. */
  #endsHere(): boolean {
    return /^\s*(?:[,，:：}\]]|$)/.test(this.#text.slice(this.#at + 1, this.#at + 40));
  }

  #escape(): string {
    this.#at += 1;
    const kind = this.#text[this.#at] ?? '';
    if (kind !== 'u') return ESCAPES.get(kind) ?? kind;
    const hex = /^[0-9a-f]{4}/i.exec(this.#text.slice(this.#at + 1, this.#at + 5))?.[0];
    if (hex === undefined) return kind;
    this.#at += 4;
    return String.fromCharCode(Number.parseInt(hex, 16));
  }

  #name(): string {
    const name = /^[\p{L}\p{N}_$-]+/u.exec(this.#text.slice(this.#at, this.#at + 200))?.[0] ?? '';
    this.#at += name.length;
    return name;
  }

  #bare(): Json | undefined {
    const word = /^(?:(?!\/[*/])[^,\]}\n：:])+/u.exec(this.#text.slice(this.#at, this.#at + 2000))?.[0] ?? '';
    const text = word.trim();
    if (text === '') return undefined;
    this.#at += word.length;
    const known = CONSTANTS.get(text.toLowerCase());
    if (known !== undefined) return known;
    if (/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text)) return Number(text);
    return text;
  }

  /** Passes over white space and comments, and over separators that are given. */
  #skip(separator = ''): void {
    for (;;) {
      GAP.lastIndex = this.#at;
      const gap = GAP.exec(this.#text)?.[0];
      if (gap !== undefined) this.#at += gap.length;
      else if (separator !== '' && this.#text[this.#at] === separator) this.#at += 1;
      else return;
    }
  }
}
