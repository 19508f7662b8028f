import type { SearchIndex } from '../search-index.ts';
import { prepareQuery, type QueryTerm } from '../query.ts';

/** From this share on what counts as a word of the index is the word itself, or what the owner calls so too. */
const OWN_SHARE = 0.9;
/** Under this weight a word is one of talk. */
const LEAST_WEIGHT = 0.3;

/** Words that a text is to have, each with the terms that count as it. */
export interface WantedWords {
  readonly words: readonly { readonly terms: ReadonlySet<string>; readonly mass: number }[];
  readonly total: number;
}

/** Prepares the words of a phrase. @param isExact - Whether related words do not count: two names may be related. */
export function wantedWords(
  index: SearchIndex,
  phrase: string,
  language: string,
  isExact: boolean,
): WantedWords {
  const terms = phrase === '' ? [] : prepareQuery(index, phrase, [], language).terms;
  return weighWords(
    terms.filter(({ weight }) => weight >= LEAST_WEIGHT || terms.length === 1),
    isExact,
  );
}

/** What some words have that others lack, so that "plan" tells nothing of a Basic and a Pro plan. */
export function withoutShared(wanted: WantedWords, other: WantedWords): WantedWords {
  const shared = new Set(other.words.flatMap(({ terms }) => [...terms]));
  return total(wanted.words.filter(({ terms }) => ![...terms].some((term) => shared.has(term))));
}

/** Share of the wanted words that some terms hold, by weight; 0 when none are wanted. */
export function coverOf({ words, total: all }: WantedWords, held: ReadonlySet<string>): number {
  let sum = 0;
  for (const { terms, mass } of words) if ([...terms].some((term) => held.has(term))) sum += mass;
  return all > 0 ? sum / all : 0;
}

function weighWords(terms: readonly QueryTerm[], isExact: boolean): WantedWords {
  return total(
    terms.map(({ word, matches, weight, rarity }) => {
      const own = matches.filter(({ share }) => share >= OWN_SHARE);
      const counted = isExact && own.length > 0 ? own : matches;
      return { terms: new Set([word, ...counted.map(({ text }) => text)]), mass: weight * rarity };
    }),
  );
}

function total(words: WantedWords['words']): WantedWords {
  return { words, total: words.reduce((sum, { mass }) => sum + mass, 0) };
}
