import { normalizeText } from '../text/normalize-text.ts';
import { guessLanguage } from '../text/guess-language.ts';
import { analyzeText, isSingleCharacter, isUnspaced } from './analyze.ts';
import { earlierQuestions } from './earlier-questions.ts';
import { isFiller, isRequest } from './filler-words.ts';
import { isLabel } from './label-words.ts';
import { type AnswerKind, questionForm } from './question-form.ts';
import type { SearchIndex } from './search-index.ts';
import { spelledWords } from './spelled-likeness.ts';
import { type Stem, stemFor } from '../text/stem-by-language.ts';
import { relatedTerms, wordsForPhrases } from '../text/related-words.ts';
import { findMeant } from './thesaurus-table.ts';
import { findWordings, type WordPart } from './wordings.ts';
import { findTerm, inverseFrequency, similarTerms } from './vocabulary.ts';

/** A term of the index that counts as a word of the question. */
export interface TermMatch {
  readonly term: number;
  readonly text: string;
  /** How much of the word it counts, 0 to 1. */
  readonly share: number;
}

/** One term a search looks for. */
export interface QueryTerm {
  /** The stemmed word as the visitor wrote it. */
  readonly word: string;
  /** Terms of the index that count as this word, with a share of 0 to 1; empty when the index does not know it. */
  readonly matches: readonly TermMatch[];
  /** These, then terms that go with the word in the bundle's expected questions or that pages may have in its place: all that passages are searched for. */
  readonly found: readonly TermMatch[];
  /** How much the word matters in the question, 0 to 1, before its rarity. */
  readonly weight: number;
  /** Rarity of the word in the index; that of the rarest for unknown words. */
  readonly rarity: number;
  /** True when it comes from an earlier question. */
  readonly isInherited: boolean;
}

/** A question prepared for one index. */
export interface Query {
  readonly language: string;
  readonly terms: readonly QueryTerm[];
  /** Places in {@link terms} of neighboring words. */
  readonly pairs: readonly (readonly [left: number, right: number])[];
  /** Its words as they are spelled, those of its form too. */
  readonly spelled: ReadonlySet<number>;
  /** Kind of span that answers it; null when its form does not say. */
  readonly answerKind: AnswerKind | null;
}

/** Longest question that is looked at, in UTF-16 units. */
const MAX_QUESTION_LENGTH = 1000;
const MISTYPED_SHARE = 0.7;
const SINGLE_CHARACTER_WEIGHT = 0.4;
const CROSSING_PAIR_WEIGHT = 0.4;
/** Words that stand for a turn of phrase in the question. */
const PHRASE_WEIGHT = 0.6;
/** How much a related word counts beside the word itself. */
const RELATED_SHARE = 0.7;
/** How much another wording of the bundle's synonyms counts beside the one that was asked. */
const SYNONYM_SHARE = 0.9;
/** How much a term counts that the pages may have in place of what was asked, beside the word that was asked. */
const MEANT_SHARE = 0.5;
/** How much a word of talk ("please", "want") counts. */
const FILLER_WEIGHT = 0.15;
/** How much a word counts that names the kind of text ("return policy"), where the pages hold it. */
const LABEL_WEIGHT = 0.3;
/** Rarity of such words and of talk at most: pages lack them because they are pages. */
const MOST_RARITY_OF_TALK = 2;
/** How much a word counts that only tells what kind of answer is wanted ("how much … cost"). */
const FORM_WEIGHT = 0.3;
/** How much a word of the form counts that the question leaves out. */
const UNSAID_WEIGHT = 0.15;
/** Weight of a word from which on it says what is asked for: not words of talk, of the question's form, of a topic, or of what was said far back. */
export const TELLING_WEIGHT = 0.5;
/** How much a word of the topic counts that was told beside the question. */
const TOPIC_WEIGHT = 0.3;

/** Looks a word up as it is stemmed, then as the other languages of the pages stem it. */
function findAnyForm(index: SearchIndex, word: string): number {
  const exact = findTerm(index, word);
  if (exact >= 0) return exact;
  for (const language of index.languages) {
    const form = stemFor(language)(word);
    const term = form === word ? -1 : findTerm(index, form);
    if (term >= 0) return term;
  }
  return -1;
}

/** By whose endings the words of a question are cut: its own, or those of the pages where none is in its language. */
function stemLanguageOf({ languages }: SearchIndex, language: string): string {
  return languages.includes(language) ? language : (languages[0] ?? language);
}

/** Finds what of the index counts as a word: itself, else what it may be mistyped from, and related words. */
function findMatches(index: SearchIndex, word: string): QueryTerm['matches'] {
  const exact = findAnyForm(index, word);
  if (exact < 0 && isLabel(word)) return [];
  const matches = exact >= 0 ? [{ term: exact, text: index.terms[exact] ?? word, share: 1 }] : [];
  for (const related of relatedTerms(word)) {
    const term = findTerm(index, related);
    if (term >= 0) matches.push({ term, text: related, share: RELATED_SHARE });
  }
  if (matches.length > 0) return matches;
  return similarTerms(index, word).map((term) => ({
    term,
    text: index.terms[term] ?? '',
    share: MISTYPED_SHARE,
  }));
}

/** How much a word says about the topic by its form alone. */
function clarityOf(word: string, isKnown: boolean): number {
  if (isFiller(word)) return FILLER_WEIGHT;
  if (isLabel(word)) return isKnown ? LABEL_WEIGHT : FILLER_WEIGHT;
  if (isSingleCharacter(word)) return SINGLE_CHARACTER_WEIGHT;
  if (isKnown || !isUnspaced(word)) return 1;
  // Most pairs of characters that no page holds are the end of one word and the start of the next.
  const letters = Array.from(word);
  return letters.some((letter) => isFiller(letter)) ? CROSSING_PAIR_WEIGHT / 2 : CROSSING_PAIR_WEIGHT;
}

/** What of the index counts as a part of a word: what counts as the word, and the terms of other wordings. */
function matchPart(index: SearchIndex, word: string, { others }: WordPart): QueryTerm['matches'] {
  const synonyms = others.map((text) => ({ term: findTerm(index, text), text, share: SYNONYM_SHARE }));
  // A word that the bundle explains is not mistyped.
  const isExplained = synonyms.length > 0 && findTerm(index, word) < 0;
  const own = isExplained ? [] : findMatches(index, word);
  return [...synonyms, ...own.filter(({ text }) => !others.includes(text))];
}

/** Terms that go with a word, beside those that count as the word: learned ones, then those that it may stand for. */
function associatesOf(
  index: SearchIndex,
  word: string,
  matches: QueryTerm['matches'],
  meant: readonly string[],
): TermMatch[] {
  const learned = index.associations.get(matches[0]?.text ?? word) ?? [];
  const known = new Set(matches.map(({ term }) => term));
  return [
    ...learned.map(({ term, percent }) => ({ text: term, share: percent / 100 })),
    ...meant.map((text) => ({ text, share: MEANT_SHARE })),
  ].flatMap(({ text, share }) => {
    const term = findTerm(index, text);
    if (term < 0 || known.has(term)) return [];
    known.add(term);
    return [{ term, text, share }];
  });
}

const WHOLE: readonly WordPart[] = [{ share: 1, others: [] }];

function makeTerms(
  index: SearchIndex,
  words: readonly string[],
  weight: number,
  isInherited: boolean,
  wordings: ReadonlyMap<string, readonly WordPart[]>,
): QueryTerm[] {
  const meant = findMeant(index.thesaurus, words);
  return [...new Set(words)].flatMap((word) =>
    (wordings.get(word) ?? WHOLE).map((part): QueryTerm => {
      const matches = matchPart(index, word, part);
      const rarities = matches.map(({ term }) => inverseFrequency(index, term));
      const least = rarities.length > 0 ? Math.min(...rarities) : inverseFrequency(index, -1);
      const rarity = isRequest(word) || isLabel(word) ? Math.min(least, MOST_RARITY_OF_TALK) : least;
      const clarity = clarityOf(word, matches.length > 0);
      const found = [...matches, ...associatesOf(index, word, matches, meant.get(word) ?? [])];
      return { word, matches, found, weight: weight * part.share * clarity, rarity, isInherited };
    }),
  );
}

const HYPHENED = /(?<![\p{L}\p{N}-])([\p{L}\p{N}]+)-([\p{L}\p{N}]+)(?![\p{L}\p{N}-])/gu;

/**
 * The spellings of words with a hyphen ("PR-07", "e-mail") that the pages do not use: each such word is looked for whole and in
 * parts, and would count as unknown once more for every spelling.
 */
function otherSpellings(index: SearchIndex, normalized: string, stem: Stem): ReadonlySet<string> {
  const unsaid = new Set<string>();
  for (const [, left = '', right = ''] of normalized.matchAll(HYPHENED)) {
    const whole = stem(left + right);
    const isWholeKnown = findMatches(index, whole).length > 0;
    for (const part of isWholeKnown ? [left, right].map(stem) : [whole])
      if (findMatches(index, part).length === 0) unsaid.add(part);
  }
  return unsaid;
}

/** Places of the terms of neighboring words, each pair once; the letters inside of runs are no words. */
function neighbors(terms: readonly QueryTerm[], words: readonly string[]): Query['pairs'] {
  const places = new Map(terms.map(({ word }, at) => [word, at]));
  const pairs = new Map<string, readonly [number, number]>();
  let previous: number | undefined;
  for (const word of words) {
    const place = places.get(word);
    if (previous !== undefined && place !== undefined) pairs.set(`${previous} ${place}`, [previous, place]);
    previous = place;
  }
  return [...pairs.values()];
}

/**
 * Prepares a question: stems its words, finds what mistyped ones may mean, and, when it cannot stand alone, adds the
 * words of earlier ones with a lower weight. Words of its form and of a topic told beside it count little. Wordings
 * that mean the same in the bundle count as each other, phrases of several words too.
 */
export function prepareQuery(
  index: SearchIndex,
  question: string,
  history: readonly string[],
  language?: string,
  topic = '',
): Query {
  const text = question.slice(0, MAX_QUESTION_LENGTH);
  const normal = normalizeText(text);
  const form = questionForm(normal);
  const guessed = guessLanguage(text, language ?? 'en');
  const stemLanguage = stemLanguageOf(index, guessed);
  const analyze = (part: string): string[] => analyzeText(part, guessed, stemLanguage);
  const whole = analyze(text);
  const spelled = form === null ? whole : analyze(form.rest);
  const unsaid = otherSpellings(index, normal, stemFor(stemLanguage));
  const wordings = findWordings(index, spelled, guessed, stemLanguage);
  const words = spelled.filter((word) => !unsaid.has(word) || wordings.has(word));
  const formWords = new Set(form === null ? [] : analyze(form.words));
  const terms = [
    ...makeTerms(
      index,
      words.filter((word) => !formWords.has(word)),
      1,
      false,
      wordings,
    ),
    ...makeTerms(
      index,
      [...formWords].filter((word) => whole.includes(word)),
      FORM_WEIGHT,
      false,
      wordings,
    ),
  ];
  const known = new Set([...words, ...whole]);
  const addTerms = (found: readonly string[], weight: number, isInherited: boolean): void => {
    const fresh = found.filter((word) => !known.has(word));
    const others = findWordings(index, fresh, guessed, stemLanguage);
    terms.push(...makeTerms(index, fresh, weight, isInherited, others));
    for (const word of fresh) known.add(word);
  };
  addTerms(analyzeText(wordsForPhrases(normal), 'en'), PHRASE_WEIGHT, false);
  // Pages head their prices with a word that who asks "how much" does not say.
  if (form?.kind === 'price') addTerms(analyzeText('cost', 'en'), UNSAID_WEIGHT, false);
  const contentWords = (part: string): readonly string[] => {
    const said = questionForm(normalizeText(part))?.rest ?? part;
    return analyze(said).filter((word) => !isSingleCharacter(word));
  };
  const heard = history.map((earlier) => earlier.slice(0, MAX_QUESTION_LENGTH));
  for (const earlier of earlierQuestions(text, heard, contentWords))
    addTerms(analyze(earlier.text), earlier.weight, true);
  // A topic may be named in another language; a word that no page holds would only make the question look foreign.
  const told = analyze(topic);
  addTerms(
    told.filter((word) => findMatches(index, word).length > 0 && isUnspaced(word) === words.some(isUnspaced)),
    TOPIC_WEIGHT,
    true,
  );
  return {
    language: guessed,
    terms,
    pairs: neighbors(terms, words),
    spelled: spelledWords(text),
    answerKind: form?.kind ?? null,
  };
}
