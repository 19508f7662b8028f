import type { PythonImport } from './find-imports.ts';
import { readFString, readStringStart } from './read-f-string.ts';
import type { PythonToken } from './tokenize-python.ts';
import { tokenizePython } from './tokenize-python.ts';

const setOf = (names: string): ReadonlySet<string> => new Set(names.split(' '));

/** Functions whose meaning cannot be told before the code runs, or that MicroPython has otherwise. */
const NAMES = setOf(
  '__import__ eval exec compile globals locals vars open input breakpoint async await memoryview slice help super_ type_ ' +
    'BaseExceptionGroup ExceptionGroup UnicodeDecodeError UnicodeEncodeError FileNotFoundError ConnectionError TimeoutError ' +
    'RecursionError ModuleNotFoundError PermissionError',
);

/** Attributes that built-in types of MicroPython lack. */
const ATTRIBUTES = setOf(
  'is_integer as_integer_ratio bit_length bit_count conjugate fromhex isidentifier __dict__ __doc__ __annotations__ ' +
    '__globals__ __code__ __closure__ __mro__ __subclasses__ __bases__ __wrapped__ __qualname__ __module__ __init_subclass__ ' +
    '__set_name__ with_traceback __cause__ __context__ __traceback__ add_note',
);

/** Arguments of the standard library that our modules do not take. */
const ARGUMENTS = setOf('object_hook object_pairs_hook parse_float parse_int parse_constant cls metaclass');

/** Text encodings that MicroPython takes for UTF-8. */
const ENCODINGS =
  /^[bBrRuU]*["'](?:gbk|gb2312|gb18030|big5|latin-?1|iso-8859-\d+|cp\d+|ascii|utf-?16.*|utf-?32.*|shift_jis|euc-\w+|unicode_escape|idna|rot13)["']$/i;

const KEYWORDS = setOf(
  'and as assert break class continue def del elif else except finally for from global if import in is lambda nonlocal ' +
    'not or pass raise return try while with yield',
);

/** Whether what stands before an opening bracket is a value: then it calls or subscribes. */
const isValueEnd = (token: PythonToken | undefined): boolean =>
  token !== undefined &&
  ((token.kind === 'name' && !KEYWORDS.has(token.text)) ||
    token.kind === 'string' ||
    [')', ']', '}'].includes(token.text));

interface Bracket {
  readonly open: string;
  readonly isSubscript: boolean;
  readonly isCall: boolean;
  colons: number;
  commas: number;
}

/** Says what in a source MicroPython lacks or does otherwise than CPython; empty when nothing is found. */
export function findGaps(
  tokens: readonly PythonToken[],
  imports: readonly PythonImport[] = [],
): readonly string[] {
  const gaps: string[] = [];
  if (imports.some(({ names }) => names?.includes('*') === true)) gaps.push('imports all names of a module');
  gaps.push(...imports.flatMap(gapsOfImport), ...imports.flatMap((each) => gapsOfModule(each, tokens)));
  const brackets: Bracket[] = [];
  for (const [at, token] of tokens.entries()) {
    if (token.kind === 'operator') gaps.push(...gapsOfOperator(tokens, at, brackets));
    else if (token.kind === 'name') gaps.push(...gapsOfName(tokens, at));
    else if (token.kind === 'string') gaps.push(...gapsOfString(token.text));
  }
  return gaps;
}

function gapsOfOperator(tokens: readonly PythonToken[], at: number, brackets: Bracket[]): readonly string[] {
  const token = tokens[at];
  const before = tokens[at - 1];
  const after = tokens[at + 1];
  const inner = brackets.at(-1);
  if (token === undefined) return [];
  if (['(', '[', '{'].includes(token.text)) {
    const isBehindValue = isValueEnd(before) && !token.isFirst;
    brackets.push({
      open: token.text,
      isSubscript: token.text === '[' && isBehindValue,
      isCall: token.text === '(' && isBehindValue,
      colons: 0,
      commas: 0,
    });
    return [];
  }
  if ([')', ']', '}'].includes(token.text)) {
    const closed = brackets.pop();
    if (closed?.isSubscript !== true || closed.colons < 2) return [];
    const isTarget = brackets.length === 0 && (after?.text === '=' || /^.+=$/.test(after?.text ?? ''));
    const isComparison = after !== undefined && ['==', '!=', '<=', '>='].includes(after.text);
    return closed.commas > 0 || (isTarget && !isComparison) || isDeleted(tokens, at)
      ? ['changes a slice with a step']
      : [];
  }
  if (inner === undefined) return [];
  if (token.text === ':') inner.colons += 1;
  if (token.text === ',') inner.commas += 1;
  const isStar = token.text === '*' || token.text === '**';
  if (isStar && !inner.isCall && (before?.text === inner.open || before?.text === ','))
    return ['unpacks a value within a display'];
  if (token.text === '/' && (after?.text === ',' || after?.text === ')') && inner.isCall)
    return ['has parameters that are positional only'];
  return [];
}

/** Whether the statement that a token stands in begins with `del`. */
function isDeleted(tokens: readonly PythonToken[], at: number): boolean {
  const start = tokens.slice(0, at).findLast((token) => token.isFirst);
  return start?.text === 'del';
}

function gapsOfName(tokens: readonly PythonToken[], at: number): readonly string[] {
  const token = tokens[at];
  const before = tokens[at - 1]?.text;
  const after = tokens[at + 1]?.text;
  if (token === undefined) return [];
  if (before === '.') return isGapAttribute(token.text) ? [`uses .${token.text}`] : [];
  if (ARGUMENTS.has(token.text) && after === '=') return [`uses the argument ${token.text}`];
  if (NAMES.has(token.text) && before !== 'def' && after !== '=') return [`uses ${token.text}`];
  if (token.text === 'match' && token.isFirst && isMatch(tokens, at)) return ['uses match'];
  if (token.text === 'except' && after === '*') return ['uses except*'];
  if (token.text === 'type' && token.isFirst && tokens[at + 1]?.kind === 'name') return ['declares a type'];
  if ((token.text === 'def' || token.text === 'class') && tokens[at + 2]?.text === '[')
    return ['has parameters of types'];
  return [];
}

/** Special names of classes that MicroPython's classes have, too. */
const SPECIAL = setOf('__init__ __name__ __class__ __str__ __repr__');

const isGapAttribute = (name: string): boolean =>
  ATTRIBUTES.has(name) || (name.startsWith('__') && name.endsWith('__') && !SPECIAL.has(name));

/** Whether a line that begins with `match` ends with a colon and is followed by `case`. */
function isMatch(tokens: readonly PythonToken[], at: number): boolean {
  const end = tokens.findIndex((token, index) => index > at && token.kind === 'newline');
  return end > 0 && tokens[end - 1]?.text === ':' && tokens[end + 1]?.text === 'case';
}

/** Parts of modules that ours lack. */
const ABSENT: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['collections', setOf('ChainMap UserDict UserList UserString')],
  ['functools', setOf('singledispatch cached_property total_ordering partialmethod')],
  ['html', setOf('unescape')],
  ['datetime', setOf('tzinfo')],
  ['urllib.parse', setOf('urldefrag unquote_to_bytes quote_from_bytes SplitResult')],
  ['base64', setOf('b32encode b32decode b85encode b85decode a85encode a85decode')],
  ['random', setOf('gauss normalvariate expovariate betavariate triangular Random SystemRandom seed')],
  ['string', setOf('Template Formatter')],
  ['typing', setOf('NamedTuple TypedDict Protocol')],
  ['time', setOf('strptime')],
]);

/** Random numbers with a seed are others in CPython: what depends on them goes to Pyodide. */
function gapsOfImport({ module, names }: PythonImport): readonly string[] {
  const absent = ABSENT.get(module);
  if (absent === undefined || names === null) return [];
  return names.filter((name) => absent.has(name)).map((name) => `imports ${name} of ${module}`);
}

/** The same where a module is used by its own name, or by another. */
function gapsOfModule(
  { module, names, alias }: PythonImport,
  tokens: readonly PythonToken[],
): readonly string[] {
  const absent = ABSENT.get(module);
  if (absent === undefined || names !== null) return [];
  const path = alias.split('.');
  return tokens.flatMap((token, at) => {
    const isOwn = path.every((part, index) => tokens[at + index * 2]?.text === part);
    const name = tokens[at + path.length * 2]?.text ?? '';
    if (!isOwn || tokens[at + path.length * 2 - 1]?.text !== '.' || !absent.has(name)) return [];
    return [`uses ${name} of ${module}`];
  });
}

function gapsOfString(text: string): readonly string[] {
  const gaps: string[] = [];
  const { prefix } = readStringStart(text);
  if (!prefix.includes('r') && text.includes('\\N{')) gaps.push('names a character');
  if (prefix.includes('t')) gaps.push('uses a template string');
  if (ENCODINGS.test(text)) gaps.push('uses an encoding other than UTF-8');
  const fields = readFString(text);
  if (fields === null) return [...gaps, 'has an f-string that is not read'];
  if (!prefix.includes('f')) {
    if (/\{\w*:[^{}'" ]*,[^{}'" ]*\}/.test(text)) gaps.push('formats a number with separators');
    return gaps;
  }
  for (const { start, end, format, isNamed } of fields) {
    const tokens = tokenizePython(text.slice(start, end));
    gaps.push(...(tokens === null ? ['has an f-string that is not read'] : findGaps(tokens)));
    if (isNamed) gaps.push('names a value in an f-string');
    if (format?.includes(',') === true && /[{'"\\]/.test(format))
      gaps.push('formats a number with separators');
  }
  return gaps;
}
