import { UnderstudyError } from '../contracts/errors.ts';
import type { Passage } from '../contracts/passage.ts';
import {
  MAX_SYNONYM_RULES,
  parseSynonymLine,
  type SynonymRule,
  writeSynonymRule,
} from '../text/synonym-rule.ts';
import { type Associations, parseAssociations, writeAssociations } from './associations.ts';
import { HASH_BASIS, hashText } from '../text/hash-text.ts';
import { FIELDS } from './passage-fields.ts';
import { parseHeldThesaurus, type HeldThesaurus, writeThesaurus } from './thesaurus-table.ts';

/** Number of weights of the gate; see `confidence.ts`. */
export const GATE_SIZE = 9;
/** Most passages an index may hold. */
export const MAX_PASSAGES = 200_000;

const MAGIC = [0x55, 0x44, 0x49, 0x58];
const VERSION = 5;
/** The owner's synonyms and what was learned. */
const MAX_SYNONYM_BYTES = 1024 * 1024;
const MAX_ASSOCIATION_BYTES = 16 * 1024 * 1024;
const MAX_THESAURUS_BYTES = 4 * 1024 * 1024;
const MAX_TERMS_BYTES = 64 * 1024 * 1024;
/** Longest term in UTF-16 units; the splitter cuts longer words. */
const MAX_TERM_LENGTH = 4096;
const MAX_FIELD_LENGTH = 0xffffff;

/** The index of a list of passages as it is stored: the words of spaced scripts. Other scripts are indexed on loading. */
export interface StoredIndex {
  readonly passageCount: number;
  /** Digest of the ids in order, by {@link digestIds}. */
  readonly idsDigest: number;
  /** Weights of the gate, length {@link GATE_SIZE}. */
  readonly gate: Float32Array;
  /** The owner's synonyms, then abbreviations that the pages explain. */
  readonly synonyms: readonly SynonymRule[];
  /** What goes with words of visitors. */
  readonly associations: Associations;
  /** What visitors say in place of terms that the passages hold. */
  readonly thesaurus: HeldThesaurus;
  /** Number of words in each field, passage by passage, `FIELDS.length` numbers each. */
  readonly lengths: Uint32Array;
  /** All terms, ascending by UTF-16 units. */
  readonly terms: readonly string[];
  /** `postingStart[t]` to `postingStart[t + 1]` are the postings of term t. */
  readonly postingStart: Uint32Array;
  /** Passage numbers, ascending within a term. */
  readonly passages: Uint32Array;
  /** Frequencies in the fields, packed as `FIELDS` says; never 0. */
  readonly codes: Uint8Array;
}

/** Digest by which index and passages are known to belong together (FNV-1a over the ids). */
export function digestIds(passages: readonly Passage[]): number {
  return passages.reduce((digest, { id }) => hashText(`${id}\n`, digest), HASH_BASIS) >>> 0;
}

/** Bytes that grow. */
class Writer {
  #bytes = new Uint8Array(1024);
  #length = 0;

  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + count));
    larger.set(this.bytes);
    this.#bytes = larger;
  }

  append(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  varint(value: number): void {
    this.#reserve(5);
    let rest = value;
    while (rest >= 128) {
      this.#bytes[this.#length++] = (rest % 128) + 128;
      rest = Math.floor(rest / 128);
    }
    this.#bytes[this.#length++] = rest;
  }
}

/** Number of UTF-16 units that two terms begin with alike. */
function sharedPrefix(left: string, right: string): number {
  let at = 0;
  while (at < left.length && left.charCodeAt(at) === right.charCodeAt(at)) at++;
  return at;
}

/**
 * Writes an index: magic `UDIX`, version, number of passages, digest of ids, gate; the
 * synonyms, as lines; the associations, as lines; the thesaurus, as lines; the lengths of the fields, field by
 * field; number of terms, of each how many UTF-16 units it shares with the one before; what is left of them in UTF-8,
 * joined by line feeds; the number of postings of each; the distances between their passages; their codes. Numbers are
 * LEB128 varints or little endian. What is alike lies together, so that gzip finds it.
 */
export function serializeIndex(index: StoredIndex): Uint8Array {
  const writer = new Writer();
  writer.append(Uint8Array.from([...MAGIC, VERSION]));
  writer.varint(index.passageCount);
  const fixed = new DataView(new ArrayBuffer(4 + 4 * GATE_SIZE));
  fixed.setUint32(0, index.idsDigest, true);
  for (let at = 0; at < GATE_SIZE; at++) fixed.setFloat32(4 + 4 * at, index.gate[at] ?? 0, true);
  writer.append(new Uint8Array(fixed.buffer));
  const synonyms = new TextEncoder().encode(index.synonyms.map(writeSynonymRule).join('\n'));
  writer.varint(synonyms.length);
  writer.append(synonyms);
  const associations = new TextEncoder().encode(writeAssociations(index.associations));
  writer.varint(associations.length);
  writer.append(associations);
  const thesaurus = new TextEncoder().encode(writeThesaurus(index.thesaurus));
  writer.varint(thesaurus.length);
  writer.append(thesaurus);
  for (let field = 0; field < FIELDS.length; field++)
    for (let at = field; at < index.lengths.length; at += FIELDS.length)
      writer.varint(index.lengths[at] ?? 0);
  writer.varint(index.terms.length);
  const rests: string[] = [];
  let before = '';
  for (const term of index.terms) {
    const shared = sharedPrefix(before, term);
    writer.varint(shared);
    rests.push(term.slice(shared));
    before = term;
  }
  const text = new TextEncoder().encode(rests.join('\n'));
  writer.varint(text.length);
  writer.append(text);
  for (let term = 0; term < index.terms.length; term++)
    writer.varint((index.postingStart[term + 1] ?? 0) - (index.postingStart[term] ?? 0));
  for (let term = 0; term < index.terms.length; term++) {
    let last = -1;
    for (let at = index.postingStart[term] ?? 0; at < (index.postingStart[term + 1] ?? 0); at++) {
      writer.varint((index.passages[at] ?? 0) - last - 1);
      last = index.passages[at] ?? 0;
    }
  }
  writer.append(index.codes);
  return writer.bytes.slice();
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
        // One number has one spelling, so that an index has one too.
        if (byte === 0 && factor > 1) throw invalid('a number is too long');
        return value;
      }
    }
    throw invalid('a number is too long');
  }

  /** Room for a list of numbers, each of at least one byte. */
  room(count: number): number {
    if (count > this.rest) throw invalid('it ends early');
    return count;
  }

  slice(length: number): Uint8Array {
    this.#at += this.room(length);
    return this.#bytes.subarray(this.#at - length, this.#at);
  }
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new UnderstudyError('bundle/artifact-invalid', 'The search index holds broken text.', { cause });
  }
}

function readSynonyms(reader: Reader): SynonymRule[] {
  const text = decode(reader.slice(reader.varint(MAX_SYNONYM_BYTES)));
  if (text === '') return [];
  const lines = text.split('\n');
  if (lines.length > MAX_SYNONYM_RULES) throw invalid('it has too many synonyms');
  return lines.map((line) => {
    const parsed = parseSynonymLine(line);
    if (parsed.kind !== 'rule' || writeSynonymRule(parsed.rule) !== line)
      throw invalid('its synonyms are not written as they should be');
    return parsed.rule;
  });
}

function readTerms(reader: Reader): string[] {
  const shared = new Uint32Array(reader.room(reader.varint(MAX_TERMS_BYTES)));
  for (let at = 0; at < shared.length; at++) shared[at] = reader.varint(MAX_TERM_LENGTH);
  const text = decode(reader.slice(reader.varint(MAX_TERMS_BYTES)));
  if (shared.length === 0 && text === '') return [];
  const rests = text.split('\n');
  if (rests.length !== shared.length) throw invalid('its terms are not all there');
  let before = '';
  return rests.map((rest, at) => {
    const term = before.slice(0, shared[at]) + rest;
    if (sharedPrefix(before, term) !== shared[at] || term.length > MAX_TERM_LENGTH)
      throw invalid('its terms are not written as they should be');
    if (at > 0 && before >= term) throw invalid('its terms are not in order');
    before = term;
    return term;
  });
}

/**
 * Reads an index and checks every number in it; the length of the bytes bounds what is allocated.
 * @throws UnderstudyError `bundle/artifact-invalid` when the bytes are no index, `bundle/version-unsupported`.
 */
export function parseIndex(bytes: Uint8Array): StoredIndex {
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
  const synonyms = readSynonyms(reader);
  const associations = parseAssociations(decode(reader.slice(reader.varint(MAX_ASSOCIATION_BYTES))));
  if (associations === null) throw invalid('its associations are not written as they should be');
  const thesaurus = parseHeldThesaurus(decode(reader.slice(reader.varint(MAX_THESAURUS_BYTES))));
  if (thesaurus === null) throw invalid('its thesaurus is not written as it should be');
  const lengths = new Uint32Array(reader.room(passageCount * FIELDS.length));
  for (let field = 0; field < FIELDS.length; field++)
    for (let at = field; at < lengths.length; at += FIELDS.length)
      lengths[at] = reader.varint(MAX_FIELD_LENGTH);
  const terms = readTerms(reader);
  const postingStart = new Uint32Array(terms.length + 1);
  let total = 0;
  for (let term = 0; term < terms.length; term++) {
    total += reader.varint(passageCount);
    postingStart[term + 1] = total;
  }
  if (total * 2 > reader.rest) throw invalid('it ends early');
  const passages = new Uint32Array(total);
  for (let term = 0; term < terms.length; term++) {
    let last = -1;
    for (let at = postingStart[term] ?? 0; at < (postingStart[term + 1] ?? 0); at++) {
      last += 1 + reader.varint(passageCount);
      if (last >= passageCount) throw invalid('a passage is out of range');
      passages[at] = last;
    }
  }
  const codes = reader.slice(total).slice();
  if (codes.includes(0)) throw invalid('a posting stands for nothing');
  if (reader.rest !== 0) throw invalid('it is longer than it says');
  const idsDigest = view.getUint32(0, true);
  return {
    passageCount,
    idsDigest,
    gate,
    synonyms,
    associations,
    thesaurus,
    lengths,
    terms,
    postingStart,
    passages,
    codes,
  };
}
