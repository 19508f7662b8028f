import { HASH_BASIS, hashText } from '../text/hash-text.ts';

/** Length of the pieces that tell related words of one root. */
const LENGTH = 4;

/** Numbers of 16 bits that stand for the pieces of four letters of a word with its edges; rarely two for one number. */
export function pieceNumbers(word: string): number[] {
  const marked = `<${word}>`;
  const numbers: number[] = [];
  for (let at = 0; at + LENGTH <= marked.length; at++) {
    const value = hashText(marked, HASH_BASIS, at, at + LENGTH);
    numbers.push((value ^ (value >>> 16)) & 0xffff);
  }
  return numbers;
}
