import type { Passage } from '../contracts/passage.ts';
import { eachTerm } from './analyze.ts';
import { digestIds, GATE_SIZE, type StoredIndex } from './index-format.ts';
import { learnAssociations } from './learn-associations.ts';
import { FIELDS } from './passage-fields.ts';

/** The postings of one term while they are collected. */
interface Postings {
  readonly passages: number[];
  readonly codes: number[];
}

/** Collects the postings of the words of all passages, with how often each stands in each field, and what their expected questions tell. */
export function collectPostings(passages: readonly Passage[]): StoredIndex {
  const lengths = new Uint32Array(passages.length * FIELDS.length);
  const lists = new Map<string, Postings>();
  passages.forEach((passage, number) => {
    const codes = new Map<string, number>();
    FIELDS.forEach(({ read, shift, most }, field) => {
      let length = 0;
      const onTerm = (term: string): void => {
        length++;
        const code = codes.get(term) ?? 0;
        if (((code >> shift) & most) < most) codes.set(term, code + (1 << shift));
      };
      eachTerm(read(passage), passage.language, onTerm, () => undefined);
      lengths[number * FIELDS.length + field] = length;
    });
    for (const [term, code] of codes) {
      let list = lists.get(term);
      if (list === undefined) lists.set(term, (list = { passages: [], codes: [] }));
      list.passages.push(number);
      list.codes.push(code);
    }
  });
  const sorted = [...lists].sort(([left], [right]) => (left < right ? -1 : 1));
  const postingStart = new Uint32Array(sorted.length + 1);
  sorted.forEach(([, list], at) => {
    postingStart[at + 1] = (postingStart[at] ?? 0) + list.passages.length;
  });
  const total = postingStart[sorted.length] ?? 0;
  const numbers = new Uint32Array(total);
  const codes = new Uint8Array(total);
  sorted.forEach(([, list], at) => {
    numbers.set(list.passages, postingStart[at]);
    codes.set(list.codes, postingStart[at]);
  });
  return {
    passageCount: passages.length,
    idsDigest: digestIds(passages),
    gate: new Float32Array(GATE_SIZE),
    synonyms: [],
    associations: learnAssociations(passages),
    thesaurus: new Map(),
    lengths,
    terms: sorted.map(([term]) => term),
    postingStart,
    passages: numbers,
    codes,
  };
}
