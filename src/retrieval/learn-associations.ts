import type { Passage } from '../contracts/passage.ts';
import { plainText } from '../text/plain-text.ts';
import { analyzeText, isSingleCharacter } from './analyze.ts';
import {
  type Associate,
  type Associations,
  MAX_ASSOCIATED,
  MAX_ASSOCIATES,
  MAX_PERCENT,
} from './associations.ts';

/** Passages that questions with both terms belong to; fewer are chance. */
const LEAST_TOGETHER = 2;
/** Share of the passages asked for with a term that hold the other. */
const LEAST_SHARE = 0.25;
/** How many times as often as other passages they hold it. */
const LEAST_LIFT = 4;
/** How much less the associates count of a term that the passages it asks for hold anyway. */
const HELD_DISCOUNT = 0.5;
/** Fewer passages with expected questions tell nothing. */
const LEAST_PASSAGES = 20;

/** What a passage is asked with, what it says, and both, as numbers of terms. */
interface Asked {
  readonly questions: ReadonlySet<number>;
  readonly said: ReadonlySet<number>;
  readonly all: ReadonlySet<number>;
}

/** Numbers a language's terms as they are met. */
function readAsked(passages: readonly Passage[], terms: string[]): Asked[] {
  const numbers = new Map<string, number>();
  const numbersOf = (text: string, language: string): Set<number> =>
    new Set(
      analyzeText(text, language)
        .filter((term) => !isSingleCharacter(term) && !/^[\d.,]+$/.test(term))
        .map((term) => {
          const number = numbers.get(term) ?? terms.push(term) - 1;
          numbers.set(term, number);
          return number;
        }),
    );
  return passages.map(({ title, headings, text, language, expected = [] }) => {
    const said = numbersOf([title, ...headings, plainText(text)].join('\n'), language);
    const questions = numbersOf(expected.join('\n'), language);
    return { questions, said, all: new Set([...said, ...questions]) };
  });
}

/** The associations of passages of one language. */
function learnOne(passages: readonly Passage[]): (readonly [string, readonly Associate[], number])[] {
  const terms: string[] = [];
  const asked = readAsked(passages, terms);
  /** By term: the passages asked for with it, and how many hold it. */
  const askedWith = terms.map((): number[] => []);
  const holders = new Uint32Array(terms.length);
  asked.forEach(({ questions, all }, passage) => {
    for (const term of questions) askedWith[term]?.push(passage);
    for (const term of all) holders[term] = (holders[term] ?? 0) + 1;
  });
  const together = new Uint32Array(terms.length);
  return askedWith.flatMap((list, term) => {
    if (list.length < LEAST_TOGETHER) return [];
    const met: number[] = [];
    let held = 0;
    for (const passage of list) {
      if (asked[passage]?.said.has(term) === true) held++;
      for (const other of asked[passage]?.all ?? []) {
        if (together[other] === 0) met.push(other);
        together[other] = (together[other] ?? 0) + 1;
      }
    }
    const weight = MAX_PERCENT * (1 - (HELD_DISCOUNT * held) / list.length);
    const found = met.flatMap((other) => {
      const both = together[other] ?? 0;
      together[other] = 0;
      const share = both / list.length;
      const lift = (share * passages.length) / (holders[other] ?? 1);
      if (other === term || both < LEAST_TOGETHER || share < LEAST_SHARE || lift < LEAST_LIFT) return [];
      return [
        { term: terms[other] ?? '', percent: Math.round(weight * share), evidence: both * Math.log(lift) },
      ];
    });
    // Ties are broken by the terms, so that the same pages give the same bytes.
    found.sort((left, right) => right.evidence - left.evidence || (left.term < right.term ? -1 : 1));
    const associates = found
      .slice(0, MAX_ASSOCIATES)
      .map(({ term: other, percent }) => ({ term: other, percent }));
    return associates.length === 0 ? [] : [[terms[term] ?? '', associates, list.length] as const];
  });
}

/**
 * Learns from expected questions which terms of passages and of their questions go with a term that visitors use: of the passages asked for with the one,
 * those hold the other more often than the rest do. Visitors who use the one find passages that hold the other, though no expected question
 * was worded like theirs (query expansion by co-occurrence, as in Xu and Croft 2000, with the expected questions for queries).
 *
 * @returns Empty where few passages have expected questions; deterministic.
 */
export function learnAssociations(passages: readonly Passage[]): Associations {
  const byLanguage = new Map<string, Passage[]>();
  for (const passage of passages) {
    if ((passage.expected ?? []).length === 0) continue;
    const list = byLanguage.get(passage.language);
    if (list === undefined) byLanguage.set(passage.language, [passage]);
    else list.push(passage);
  }
  const learned = [...byLanguage.values()]
    .filter((list) => list.length >= LEAST_PASSAGES)
    .flatMap(learnOne)
    .sort(([left, , many], [right, , more]) => more - many || (left < right ? -1 : 1));
  const associations = new Map<string, readonly Associate[]>();
  // A term of two languages keeps what the one told that asks with it more often.
  for (const [term, associates] of learned)
    if (!associations.has(term) && associations.size < MAX_ASSOCIATED) associations.set(term, associates);
  return associations;
}
