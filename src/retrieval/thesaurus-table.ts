import { isSingleCharacter } from './analyze.ts';
import { isFiller } from './filler-words.ts';

/**
 * By a term that passages hold, what visitors may ask with in its place: each one or more terms as `analyzeText` gives them, joined by
 * spaces.
 */
export type HeldThesaurus = ReadonlyMap<string, readonly string[]>;

/** Most terms that have wordings. */
export const MAX_HEADWORDS = 20_000;

/** Writes wordings as lines, `term⇥asked⇥asked …`, all ascending by UTF-16 units. */
export function writeThesaurus(wordings: HeldThesaurus): string {
  return [...wordings]
    .map(([term, asked]) => [term, ...[...asked].sort()])
    .sort(([left = ''], [right = '']) => (left < right ? -1 : 1))
    .map((line) => line.join('\t'))
    .join('\n');
}

const LINE = /^\S+(?:\t\S+(?: \S+)*)+$/u;

/** Reads what {@link writeThesaurus} wrote, in that one spelling; null where it is anything else. */
export function parseHeldThesaurus(text: string): HeldThesaurus | null {
  const wordings = new Map<string, readonly string[]>();
  if (text === '') return wordings;
  let before = '';
  for (const line of text.split('\n')) {
    if (!LINE.test(line) || wordings.size >= MAX_HEADWORDS) return null;
    const [term = '', ...asked] = line.split('\t');
    const isOrdered = asked.every((one, at) => at === 0 || (asked[at - 1] ?? '') < one);
    if (term <= before || !isOrdered) return null;
    wordings.set(term, asked);
    before = term;
  }
  return wordings;
}

/** A wording, and the terms of passages that it stands for. */
interface MeantTerms {
  readonly asked: readonly string[];
  readonly terms: string[];
}

/** Wordings by their first term. */
export type ThesaurusTable = ReadonlyMap<string, readonly MeantTerms[]>;

/** Turns wordings around, so that they are found in a question. */
export function thesaurusTable(wordings: HeldThesaurus): ThesaurusTable {
  const byWording = new Map<string, MeantTerms>();
  for (const [term, asked] of wordings) {
    for (const wording of asked) {
      const known = byWording.get(wording);
      if (known === undefined) byWording.set(wording, { asked: wording.split(' '), terms: [term] });
      else known.terms.push(term);
    }
  }
  const table = new Map<string, MeantTerms[]>();
  for (const meant of byWording.values()) {
    const first = meant.asked[0] ?? '';
    const list = table.get(first);
    if (list === undefined) table.set(first, [meant]);
    else list.push(meant);
  }
  return table;
}

/**
 * Finds the wordings that a question holds.
 * @param words - The terms of the question, in order.
 * @returns What is meant, by the word of each wording that says most by its form.
 */
export function findMeant(
  table: ThesaurusTable,
  words: readonly string[],
): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  words.forEach((word, at) => {
    for (const { asked, terms } of table.get(word) ?? []) {
      if (!asked.every((term, further) => words[at + further] === term)) continue;
      const carrier = asked.find((term) => !isFiller(term) && !isSingleCharacter(term)) ?? word;
      const list = found.get(carrier) ?? [];
      list.push(...terms.filter((term) => !list.includes(term)));
      found.set(carrier, list);
    }
  });
  return found;
}
