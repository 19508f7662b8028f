/** One `{…}` of an f-string. */
export interface FStringField {
  /** Offsets of the expression in the token. */
  readonly start: number;
  readonly end: number;
  /** `r`, `s`, `a`, or ''. */
  readonly conversion: string;
  /** What follows the colon; null when there is none. */
  readonly format: string | null;
  /** Whether `=` asks for the expression itself. */
  readonly isNamed: boolean;
  /** Offset behind the expression, conversion and format: where `}` stands. */
  readonly close: number;
}

const PREFIX = /^([a-zA-Z]*)("""|'''|"|')/;

/** Prefix and quotes of a string token. */
export function readStringStart(text: string): { readonly prefix: string; readonly quotes: string } {
  const match = PREFIX.exec(text);
  return { prefix: (match?.[1] ?? '').toLowerCase(), quotes: match?.[2] ?? '"' };
}

/** Finds the fields of an f-string; empty for other strings, null when its braces do not match. */
export function readFString(text: string): readonly FStringField[] | null {
  const { prefix, quotes } = readStringStart(text);
  if (!prefix.includes('f')) return [];
  const fields: FStringField[] = [];
  const last = text.length - quotes.length;
  for (let at = prefix.length + quotes.length; at < last; at += 1) {
    const character = text.charAt(at);
    if (character !== '{') continue;
    if (text.charAt(at + 1) === '{') {
      at += 1;
      continue;
    }
    const field = readField(text, at + 1, last);
    if (field === null) return null;
    fields.push(field);
    at = field.close;
  }
  return fields;
}

function readField(text: string, start: number, last: number): FStringField | null {
  let depth = 0;
  let quote = '';
  for (let at = start; at < last; at += 1) {
    const character = text.charAt(at);
    if (quote !== '') {
      if (text.startsWith(quote, at)) {
        at += quote.length - 1;
        quote = '';
      }
    } else if (character === '"' || character === "'") {
      quote = text.startsWith(character.repeat(3), at) ? character.repeat(3) : character;
      at += quote.length - 1;
    } else if ('([{'.includes(character)) depth += 1;
    else if (depth > 0 && ')]}'.includes(character)) depth -= 1;
    else if (depth === 0 && isEnd(text, at)) return finishField(text, start, at, last);
  }
  return null;
}

/** Whether an expression ends here: at `}`, `:`, or a `!` that is no `!=`. */
function isEnd(text: string, at: number): boolean {
  const character = text.charAt(at);
  return character === '}' || character === ':' || (character === '!' && text.charAt(at + 1) !== '=');
}

function finishField(text: string, start: number, end: number, last: number): FStringField | null {
  const isConverted = text.charAt(end) === '!';
  const conversion = isConverted ? text.charAt(end + 1) : '';
  const behind = isConverted ? end + 2 : end;
  const isNamed = /(?:^|[^=!<>])=\s*$/.test(text.slice(start, end));
  if (text.charAt(behind) === '}') return { start, end, conversion, format: null, isNamed, close: behind };
  if (text.charAt(behind) !== ':') return null;
  let depth = 0;
  for (let at = behind + 1; at < last; at += 1) {
    if (text.charAt(at) === '{') depth += 1;
    else if (text.charAt(at) === '}' && depth > 0) depth -= 1;
    else if (text.charAt(at) === '}')
      return { start, end, conversion, format: text.slice(behind + 1, at), isNamed, close: at };
  }
  return null;
}
