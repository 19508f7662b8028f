import { invalidModel } from '../gguf/invalid-model.ts';
import type { StringTable } from '../gguf/string-table.ts';
import type { TokenIndex } from './token-index.ts';
import { MAX_PROBES, mixBits } from './token-index.ts';

const SPACE = 32;

/** The merges of a byte-pair vocabulary by their two tokens; those first in the list go first. */
export class MergeRanks {
  readonly #lefts: Int32Array;
  readonly #rights: Int32Array;
  /** Rank + 1; 0 is free. */
  readonly #ranks: Int32Array;
  /** Token that a merge makes, by its rank. */
  readonly #made: Int32Array;

  /**
   * @param merges - Two texts of tokens each, with a space between; the first of equal ones counts.
   * @throws UnderstudyError `engine/model-invalid` when one is no two tokens that make a third.
   */
  constructor(merges: StringTable, index: TokenIndex) {
    let size = 16;
    while (size * 0.6 < merges.length) size *= 2;
    this.#lefts = new Int32Array(size);
    this.#rights = new Int32Array(size);
    this.#ranks = new Int32Array(size);
    this.#made = new Int32Array(merges.length);
    const { bytes } = merges;
    for (let rank = 0; rank < merges.length; rank += 1) {
      const start = merges.startAt(rank);
      const end = start + merges.lengthAt(rank);
      const space = bytes.indexOf(SPACE, start + 1);
      const isPair = space > start && space < end - 1;
      const left = isPair ? index.find(bytes, start, space) : -1;
      const right = isPair ? index.find(bytes, space + 1, end) : -1;
      const made = isPair ? index.findJoined(bytes, start, space, space + 1, end) : -1;
      if (left < 0 || right < 0 || made < 0) {
        throw invalidModel(
          `Merge ${rank} of the tokenizer, "${merges.at(rank)}", does not fit its vocabulary.`,
        );
      }
      this.#made[rank] = made;
      this.#insert(left, right, rank);
    }
  }

  /** Gives the rank of the merge of two tokens; -1 when there is none. */
  rankOf(left: number, right: number): number {
    const slot = this.#slotOf(left, right);
    return slot < 0 ? -1 : (this.#ranks[slot] ?? 0) - 1;
  }

  /** Gives the token that the merge of this rank makes. */
  madeBy(rank: number): number {
    return this.#made[rank] ?? 0;
  }

  #insert(left: number, right: number, rank: number): void {
    const slot = this.#slotOf(left, right);
    if (slot < 0) throw invalidModel('The merges of the tokenizer are too much alike.');
    if (this.#ranks[slot] !== 0) return;
    this.#lefts[slot] = left;
    this.#rights[slot] = right;
    this.#ranks[slot] = rank + 1;
  }

  #slotOf(left: number, right: number): number {
    const mask = this.#ranks.length - 1;
    const hash = mixBits(Math.imul(left, 0x9e3779b1) ^ right);
    for (let probe = 0; probe < MAX_PROBES; probe += 1) {
      const slot = (hash + probe) & mask;
      if (this.#ranks[slot] === 0) return slot;
      if (this.#lefts[slot] === left && this.#rights[slot] === right) return slot;
    }
    return -1;
  }
}
