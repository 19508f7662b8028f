import { UnderstudyError } from '../contracts/errors.ts';
import type { Passage } from '../contracts/passage.ts';

/** Number of weights of the gate; see `confidence.ts`. */
export const GATE_SIZE = 9;
/** Most passages an index may hold. */
export const MAX_PASSAGES = 200_000;

const MAGIC = [0x55, 0x44, 0x49, 0x58];
const VERSION = 1;
const MAX_TERMS_BYTES = 64 * 1024 * 1024;
/** Steps of the stored weight of a term in a passage; one byte holds up to 255 / 16. */
export const WEIGHT_STEPS = 16;

/** The searchable form of a list of passages. */
export interface SearchIndex {
  readonly passageCount: number;
  /** Digest of the ids in order, by {@link digestIds}. */
  readonly idsDigest: number;
  /** Weights of the gate, length {@link GATE_SIZE}. */
  readonly gate: Float32Array;
  /** All terms, ascending by UTF-16 units. */
  readonly terms: readonly string[];
  /** `postingStart[t]` to `postingStart[t + 1]` are the postings of term t. */
  readonly postingStart: Uint32Array;
  /** Passage numbers, ascending within a term. */
  readonly passages: Uint32Array;
  /** Length-normalized, field-weighted frequency times {@link WEIGHT_STEPS}, 1 to 255. */
  readonly weights: Uint8Array;
}

/** Digest by which index and passages are known to belong together (FNV-1a over the ids). */
export function digestIds(passages: readonly Passage[]): number {
  let value = 0x811c9dc5;
  for (const { id } of passages) {
    for (let at = 0; at < id.length; at++) value = Math.imul(value ^ id.charCodeAt(at), 0x01000193);
    value = Math.imul(value ^ 10, 0x01000193);
  }
  return value >>> 0;
}

function pushVarint(bytes: number[], value: number): void {
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
}

/**
 * Writes an index: magic `UDIX`, version, number of passages, digest of ids, gate, terms in UTF-8 joined by line feeds,
 * posting counts, then per term the passage distances and the weights. Numbers are LEB128 varints or little endian.
 */
export function serializeIndex(index: SearchIndex): Uint8Array {
  const head: number[] = [...MAGIC, VERSION];
  pushVarint(head, index.passageCount);
  const fixed = new DataView(new ArrayBuffer(4 + 4 * GATE_SIZE));
  fixed.setUint32(0, index.idsDigest, true);
  for (let at = 0; at < GATE_SIZE; at++) fixed.setFloat32(4 + 4 * at, index.gate[at] ?? 0, true);
  const terms = new TextEncoder().encode(index.terms.join('\n'));
  const tail: number[] = [];
  pushVarint(tail, index.terms.length);
  const lists: number[] = [];
  for (let term = 0; term < index.terms.length; term++) {
    const start = index.postingStart[term] ?? 0;
    const end = index.postingStart[term + 1] ?? 0;
    pushVarint(tail, end - start);
    let last = -1;
    for (let at = start; at < end; at++) {
      pushVarint(lists, (index.passages[at] ?? 0) - last - 1);
      last = index.passages[at] ?? 0;
    }
    for (let at = start; at < end; at++) lists.push(index.weights[at] ?? 0);
  }
  const middle: number[] = [];
  pushVarint(middle, terms.length);
  const parts = [Uint8Array.from(head), new Uint8Array(fixed.buffer), Uint8Array.from(middle), terms];
  parts.push(Uint8Array.from(tail), Uint8Array.from(lists));
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function invalid(what: string): UnderstudyError {
  return new UnderstudyError('bundle/artifact-invalid', `The search index cannot be read: ${what}.`, {
    facts: { artifact: 'index', what },
  });
}

class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get rest(): number {
    return this.#bytes.length - this.#at;
  }

  byte(): number {
    const value = this.#bytes[this.#at];
    if (value === undefined) throw invalid('it ends early');
    this.#at++;
    return value;
  }

  varint(most: number): number {
    let value = 0;
    for (let factor = 1; factor <= 0x10000000; factor *= 128) {
      const byte = this.byte();
      value += (byte & 127) * factor;
      if (byte < 128) {
        if (value > most) throw invalid('a number is out of range');
        return value;
      }
    }
    throw invalid('a number is too long');
  }

  slice(length: number): Uint8Array {
    if (this.rest < length) throw invalid('it ends early');
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }
}

function readTerms(bytes: Uint8Array): string[] {
  if (bytes.length === 0) return [];
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new UnderstudyError('bundle/artifact-invalid', 'The search index holds broken text.', { cause });
  }
  const terms = text.split('\n');
  for (let at = 1; at < terms.length; at++) {
    if ((terms[at - 1] ?? '') >= (terms[at] ?? '')) throw invalid('its terms are not in order');
  }
  return terms;
}

/**
 * Reads an index and checks every number in it; the length of the bytes bounds what is allocated.
 * @throws UnderstudyError `bundle/artifact-invalid` when the bytes are no index, `bundle/version-unsupported`.
 */
export function parseIndex(bytes: Uint8Array): SearchIndex {
  const reader = new Reader(bytes);
  for (const expected of MAGIC) if (reader.byte() !== expected) throw invalid('it is not of this format');
  const version = reader.byte();
  if (version !== VERSION) {
    const facts = { found: version, supported: VERSION };
    throw new UnderstudyError('bundle/version-unsupported', `The search index has version ${version}.`, {
      facts,
    });
  }
  const passageCount = reader.varint(MAX_PASSAGES);
  const fixed = reader.slice(4 + 4 * GATE_SIZE);
  const view = new DataView(fixed.buffer, fixed.byteOffset, fixed.byteLength);
  const gate = new Float32Array(GATE_SIZE);
  for (let at = 0; at < GATE_SIZE; at++) {
    gate[at] = view.getFloat32(4 + 4 * at, true);
    if (!Number.isFinite(gate[at])) throw invalid('its gate is not finite');
  }
  const terms = readTerms(reader.slice(reader.varint(MAX_TERMS_BYTES)));
  if (reader.varint(MAX_TERMS_BYTES) !== terms.length) throw invalid('its terms are not all there');
  const postingStart = new Uint32Array(terms.length + 1);
  let total = 0;
  for (let term = 0; term < terms.length; term++) {
    total += reader.varint(passageCount);
    postingStart[term + 1] = total;
  }
  if (total * 2 > reader.rest) throw invalid('it ends early');
  const passages = new Uint32Array(total);
  const weights = new Uint8Array(total);
  for (let term = 0; term < terms.length; term++) {
    const start = postingStart[term] ?? 0;
    const end = postingStart[term + 1] ?? 0;
    let last = -1;
    for (let at = start; at < end; at++) {
      last += 1 + reader.varint(passageCount);
      if (last >= passageCount) throw invalid('a passage is out of range');
      passages[at] = last;
    }
    weights.set(reader.slice(end - start), start);
  }
  if (reader.rest !== 0) throw invalid('it is longer than it says');
  return { passageCount, idsDigest: view.getUint32(0, true), gate, terms, postingStart, passages, weights };
}
