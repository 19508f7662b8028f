import type { Passage } from '../contracts/passage.ts';
import { spreadBits } from '../text/hash-text.ts';
import { stopWords } from '../text/stop-words.ts';
import { eachTerm } from './analyze.ts';
import { averageLengths, FIELDS, occurrenceWeight } from './passage-fields.ts';

/**
 * Letters and pairs of neighboring letters of the runs of scripts without spaces, numbered as they are met. Their
 * postings are larger than the text they come from, and faster made than downloaded; so no index stores them.
 */
export class LetterPairs {
  /** Numbers of letters of the basic plane by code unit, 0 for none, else the number plus 1. */
  readonly #basic = new Uint16Array(0x10000);
  readonly #further = new Map<number, number>();
  #letterCount = 0;
  /** Hash table of pairs: slots of keys (both letter numbers plus 1, so never 0) and of their numbers. */
  #keys = new Uint32Array(1 << 12);
  #numbers = new Uint32Array(1 << 12);
  #pairCount = 0;

  get letterCount(): number {
    return this.#letterCount;
  }

  get pairCount(): number {
    return this.#pairCount;
  }

  /** Number of a letter, -1 for one never met; with `isNew` it is met now. */
  letter(code: number, isNew: boolean): number {
    const known = code < 0x10000 ? (this.#basic[code] ?? 0) : (this.#further.get(code) ?? 0);
    // Numbers have 16 bits; no text has more letters.
    if (known > 0 || !isNew || this.#letterCount >= 0xfffe) return known - 1;
    this.#letterCount++;
    if (code < 0x10000) this.#basic[code] = this.#letterCount;
    else this.#further.set(code, this.#letterCount);
    return this.#letterCount - 1;
  }

  /** Number of a pair of letters by their numbers, -1 for one never met; with `isNew` it is met now. */
  pair(left: number, right: number, isNew: boolean): number {
    if (left < 0 || right < 0) return -1;
    const key = (((left + 1) << 16) | (right + 1)) >>> 0;
    const mask = this.#keys.length - 1;
    // Letters that are used together have numbers near each other.
    let slot = spreadBits(key) & mask;
    for (; this.#keys[slot] !== 0; slot = (slot + 1) & mask)
      if (this.#keys[slot] === key) return this.#numbers[slot] ?? -1;
    if (!isNew) return -1;
    this.#keys[slot] = key;
    this.#numbers[slot] = this.#pairCount++;
    if (this.#pairCount * 2 > this.#keys.length) this.#grow();
    return this.#pairCount - 1;
  }

  #grow(): void {
    const [keys, numbers] = [this.#keys, this.#numbers];
    this.#keys = new Uint32Array(keys.length * 2);
    this.#numbers = new Uint32Array(keys.length * 2);
    const mask = this.#keys.length - 1;
    keys.forEach((key, from) => {
      if (key === 0) return;
      let slot = spreadBits(key) & mask;
      while (this.#keys[slot] !== 0) slot = (slot + 1) & mask;
      this.#keys[slot] = key;
      this.#numbers[slot] = numbers[from] ?? 0;
    });
  }
}

/** Postings of letters, then of pairs, in the order of their numbers. */
export interface LetterPostings {
  readonly starts: Uint32Array;
  readonly passages: Uint32Array;
  readonly weights: Float32Array;
}

class Entries {
  terms = new Uint32Array(1 << 14);
  weights = new Float32Array(1 << 14);
  length = 0;

  push(term: number, weight: number): void {
    if (this.length === this.terms.length) {
      const [terms, weights] = [this.terms, this.weights];
      this.terms = new Uint32Array(terms.length * 2);
      this.terms.set(terms);
      this.weights = new Float32Array(terms.length * 2);
      this.weights.set(weights);
    }
    this.terms[this.length] = term;
    this.weights[this.length++] = weight;
  }
}

/** Runs of scripts without spaces of one field of one passage. */
interface FieldRuns {
  readonly passage: number;
  readonly field: number;
  readonly stops: ReadonlySet<string>;
  readonly runs: readonly string[];
}

const MAY_HOLD_RUN = /[^\u0000-\u0dff]/;

function collectRuns(passages: readonly Passage[], lengths: Uint32Array): FieldRuns[] {
  const found: FieldRuns[] = [];
  passages.forEach((passage, number) => {
    FIELDS.forEach(({ read }, field) => {
      const text = read(passage);
      if (!MAY_HOLD_RUN.test(text)) return;
      const runs: string[] = [];
      eachTerm(
        text,
        passage.language,
        () => undefined,
        (run) => runs.push(run),
      );
      if (runs.length === 0) return;
      lengths[number * FIELDS.length + field] = runs.reduce((sum, run) => sum + 2 * run.length - 1, 0);
      found.push({ passage: number, field, stops: stopWords(passage.language), runs });
    });
  });
  return found;
}

/** Numbers of the stop words of a language that are letters or pairs, as {@link indexLetters} numbers entries. */
function stopNumbers(table: LetterPairs, stops: ReadonlySet<string>): ReadonlySet<number> {
  const found = new Set<number>();
  for (const stop of stops) {
    const [left, right, more] = Array.from(stop, (letter) => letter.codePointAt(0) ?? 0);
    if (left === undefined || left < 0xe00 || more !== undefined) continue;
    const first = table.letter(left, true);
    if (right === undefined) found.add(2 * first);
    else found.add(2 * table.pair(first, table.letter(right, true), true) + 1);
  }
  return found;
}

/** Indexes the letters and pairs of all passages: frequencies of all fields, each normalized by its own length, are added. */
export function indexLetters(passages: readonly Passage[]): { readonly table: LetterPairs } & LetterPostings {
  const lengths = new Uint32Array(passages.length * FIELDS.length);
  const fields = collectRuns(passages, lengths);
  const averages = averageLengths(lengths);
  const table = new LetterPairs();
  const stops = new Map(
    [...new Set(fields.map((one) => one.stops))].map((one) => [one, stopNumbers(table, one)]),
  );
  const entries = new Entries();
  const owners: { readonly passage: number; end: number }[] = [];
  // Place of the latest entry of a letter (even) or pair (odd), plus 1.
  let latest = new Uint32Array(1 << 16);
  for (const { passage, field, stops: words, runs } of fields) {
    const weight = occurrenceWeight(
      field,
      lengths[passage * FIELDS.length + field] ?? 0,
      averages[field] ?? 1,
    );
    const skipped = stops.get(words);
    let owner = owners.at(-1);
    if (owner?.passage !== passage) owners.push((owner = { passage, end: entries.length }));
    const start = owners.at(-2)?.end ?? 0;
    const add = (number: number): void => {
      if (number < 0 || skipped?.has(number) === true) return;
      if (number >= latest.length) {
        const larger = new Uint32Array(2 * number);
        larger.set(latest);
        latest = larger;
      }
      const place = latest[number] ?? 0;
      if (place > start) entries.weights[place - 1] = (entries.weights[place - 1] ?? 0) + weight;
      else {
        entries.push(number, weight);
        latest[number] = entries.length;
      }
    };
    for (const run of runs) {
      let previous = -1;
      for (let at = 0; at < run.length; at++) {
        const code = run.codePointAt(at) ?? 0;
        if (code > 0xffff) at++;
        const letter = table.letter(code, true);
        if (previous >= 0 && letter >= 0) add(2 * table.pair(previous, letter, true) + 1);
        if (letter >= 0) add(2 * letter);
        previous = letter;
      }
    }
    owner.end = entries.length;
  }
  return { table, ...sortEntries(entries, owners, table) };
}

/** Brings entries in order of passages into order of letters and pairs (counting sort). */
function sortEntries(
  { terms, weights, length }: Entries,
  owners: readonly { readonly passage: number; readonly end: number }[],
  { letterCount, pairCount }: LetterPairs,
): LetterPostings {
  const starts = new Uint32Array(letterCount + pairCount + 1);
  const termOf = (number: number): number => (number >>> 1) + (number % 2 === 1 ? letterCount : 0);
  for (let at = 0; at < length; at++) {
    const next = termOf(terms[at] ?? 0) + 1;
    starts[next] = (starts[next] ?? 0) + 1;
  }
  for (let at = 1; at < starts.length; at++) starts[at] = (starts[at] ?? 0) + (starts[at - 1] ?? 0);
  const free = starts.slice();
  const sortedPassages = new Uint32Array(length);
  const sortedWeights = new Float32Array(length);
  let at = 0;
  for (const { passage, end } of owners) {
    for (; at < end; at++) {
      const term = termOf(terms[at] ?? 0);
      const to = free[term] ?? 0;
      free[term] = to + 1;
      sortedPassages[to] = passage;
      sortedWeights[to] = weights[at] ?? 0;
    }
  }
  return { starts, passages: sortedPassages, weights: sortedWeights };
}
