import { cleanLine } from './clean-text.ts';

/** Hashes of a text's shingles, the smallest kept as its sketch (bottom-k sampling, Broder 1997). */
export interface TextSketch {
  readonly shingles: ReadonlySet<number>;
  readonly sketch: readonly number[];
}

/** Words of one shingle. */
const SHINGLE = 3;
const SKETCH = 8;

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

/** Makes the sketch of a list of words. */
export function sketchWords(words: readonly string[]): TextSketch {
  const shingles = new Set<number>();
  for (let at = 0; at <= Math.max(0, words.length - SHINGLE); at += 1)
    shingles.add(hash(words.slice(at, at + SHINGLE).join(' ')));
  const sketch = [...shingles].sort((a, b) => a - b).slice(0, SKETCH);
  return { shingles, sketch };
}

/** Jaccard similarity of two sets of shingles, 0 to 1. */
export function similarity(a: TextSketch, b: TextSketch): number {
  let both = 0;
  for (const shingle of a.shingles) if (b.shingles.has(shingle)) both += 1;
  const all = a.shingles.size + b.shingles.size - both;
  return all === 0 ? 0 : both / all;
}

/** FNV-1a, 32 bits, mixed so that the smallest are a fair sample. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  value = Math.imul(value ^ (value >>> 16), 0x45d9f3b);
  return (value ^ (value >>> 15)) >>> 0;
}
