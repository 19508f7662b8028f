import { hashText } from '../text/hash-text.ts';
import { eachWord } from '../text/segment-words.ts';

/** Words of a text as they are spelled, with stop words, as numbers; of runs without spaces the pairs of letters. */
export function spelledWords(text: string): ReadonlySet<number> {
  const words = new Set<number>();
  const add = (word: string): void => void words.add(hashText(word) >>> 0);
  eachWord(text, add, (run) => {
    let previous = '';
    for (const letter of run) {
      if (previous !== '') add(previous + letter);
      previous = letter;
    }
  });
  return words;
}

/** How alike two texts are spelled, 0 to 1: words both have, of all (Dice). */
export function spelledLikeness(left: ReadonlySet<number>, right: ReadonlySet<number>): number {
  const [few, many] = left.size < right.size ? [left, right] : [right, left];
  let both = 0;
  for (const word of few) if (many.has(word)) both++;
  return (2 * both) / Math.max(1, few.size + many.size);
}
