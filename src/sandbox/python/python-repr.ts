const NAMED = new Map([
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
  ['\\', '\\\\'],
]);

/** What Python does not print as it is. */
const HIDDEN = /[\p{C}\p{Z}]/u;

/** A text as Python's `repr` writes it. */
export function pythonRepr(source: string): string {
  const mark = source.includes("'") && !source.includes('"') ? '"' : "'";
  let inner = '';
  for (const character of source) {
    const named = NAMED.get(character);
    if (named !== undefined) inner += named;
    else if (character === mark) inner += `\\${mark}`;
    else if (character === ' ' || !HIDDEN.test(character)) inner += character;
    else inner += escaped(character.codePointAt(0) ?? 0);
  }
  return mark + inner + mark;
}

function escaped(code: number): string {
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`;
  if (code < 0x10000) return `\\u${code.toString(16).padStart(4, '0')}`;
  return `\\U${code.toString(16).padStart(8, '0')}`;
}
