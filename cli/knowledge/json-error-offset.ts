const BLANK = /[ \t\n\r]*/y;
const TOKEN =
  /"(?:[^"\\\u0000-\u001f]+|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|[[\]{}:,]/y;

type Wanted = 'value' | 'element' | 'key' | 'member' | 'colon' | 'next';

/** Says where a text stops being JSON, as the platform's own message often does not: offset in UTF-16 code units, its length when it only ends early. */
export function jsonErrorOffset(text: string): number {
  const open: ('[' | '{')[] = [];
  let wanted: Wanted = 'value';
  let at = 0;
  for (;;) {
    BLANK.lastIndex = at;
    BLANK.exec(text);
    at = BLANK.lastIndex;
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(text)?.[0];
    if (token === undefined) return at;
    const next = step(token, wanted, open);
    if (next === null) return at;
    wanted = next;
    at += token.length;
  }
}

/** What may come after a token; null where it may not come. Changes `open`. */
function step(token: string, wanted: Wanted, open: ('[' | '{')[]): Wanted | null {
  const inner = open.at(-1);
  if (token === ']' || token === '}') {
    const isClosing = inner === (token === ']' ? '[' : '{');
    const mayClose = wanted === 'next' || wanted === (token === ']' ? 'element' : 'member');
    if (!isClosing || !mayClose) return null;
    open.pop();
    return 'next';
  }
  if (wanted === 'colon') return token === ':' ? 'value' : null;
  if (wanted === 'next') {
    if (token !== ',' || inner === undefined) return null;
    return inner === '[' ? 'value' : 'key';
  }
  if (wanted === 'key' || wanted === 'member') return token.startsWith('"') ? 'colon' : null;
  if (token === ':' || token === ',') return null;
  if (token === '[' || token === '{') {
    open.push(token);
    return token === '[' ? 'element' : 'member';
  }
  return 'next';
}
