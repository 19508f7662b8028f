import { WIDE } from './reading-order.ts';

/**
 * Joins lines to running text: with a blank, without one between Chinese or Japanese letters, and with words that were cut at the end of
 * a line whole again.
 * @param compounds - Words that are written with a hyphen within a line of the document, lower case: they keep it.
 */
export function joinLines(lines: readonly string[], compounds: ReadonlySet<string>): string {
  let text = '';
  for (const line of lines) text = text === '' ? line : joinTwo(text, line, compounds);
  return text;
}

/** Finds the words that a text writes with a hyphen, lower case. */
export function findCompounds(lines: readonly string[]): ReadonlySet<string> {
  return new Set(
    lines.flatMap((line) => (line.match(/\p{L}+-\p{L}+/gu) ?? []).map((word) => word.toLowerCase())),
  );
}

function joinTwo(text: string, line: string, compounds: ReadonlySet<string>): string {
  if (text.endsWith('\u00ad')) return text.slice(0, -1) + line;
  const before = /(\p{L}{2,})[-\u2010]$/u.exec(text)?.[1];
  const after = /^\p{Ll}+/u.exec(line)?.[0];
  if (before !== undefined && after !== undefined) {
    const isCompound = compounds.has(`${before}-${after}`.toLowerCase());
    return (isCompound ? text : text.slice(0, -1)) + line;
  }
  const isWide = WIDE.test(text.slice(-1)) && WIDE.test(line.slice(0, 1));
  return isWide ? text + line : `${text} ${line}`;
}
