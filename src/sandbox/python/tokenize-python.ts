/** One token of Python source. Comments and line breaks within brackets are left out. */
export interface PythonToken {
  readonly kind: 'name' | 'number' | 'string' | 'operator' | 'newline';
  readonly text: string;
  /** Offsets in UTF-16 code units. */
  readonly start: number;
  readonly end: number;
  /** From 1. */
  readonly line: number;
  /** Whether a new logical line begins here. */
  readonly isFirst: boolean;
}

const NAME = /[\p{ID_Start}_][\p{ID_Continue}]*/uy;
const NUMBER =
  /(?:0[xX][\da-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d[\d_]*)?)[jJ]?/y;
const STRING_START = /([rRbBuUfFtT]{0,2})("""|'''|"|')/y;
const OPERATOR =
  /\*\*=|\/\/=|>>=|<<=|\.\.\.|\*\*|\/\/|>>|<<|<=|>=|==|!=|->|:=|\+=|-=|\*=|\/=|%=|&=|\|=|\^=|@=|[-+*/%@&|^~<>()[\]{},:.;=!]/y;
const OPENING = new Set(['(', '[', '{']);
const CLOSING = new Set([')', ']', '}']);

/**
 * Splits Python source into tokens, or gives null where it cannot: a text that does not end, a character that is none of Python's.
 *
 * An f-string is one token.
 */
export function tokenizePython(source: string): readonly PythonToken[] | null {
  const tokens: PythonToken[] = [];
  let at = 0;
  let line = 1;
  let depth = 0;
  const isFirst = (): boolean => tokens.length === 0 || tokens.at(-1)?.kind === 'newline';
  const push = (kind: PythonToken['kind'], end: number): void => {
    tokens.push({ kind, text: source.slice(at, end), start: at, end, line, isFirst: isFirst() });
    at = end;
  };
  const matched = (pattern: RegExp): string | null => {
    pattern.lastIndex = at;
    return pattern.exec(source)?.[0] ?? null;
  };
  while (at < source.length) {
    const character = source.charAt(at);
    if (character === '\n' || character === '\r') {
      const end = at + (source.startsWith('\r\n', at) ? 2 : 1);
      if (depth === 0 && !isFirst()) push('newline', end);
      else at = end;
      line += 1;
    } else if (character === '#') {
      while (at < source.length && !'\r\n'.includes(source.charAt(at))) at += 1;
    } else if (character === '\\' && /^\\\r?\n/.test(source.slice(at, at + 3))) {
      at += source.startsWith('\\\r\n', at) ? 3 : 2;
      line += 1;
    } else if (/[ \t\f\ufeff]/.test(character)) {
      at += 1;
    } else {
      const start = matched(STRING_START);
      const name = start === null ? matched(NAME) : null;
      const number = start === null && name === null ? matched(NUMBER) : null;
      if (start !== null) {
        const end = endOfString(source, at, start);
        if (end === null) return null;
        const breaks = source.slice(at, end).match(/\r\n|\r|\n/g)?.length ?? 0;
        push('string', end);
        line += breaks;
      } else if (name !== null) push('name', at + name.length);
      else if (number !== null) push('number', at + number.length);
      else {
        const operator = matched(OPERATOR);
        if (operator === null) return null;
        if (OPENING.has(operator)) depth += 1;
        if (CLOSING.has(operator)) depth = Math.max(0, depth - 1);
        push('operator', at + operator.length);
      }
    }
  }
  return tokens;
}

/** Where the string that begins at `at` with `start` (prefix and quotes) ends. */
function endOfString(source: string, at: number, start: string): number | null {
  const quotes = /(?:"""|'''|"|')$/.exec(start)?.[0] ?? '"';
  for (let position = at + start.length; position < source.length;) {
    const character = source.charAt(position);
    if (character === '\\') position += 2;
    else if (source.startsWith(quotes, position)) return position + quotes.length;
    else if (quotes.length === 1 && (character === '\n' || character === '\r')) return null;
    else position += 1;
  }
  return null;
}
