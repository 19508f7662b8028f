/** First character of the outcome: the text is JSON and follows; or it is none, and message and place follow, a tab between them. */
export const JSON_FINE = '+';
export const JSON_FAULT = '-';

class Fault extends Error {
  readonly at: number;
  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

const BLANK = /[ \t\n\r]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /true|false|null/y;
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ['\\', '\\'],
  ['/', '/'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
]);

/**
 * Checks a text as Python's `json.loads` reads it, with its words for what is wrong.
 *
 * Places are counted in code points. Escaped characters come back as themselves where that changes nothing, since MicroPython does not
 * join halves of a pair.
 */
export function checkJson(source: string, isStrict: boolean): string {
  let at = 0;
  let depth = 0;
  let text = '';
  const blank = (): void => {
    BLANK.lastIndex = at;
    at += BLANK.exec(source)?.[0].length ?? 0;
  };
  const take = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    const found = pattern.exec(source)?.[0] ?? '';
    text += found;
    at += found.length;
    return found !== '';
  };
  const string = (): void => {
    const begin = at;
    at += 1;
    let inner = '';
    for (;;) {
      const character = source.charAt(at);
      if (character === '') throw new Fault('Unterminated string starting at', begin);
      if (character === '"') break;
      if (character === '\\') {
        const next = source.charAt(at + 1);
        if (next === 'u') {
          const digits = source.slice(at + 2, at + 6);
          if (!/^[\da-fA-F]{4}$/.test(digits)) throw new Fault('Invalid \\uXXXX escape', at + 1);
          inner += String.fromCharCode(Number.parseInt(digits, 16));
          at += 6;
        } else if (next === '') throw new Fault('Unterminated string starting at', begin);
        else if (!ESCAPES.has(next)) throw new Fault('Invalid \\escape', at);
        else {
          inner += ESCAPES.get(next) ?? '';
          at += 2;
        }
      } else {
        if (isStrict && character < ' ') throw new Fault('Invalid control character at', at);
        inner += character;
        at += 1;
      }
    }
    at += 1;
    text += JSON.stringify(inner);
  };
  const list = (close: string, one: () => void): void => {
    depth += 1;
    if (depth > 500) throw new Fault('maximum recursion depth exceeded', at);
    text += source.charAt(at);
    at += 1;
    blank();
    if (source.charAt(at) === close) {
      text += close;
      at += 1;
    } else
      for (;;) {
        one();
        blank();
        const mark = source.charAt(at);
        if (mark !== close && mark !== ',') throw new Fault("Expecting ',' delimiter", at);
        text += mark;
        at += 1;
        if (mark === close) break;
        blank();
        if (source.charAt(at) === close) {
          if (close === ']') throw new Fault('Expecting value', at);
          throw new Fault('Expecting property name enclosed in double quotes', at);
        }
      }
    depth -= 1;
  };
  const member = (): void => {
    if (source.charAt(at) !== '"') throw new Fault('Expecting property name enclosed in double quotes', at);
    string();
    blank();
    if (source.charAt(at) !== ':') throw new Fault("Expecting ':' delimiter", at);
    text += ':';
    at += 1;
    blank();
    value();
  };
  const value = (): void => {
    const character = source.charAt(at);
    if (character === '"') string();
    else if (character === '{') list('}', member);
    else if (character === '[') list(']', value);
    else if (!take(NUMBER) && !take(WORD)) throw new Fault('Expecting value', at);
  };
  try {
    blank();
    value();
    blank();
    if (at < source.length) throw new Fault('Extra data', at);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return `${JSON_FAULT}${error.message}\t${Array.from(source.slice(0, error.at)).length}`;
  }
  return JSON_FINE + text;
}
