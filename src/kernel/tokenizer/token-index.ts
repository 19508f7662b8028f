import { invalidModel } from '../gguf/invalid-model.ts';
import type { StringTable } from '../gguf/string-table.ts';

/** Steps after which a search gives up; text that was not made to collide stays under 100. */
export const MAX_PROBES = 512;

const FIRST_HASH = 0x811c9dc5;

function hashOn(hash: number, bytes: Uint8Array, start: number, end: number): number {
  let next = hash;
  for (let at = start; at < end; at += 1) next = Math.imul(next ^ (bytes[at] ?? 0), 0x01000193);
  return next;
}

/** Spreads the bits of a hash; the tables take the lowest. */
export function mixBits(hash: number): number {
  const half = Math.imul(hash ^ (hash >>> 16), 0x7feb352d);
  return (half ^ (half >>> 15)) >>> 0;
}

/**
 * Finds tokens by their UTF-8 as it stands in the vocabulary, without making a string of any: 150,000 are indexed in a
 * few milliseconds. Of equal texts the last counts.
 */
export class TokenIndex {
  /** Bytes of the longest text. */
  readonly longestBytes: number;
  readonly #tokens: StringTable;
  /** Token + 1; 0 is free. */
  readonly #slots: Int32Array;
  readonly #hashes: Int32Array;

  /** @throws UnderstudyError `engine/model-invalid` for a vocabulary that was made to be slow. */
  constructor(tokens: StringTable) {
    let size = 16;
    while (size < tokens.length * 2) size *= 2;
    this.#tokens = tokens;
    this.#slots = new Int32Array(size);
    this.#hashes = new Int32Array(tokens.length);
    const { bytes } = tokens;
    let longest = 0;
    for (let token = 0; token < tokens.length; token += 1) {
      const start = tokens.startAt(token);
      const end = start + tokens.lengthAt(token);
      longest = Math.max(longest, end - start);
      const hash = mixBits(hashOn(FIRST_HASH, bytes, start, end)) | 0;
      const slot = this.#slotOf(hash, bytes, start, end, end, end);
      if (slot < 0) throw invalidModel('The texts of the vocabulary are too much alike.');
      this.#hashes[token] = hash;
      this.#slots[slot] = token + 1;
    }
    this.longestBytes = longest;
  }

  /** Gives the token of these bytes; -1 when there is none. */
  find(bytes: Uint8Array, start: number, end: number): number {
    return this.findJoined(bytes, start, end, end, end);
  }

  /** Gives the token of two stretches one after the other; -1 when there is none. */
  findJoined(bytes: Uint8Array, start: number, end: number, nextStart: number, nextEnd: number): number {
    if (end - start + nextEnd - nextStart > this.longestBytes) return -1;
    const hash = mixBits(hashOn(hashOn(FIRST_HASH, bytes, start, end), bytes, nextStart, nextEnd)) | 0;
    const slot = this.#slotOf(hash, bytes, start, end, nextStart, nextEnd);
    return slot < 0 ? -1 : (this.#slots[slot] ?? 0) - 1;
  }

  /** Gives the token of a text; -1 when there is none. */
  findText(text: string): number {
    const bytes = new TextEncoder().encode(text);
    return this.find(bytes, 0, bytes.length);
  }

  /** Slot of these bytes, or the free one for them; -1 after too many steps. */
  #slotOf(hash: number, bytes: Uint8Array, start: number, end: number, from: number, to: number): number {
    const mask = this.#slots.length - 1;
    for (let probe = 0; probe < MAX_PROBES; probe += 1) {
      const slot = (hash + probe) & mask;
      const token = (this.#slots[slot] ?? 0) - 1;
      if (token < 0) return slot;
      if (this.#hashes[token] === hash && this.#equals(token, bytes, start, end, from, to)) return slot;
    }
    return -1;
  }

  #equals(token: number, bytes: Uint8Array, start: number, end: number, from: number, to: number): boolean {
    if (this.#tokens.lengthAt(token) !== end - start + to - from) return false;
    const own = this.#tokens.bytes;
    let at = this.#tokens.startAt(token);
    for (let index = start; index < end; index += 1, at += 1) if (own[at] !== bytes[index]) return false;
    for (let index = from; index < to; index += 1, at += 1) if (own[at] !== bytes[index]) return false;
    return true;
  }
}
