const WORD = /\p{L}[\p{L}\p{M}\p{N}]*(?:[-'’][\p{L}\p{N}]+)*/gu;
const NAME = /^(?:\p{Lu}[\p{L}\p{M}\p{N}]*|\p{Ll}+\p{Lu}[\p{L}\p{N}]*)/u;
/** What may stand between a sentence's start and its first word. */
const BEGINS = /(?:^|[.!?:…。！？：|\n]\s*|\n\s*(?:[-*+–]|\d{1,3}[.)])\s+)["'“‘«([*_]*$/u;
/** Capitalized words of English that name nothing. */
const NO_NAMES: ReadonlySet<string> = new Set(['i', "i'm", "i'd", "i've", "i'll", 'ok', 'note', 'tip']);

/** Brings a name into the form in which names are compared. */
export function nameKey(word: string): string {
  return word.normalize('NFKC').toLowerCase().replaceAll('’', "'").replace(/'s$/, '');
}

/**
 * Finds capitalized words that do not begin a sentence, and words with capitals inside.
 * @param known - Keys of words that are names even at the start of a sentence.
 */
export function findNames(text: string, known: ReadonlySet<string> = new Set()): string[] {
  const names = new Set<string>();
  const normal = text.normalize('NFKC');
  for (const match of normal.matchAll(WORD)) {
    const word = match[0];
    if (!NAME.test(word) || NO_NAMES.has(nameKey(word))) continue;
    const isInside = /^.\P{Lu}*\p{Lu}/u.test(word) || /\p{N}/u.test(word);
    const isCertain = isInside || known.has(nameKey(word));
    if (isCertain || !BEGINS.test(normal.slice(Math.max(0, match.index - 12), match.index))) names.add(word);
  }
  return [...names];
}

/** Gives the capitalized words of a text, wherever they stand, in the form of {@link nameKey}. */
export function nameKeys(text: string): Set<string> {
  const keys = new Set<string>();
  for (const match of text.normalize('NFKC').matchAll(WORD)) {
    if (!/[\p{Lu}\p{N}]/u.test(match[0])) continue;
    const key = nameKey(match[0]);
    keys.add(key);
    // Plurals of product names: "two Jugs".
    if (key.endsWith('s')) keys.add(key.slice(0, -1));
    for (const part of key.split('-')) keys.add(part);
  }
  return keys;
}
