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

/** Most pieces of a word that are kept: a text of the index may be longer than any word. */
const MOST_PIECES = 255;

/** The pieces of the words of a list, made when a word is first asked for and kept side by side: a search reads thousands of them. */
export class PieceTable {
  readonly #words: readonly string[];
  /** Where the pieces of a word begin in {@link #pieces}, + 1; 0 as long as they are not made. */
  readonly #starts: Uint32Array;
  readonly #counts: Uint8Array;
  #pieces = new Uint16Array(1024);
  #used = 0;

  constructor(words: readonly string[]) {
    this.#words = words;
    this.#starts = new Uint32Array(words.length);
    this.#counts = new Uint8Array(words.length);
  }

  /** Calls back with each piece of a word that is marked; a number outside of the list has none. */
  eachMarked(word: number, marks: Uint16Array, onMark: (mark: number) => void): void {
    if (this.#starts[word] === 0) this.#make(word);
    const start = (this.#starts[word] ?? 1) - 1;
    const end = start + (this.#counts[word] ?? 0);
    for (let at = start; at < end; at++) {
      const mark = marks[this.#pieces[at] ?? 0] ?? 0;
      if (mark > 0) onMark(mark);
    }
  }

  #make(word: number): void {
    const numbers = pieceNumbers(this.#words[word] ?? '').slice(0, MOST_PIECES);
    if (this.#used + numbers.length > this.#pieces.length) {
      const grown = new Uint16Array(this.#pieces.length * 2);
      grown.set(this.#pieces);
      this.#pieces = grown;
    }
    this.#pieces.set(numbers, this.#used);
    this.#starts[word] = this.#used + 1;
    this.#counts[word] = numbers.length;
    this.#used += numbers.length;
  }
}
