import { invalidModel } from '../gguf/invalid-model.ts';
import type { StringTable } from '../gguf/string-table.ts';
import { TextIndex } from './text-index.ts';

const SPACE = 32;
const BETWEEN = { bytes: Uint8Array.of(SPACE), start: 0, end: 1 };
/** Pairs whose merge is remembered; a power of two. */
const REMEMBERED = 8192;

/**
 * The merges of a byte-pair vocabulary by their two tokens; those first in the list go first.
 *
 * They are found by their texts, as they stand in the file, so that loading a model costs no more than one look at each. A merge that
 * names no two tokens, or makes none, is never met.
 */
export class MergeRanks {
  readonly #tokens: StringTable;
  readonly #vocabulary: TextIndex;
  readonly #merges: TextIndex;
  // What was asked for last, by a hash of the pair: left, right, rank + 1, made.
  readonly #remembered = new Int32Array(REMEMBERED * 4).fill(-1);

  /**
   * @param merges - Two texts of tokens each, with a space between; the first of equal ones counts.
   * @throws UnderstudyError `engine/model-invalid` when one is no two texts.
   */
  constructor(merges: StringTable, tokens: StringTable, vocabulary: TextIndex) {
    const { bytes, starts, length } = merges;
    for (let merge = 0, start = starts[0] ?? 0; merge < length; merge += 1) {
      const after = starts[merge + 1] ?? 0;
      const at = bytes.indexOf(SPACE, start + 1);
      if (at < 0 || at >= after - 9) {
        throw invalidModel(`Merge ${merge} of the tokenizer, "${merges.at(merge)}", is no two texts.`);
      }
      start = after;
    }
    this.#tokens = tokens;
    this.#vocabulary = vocabulary;
    this.#merges = new TextIndex(merges, 'first');
  }

  /** Gives the rank of the merge of two tokens; -1 when there is none. */
  rankOf(left: number, right: number): number {
    return (this.#remembered[this.#placeOf(left, right) + 2] ?? 0) - 1;
  }

  /** Gives the token that the merge of two tokens makes; -1 when there is none. */
  madeOf(left: number, right: number): number {
    return this.#remembered[this.#placeOf(left, right) + 3] ?? -1;
  }

  /** Where a pair is remembered; it is looked up when it is not. */
  #placeOf(left: number, right: number): number {
    const remembered = this.#remembered;
    const hash = Math.imul(Math.imul(left, 0x9e3779b1) ^ right, 0x7feb352d);
    const place = ((hash >>> 16) & (REMEMBERED - 1)) * 4;
    if (remembered[place] === left && remembered[place + 1] === right) return place;
    const { bytes } = this.#tokens;
    const stretch = (token: number): { bytes: Uint8Array; start: number; end: number } => {
      const start = this.#tokens.startAt(token);
      return { bytes, start, end: start + this.#tokens.lengthAt(token) };
    };
    const isPair = left >= 0 && right >= 0;
    const rank = isPair ? this.#merges.findJoined([stretch(left), BETWEEN, stretch(right)]) : -1;
    const made = rank < 0 ? -1 : this.#vocabulary.findJoined([stretch(left), stretch(right)]);
    remembered[place] = left;
    remembered[place + 1] = right;
    remembered[place + 2] = made < 0 ? 0 : rank + 1;
    remembered[place + 3] = made;
    return place;
  }
}
