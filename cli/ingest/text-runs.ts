import { cleanLine } from './clean-text.ts';

/** Words of a text in lower case; characters of scripts without blanks are words of their own. */
export function plainWords(text: string): readonly string[] {
  return (
    cleanLine(text)
      .toLowerCase()
      .match(
        /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}])[\p{L}\p{N}])+(?:[.,]\p{N}+)*/gu,
      ) ?? []
  );
}

/** Runs of words that texts are compared by, as hashes. */
export type Runs = ReadonlySet<number>;

/** Makes the runs of a list of words: each with its neighbors, `length` in all; one run when there are fewer words. */
export function runsOf(words: readonly string[], length = 3): Runs {
  const runs = new Set<number>();
  for (let at = 0; at <= Math.max(0, words.length - length); at += 1)
    runs.add(hash(words.slice(at, at + length).join(' ')));
  return runs;
}

/** Jaccard similarity of two sets of runs, 0 to 1. */
export function similarity(one: Runs, other: Runs): number {
  let both = 0;
  for (const run of one) if (other.has(run)) both += 1;
  const all = one.size + other.size - both;
  return all === 0 ? 0 : both / all;
}

/** FNV-1a, 32 bits, mixed. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  value = Math.imul(value ^ (value >>> 16), 0x45d9f3b);
  return (value ^ (value >>> 15)) >>> 0;
}
