import { invalidModel } from '../gguf/invalid-model.ts';
import type { StringTable } from '../gguf/string-table.ts';

/** Steps after which a search gives up; text that was not made to collide stays under 100. */
const MAX_PROBES = 512;

const FIRST_HASH = 0x811c9dc5;
const PRIME = 0x01000193;

function hashOn(hash: number, bytes: Uint8Array, start: number, end: number): number {
  let next = hash;
  for (let at = start; at < end; at += 1) next = Math.imul(next ^ (bytes[at] ?? 0), PRIME);
  return next;
}

/** Spreads the bits of a hash; the table takes the lowest. */
function mixBits(hash: number): number {
  const half = Math.imul(hash ^ (hash >>> 16), 0x7feb352d);
  return (half ^ (half >>> 15)) | 0;
}

/** A stretch of bytes. */
export interface Stretch {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
}

/**
 * Finds the texts of a list by their UTF-8 as it stands there, without making a string of any: 150,000 are indexed in a
 * few milliseconds.
 *
 * A model is loaded before any of this is compiled: what is done for each text is one loop over its bytes, and little else.
 */
export class TextIndex {
  /** Bytes of the longest text. */
  readonly longestBytes: number;
  readonly #texts: StringTable;
  /** Number of the text + 1; 0 is free. */
  readonly #slots: Int32Array;
  readonly #hashes: Int32Array;

  /**
   * @param kept - Which of equal texts is found.
   * @throws UnderstudyError `engine/model-invalid` for a list that was made to be slow.
   */
  constructor(texts: StringTable, kept: 'first' | 'last') {
    let size = 16;
    while (size < texts.length * 2) size *= 2;
    const slots = new Int32Array(size);
    const hashes = new Int32Array(texts.length);
    this.#texts = texts;
    this.#slots = slots;
    this.#hashes = hashes;
    const { bytes, starts, length } = texts;
    const mask = size - 1;
    let longest = 0;
    for (let text = 0, start = starts[0] ?? 0; text < length; text += 1) {
      const after = starts[text + 1] ?? 0;
      const end = after - 8;
      if (end - start > longest) longest = end - start;
      let hash = FIRST_HASH;
      for (let at = start; at < end; at += 1) hash = Math.imul(hash ^ (bytes[at] ?? 0), PRIME);
      const half = Math.imul(hash ^ (hash >>> 16), 0x7feb352d);
      hash = (half ^ (half >>> 15)) | 0;
      hashes[text] = hash;
      let slot = hash & mask;
      for (let probe = 1, found = slots[slot] ?? 0; found !== 0; found = slots[slot] ?? 0, probe += 1) {
        if (hashes[found - 1] === hash && this.#equals(found - 1, [{ bytes, start, end }])) break;
        if (probe >= MAX_PROBES) throw invalidModel('The texts of the tokenizer are too much alike.');
        slot = (slot + 1) & mask;
      }
      if (kept === 'last' || slots[slot] === 0) slots[slot] = text + 1;
      start = after;
    }
    this.longestBytes = longest;
  }

  /** Gives the number of the text that these bytes are; -1 when there is none. */
  find(bytes: Uint8Array, start: number, end: number): number {
    return this.findJoined([{ bytes, start, end }]);
  }

  /** Gives the number of the text that these stretches are, one after the other; -1 when there is none. */
  findJoined(stretches: readonly Stretch[]): number {
    let length = 0;
    let hash = FIRST_HASH;
    for (const { bytes, start, end } of stretches) {
      length += end - start;
      if (length > this.longestBytes) return -1;
      hash = hashOn(hash, bytes, start, end);
    }
    hash = mixBits(hash);
    const mask = this.#slots.length - 1;
    for (let probe = 0; probe < MAX_PROBES; probe += 1) {
      const text = (this.#slots[(hash + probe) & mask] ?? 0) - 1;
      if (text < 0) return -1;
      if (this.#hashes[text] === hash && this.#equals(text, stretches)) return text;
    }
    return -1;
  }

  /** Gives the number of a text; -1 when it is not there. */
  findText(text: string): number {
    const bytes = new TextEncoder().encode(text);
    return this.find(bytes, 0, bytes.length);
  }

  #equals(text: number, stretches: readonly Stretch[]): boolean {
    const own = this.#texts.bytes;
    let at = this.#texts.startAt(text);
    const ownEnd = at + this.#texts.lengthAt(text);
    for (const { bytes, start, end } of stretches) {
      if (end - start > ownEnd - at) return false;
      for (let index = start; index < end; index += 1, at += 1) if (own[at] !== bytes[index]) return false;
    }
    return at === ownEnd;
  }
}
