import { readFString, readStringStart } from './read-f-string.ts';
import type { PythonToken } from './tokenize-python.ts';
import { tokenizePython } from './tokenize-python.ts';

/** Functions that MicroPython has otherwise, by the names of ours; see src/sandbox/micropython/prelude.ts. */
const CALLS: ReadonlyMap<string, string> = new Map([
  ['str', '_py_str'],
  ['repr', '_py_repr'],
  ['dict', '_py_dict'],
]);

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * Rewrites what MicroPython does otherwise than CPython, line by line the same: calls of `str`, `repr` and `dict`, values in f-strings, slices
 * with a step. Lines keep their numbers. A source that is not read as Python is left alone.
 */
export function rewritePython(source: string): string {
  const tokens = tokenizePython(source);
  if (tokens === null) return source;
  const edits: Edit[] = [];
  const brackets: { at: number; isSubscript: boolean; colons: number[] }[] = [];
  for (const [at, token] of tokens.entries()) {
    const before = tokens[at - 1];
    const after = tokens[at + 1];
    if (token.kind === 'string') {
      const text = rewriteString(token.text);
      if (text !== token.text) edits.push({ start: token.start, end: token.end, text });
    } else if (token.kind === 'name') {
      const call =
        after?.text === '(' && before?.text !== '.' && before?.text !== 'def'
          ? CALLS.get(token.text)
          : undefined;
      if (call !== undefined) edits.push({ start: token.start, end: token.end, text: call });
    } else if (token.kind === 'operator') {
      const inner = brackets.at(-1);
      if ('([{'.includes(token.text)) brackets.push({ at, isSubscript: token.text === '[', colons: [] });
      else if (token.text === ':') inner?.colons.push(at);
      else if (')]}'.includes(token.text)) {
        const closed = brackets.pop();
        if (closed?.isSubscript === true && closed.colons.length === 2)
          edits.push(...cutEdits(tokens, closed.at, closed.colons, at));
      }
    }
  }
  return applyEdits(source, edits);
}

/** `x[a:b:c]` becomes `x._cut(a,b,c)`, with None for what is left out. */
function cutEdits(
  tokens: readonly PythonToken[],
  open: number,
  colons: readonly number[],
  close: number,
): readonly Edit[] {
  const [first = open, second = close] = colons;
  const replace = (at: number, text: string): readonly Edit[] => {
    const token = tokens[at];
    return token === undefined ? [] : [{ start: token.start, end: token.end, text }];
  };
  const filler = (from: number, to: number): string => (to - from === 1 ? 'None' : '');
  return [
    ...replace(open, `._cut(${filler(open, first)}`),
    ...replace(first, `,${filler(first, second)}`),
    ...replace(second, `,${filler(second, close)}`),
    ...replace(close, ')'),
  ];
}

function rewriteString(text: string): string {
  const fields = readFString(text);
  if (fields === null || fields.length === 0) return text;
  const { quotes } = readStringStart(text);
  const other = quotes.startsWith('"') ? "'" : '"';
  const edits = fields.flatMap(({ start, end, conversion, format, isNamed, close }): readonly Edit[] => {
    if (isNamed) return [];
    const expression = rewritePython(text.slice(start, end));
    if (format === null) {
      const name = conversion === 'r' || conversion === 'a' ? '_py_repr' : '_py_str';
      return [{ start, end: close, text: `${name}(${expression})` }];
    }
    // A format that is built from values, or holds quotes, stays MicroPython's own affair.
    if (conversion === '' && /[,%]/.test(format) && !/^[^,]*\d?%$/.test(format) && !/[{'"\\]/.test(format))
      return [{ start, end: close, text: `_py_format(${expression}, ${other}${format}${other})` }];
    return [{ start, end, text: expression }];
  });
  return applyEdits(text, edits);
}

function applyEdits(source: string, edits: readonly Edit[]): string {
  let out = '';
  let at = 0;
  for (const { start, end, text } of edits.toSorted((a, b) => a.start - b.start)) {
    out += source.slice(at, start) + text;
    at = end;
  }
  return out + source.slice(at);
}
