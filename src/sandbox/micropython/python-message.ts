/** MicroPython's words for what went wrong, and CPython's. */
const MESSAGES: readonly (readonly [RegExp, string])[] = [
  [/^divide by zero$/, 'division by zero'],
  [/^invalid syntax for integer with base (\d+): /, 'invalid literal for int() with base $1: '],
  [/^(name '[^']*') isn't defined$/, '$1 is not defined'],
  [/^('[^']*' object) isn't callable$/, '$1 is not callable'],
  [/^('[^']*' object) isn't iterable$/, '$1 is not iterable'],
  [/^('[^']*' object) isn't subscriptable$/, '$1 is not subscriptable'],
  [
    /^unsupported types for __(\w+)__: ('[^']*'), ('[^']*')$/,
    'unsupported operand type(s) for $1: $2 and $3',
  ],
  [/^unsupported type for __(\w+)__: ('[^']*')$/, 'bad operand type for unary $1: $2'],
  [/^need more than (\d+) values to unpack$/, 'not enough values to unpack'],
  [/^no module named ('[^']*')$/, 'No module named $1'],
];

const OPERATORS: ReadonlyMap<string, string> = new Map([
  ['add', '+'],
  ['iadd', '+='],
  ['sub', '-'],
  ['mul', '*'],
  ['truediv', '/'],
  ['floordiv', '//'],
  ['mod', '%'],
  ['pow', '** or pow()'],
  ['neg', '-'],
  ['pos', '+'],
  ['lt', '<'],
  ['gt', '>'],
]);

/** Gives what CPython says where MicroPython says something, so that flows that show or test it do the same. */
export function pythonMessage(message: string): string {
  for (const [pattern, words] of MESSAGES) {
    if (!pattern.test(message)) continue;
    return message
      .replace(pattern, words)
      .replace(/(?<=\(s\) for |unary )(\w+)(?=: )/, (name) => OPERATORS.get(name) ?? name);
  }
  return message;
}
