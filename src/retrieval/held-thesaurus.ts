import { analyzeText, isSingleCharacter } from './analyze.ts';
import type { SearchIndex } from './search-index.ts';
import { MAX_HEADWORDS, type HeldThesaurus } from './thesaurus-table.ts';
import { findTerm, passageFrequency } from './vocabulary.ts';

/** A word of help pages, and what visitors say in its place. */
export interface ThesaurusEntry {
  /** Primary subtag of the language. */
  readonly language: string;
  /** As help pages have it. */
  readonly headword: string;
  /** Words, and phrases of a few words, in no order. */
  readonly wordings: readonly string[];
}

/** Share of the passages that hold a term from which on it tells hardly any of them from the rest, and the number up to which that is no matter. */
const MOST_HOLDERS = 0.1;
const FEW_HOLDERS = 5;

/**
 * Takes from a thesaurus what leads somewhere in a bundle: wordings of the words that its passages hold, not too many of them.
 * @param thesaurus - Entries of other languages than the passages' are left out.
 */
export function heldThesaurus(index: SearchIndex, thesaurus: readonly ThesaurusEntry[]): HeldThesaurus {
  const most = Math.max(FEW_HOLDERS, MOST_HOLDERS * index.passageCount);
  const asked = new Map<string, Set<string>>();
  for (const { language, headword, wordings } of thesaurus) {
    if (!index.languages.includes(language)) continue;
    const all = analyzeText(headword, language);
    const heads = all.length > 1 ? all.filter((term) => !isSingleCharacter(term)) : all;
    const frequencies = heads.map((term) => passageFrequency(index, findTerm(index, term)));
    if (frequencies.includes(0)) continue;
    const telling = heads.filter((_, at) => (frequencies[at] ?? 0) <= most);
    if (telling.length === 0) continue;
    const said = wordings.map((wording) => analyzeText(wording, language).join(' '));
    for (const term of telling) {
      const list = asked.get(term) ?? new Set<string>();
      for (const wording of said) if (wording !== '' && wording !== term) list.add(wording);
      if (list.size > 0) asked.set(term, list);
    }
  }
  return new Map([...asked].slice(0, MAX_HEADWORDS).map(([term, list]) => [term, [...list]]));
}
