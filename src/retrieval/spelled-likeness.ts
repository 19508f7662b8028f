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

/**
 * How alike a question and the most alike of some texts are spelled, 0 to 1: words both have, of all (Dice).
 *
 * @param lists - Each text: the number of its words, then each word in two numbers of 16 bits, from `from` to the end.
 */
export function spelledLikeness(asked: ReadonlySet<number>, lists: ArrayLike<number>, from: number): number {
  let most = 0;
  for (let at = from; at < lists.length;) {
    const count = lists[at++] ?? 0;
    const end = at + 2 * count;
    let both = 0;
    for (; at < end; at += 2) if (asked.has((((lists[at] ?? 0) << 16) | (lists[at + 1] ?? 0)) >>> 0)) both++;
    most = Math.max(most, (2 * both) / Math.max(1, asked.size + count));
  }
  return most;
}
