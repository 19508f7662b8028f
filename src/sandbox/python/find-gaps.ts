import type { PythonImport } from './find-imports.ts';
import type { PythonToken } from './tokenize-python.ts';

/** Names whose meaning cannot be told before the code runs, or that MicroPython has otherwise. */
const NAMES = new Set(
  '__import__ eval exec compile globals locals vars open input breakpoint async await memoryview slice help'.split(
    ' ',
  ),
);

/** Whether what stands before an opening bracket is a value: then it calls or subscribes. */
const isValueEnd = (token: PythonToken | undefined): boolean =>
  token !== undefined &&
  ((token.kind === 'name' && !KEYWORDS.has(token.text)) ||
    token.kind === 'string' ||
    [')', ']', '}'].includes(token.text));

const KEYWORDS = new Set(
  'and as assert break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield'.split(
    ' ',
  ),
);

/** Says what in a source MicroPython lacks or does otherwise than CPython; empty when nothing is found. */
export function findGaps(
  tokens: readonly PythonToken[],
  imports: readonly PythonImport[],
): readonly string[] {
  const gaps: string[] = [];
  const brackets: { open: string; isSubscript: boolean; isCall: boolean; colons: number }[] = [];
  if (imports.some(({ names }) => names?.includes('*') === true)) gaps.push('imports all names of a module');
  for (const [at, token] of tokens.entries()) {
    const before = tokens[at - 1];
    const after = tokens[at + 1];
    const inner = brackets.at(-1);
    if (token.kind === 'operator') {
      if (['(', '[', '{'].includes(token.text))
        brackets.push({
          open: token.text,
          isSubscript: token.text === '[' && isValueEnd(before),
          isCall: token.text === '(' && isValueEnd(before),
          colons: 0,
        });
      else if ([')', ']', '}'].includes(token.text)) brackets.pop();
      else if (token.text === ':' && inner?.isSubscript === true) {
        inner.colons += 1;
        if (inner.colons === 2) gaps.push('takes a slice with a step');
      } else if ((token.text === '*' || token.text === '**') && inner !== undefined && !inner.isCall) {
        if (before?.text === inner.open || before?.text === ',')
          gaps.push('unpacks a value within a display');
      } else if (token.text === '/' && (after?.text === ',' || after?.text === ')') && inner?.isCall === true)
        gaps.push('has parameters that are positional only');
    } else if (token.kind === 'name') {
      if (NAMES.has(token.text) && before?.text !== '.' && before?.text !== 'def')
        gaps.push(`uses ${token.text}`);
      if (token.text === 'match' && token.isFirst && isMatch(tokens, at)) gaps.push('uses match');
    } else if (token.kind === 'string') gaps.push(...gapsOfString(token.text));
  }
  return gaps;
}

/** Whether a line that begins with `match` ends with a colon and is followed by `case`. */
function isMatch(tokens: readonly PythonToken[], at: number): boolean {
  const end = tokens.findIndex((token, index) => index > at && token.kind === 'newline');
  return end > 0 && tokens[end - 1]?.text === ':' && tokens[end + 1]?.text === 'case';
}

function gapsOfString(text: string): readonly string[] {
  const gaps: string[] = [];
  if (text.includes('\\N{')) gaps.push('names a character');
  if (/:[^{}]*,[^{}]*[.fFgGeE%][^{}]*\}/.test(text)) gaps.push('formats a number with separators');
  return gaps;
}
