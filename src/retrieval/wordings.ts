import type { SynonymRule } from '../text/synonym-rule.ts';
import { analyzeText } from './analyze.ts';
import type { SearchIndex } from './search-index.ts';
import { findTerm } from './vocabulary.ts';

/** A wording that a question may use, and the terms of others that the pages use for it. */
interface Wording {
  readonly asked: readonly string[];
  readonly meant: readonly (readonly string[])[];
}

/** A part of a word of a question that may be called otherwise. */
export interface WordPart {
  /** How much of the word it is, 0 to 1; the parts of a word add up to 1. */
  readonly share: number;
  /** Terms of the index that stand for the part beside the word itself. */
  readonly others: readonly string[];
}

/** By the first term of what is asked, the longest first. */
type Wordings = ReadonlyMap<string, readonly Wording[]>;

const compiled = new WeakMap<SearchIndex, Map<string, Wordings>>();

/** Turns rules into terms; wordings that no page uses as they are lead nowhere and are left out. */
function compileRules(
  index: SearchIndex,
  rules: readonly SynonymRule[],
  language: string,
  stemLanguage: string,
): Wordings {
  const meanings = new Map<string, { readonly asked: readonly string[]; meant: (readonly string[])[] }>();
  for (const { isOneWay, wordings } of rules) {
    const lists = wordings.map((wording) => analyzeText(wording, language, stemLanguage));
    const inPages = lists.map((list) => list.length > 0 && list.every((term) => findTerm(index, term) >= 0));
    for (const [at, asked] of lists.entries()) {
      if (asked.length === 0 || (isOneWay && at > 0)) continue;
      const key = asked.join('\n');
      const meant = lists.filter((list, other) => inPages[other] === true && list.join('\n') !== key);
      if (meant.length === 0) continue;
      const known = meanings.get(key);
      if (known === undefined) meanings.set(key, { asked, meant });
      else known.meant.push(...meant);
    }
  }
  const byFirst = new Map<string, Wording[]>();
  for (const wording of meanings.values()) {
    const first = wording.asked[0] ?? '';
    const list = byFirst.get(first);
    if (list === undefined) byFirst.set(first, [wording]);
    else list.push(wording);
  }
  for (const list of byFirst.values()) list.sort((left, right) => right.asked.length - left.asked.length);
  return byFirst;
}

/**
 * Cuts what is asked and what is meant into the same number of parts, place by place: each part is the word of the
 * question at its place, or the word of the pages. A page covers all parts with one wording or the other, whole.
 */
function cutParts({ asked, meant }: Wording, parts: Map<string, readonly WordPart[]>): void {
  const count = Math.max(asked.length, ...meant.map((list) => list.length));
  asked.forEach((word, place) => {
    const isLast = place === asked.length - 1;
    const size = isLast ? count - place : 1;
    const own = Array.from({ length: size }, (_, further): WordPart => {
      const others = meant.map((list) => list[Math.min(place + further, list.length - 1)] ?? '');
      return { share: 1 / size, others: [...new Set(others)].filter((other) => other !== word) };
    });
    parts.set(word, own);
  });
}

/**
 * Finds the words of a question that belong to a wording of the bundle's synonyms, the longest wording first.
 *
 * @param words - The terms of the question, in order.
 * @returns The parts of each such word.
 */
export function findWordings(
  index: SearchIndex,
  words: readonly string[],
  language: string,
  stemLanguage: string,
): ReadonlyMap<string, readonly WordPart[]> {
  const parts = new Map<string, readonly WordPart[]>();
  if (index.synonyms.length === 0) return parts;
  const languages = compiled.get(index) ?? new Map<string, Wordings>();
  compiled.set(index, languages);
  let wordings = languages.get(language);
  if (wordings === undefined)
    languages.set(language, (wordings = compileRules(index, index.synonyms, language, stemLanguage)));
  for (let at = 0; at < words.length; at++) {
    const found = wordings
      .get(words[at] ?? '')
      ?.find(({ asked }) => asked.every((term, further) => words[at + further] === term && !parts.has(term)));
    if (found === undefined) continue;
    cutParts(found, parts);
    at += found.asked.length - 1;
  }
  return parts;
}
