import type { Passage } from '../contracts/passage.ts';
import type { SearchOptions } from '../contracts/retrieval.ts';
import { relatedTerms } from '../text/related-words.ts';
import { analyzeText, isSingleCharacter, isUnspaced } from './analyze.ts';
import { isRequest } from './filler-words.ts';
import { isLabel } from './label-words.ts';
import { type Query, type QueryTerm, TELLING_WEIGHT } from './query.ts';
import type { ScoredPassage } from './search.ts';

/** Weight of the words that must be said: all but words of talk that a turn of phrase stands for. */
const LEAST_WEIGHT = 0.1;
/** Likeness from which on a question is one that was expected. */
const SAME_QUESTION = 0.9;
/** Documents that a topic has at most; a word in the titles of more, such as a product, names none of them. */
const MOST_DOCUMENTS = 6;
/** Share of a title that the question says, of the greatest, from which on its page is on the topic, too. */
const NEAR_TITLE = 0.5;
/** Share of a title from which on it is about nothing else, so that its page goes before the one that was found first. */
const TELLING_TITLE = 0.33;
/** Documents about the topic whose beginnings are shown. */
const MOST_OPENED = 2;

/**
 * Whether a text holds all that the question says: each word itself, another spelling or the owner's word for it; of a script without spaces each letter in
 * some word of its. Related words are not enough: "amex" is no topic of a page on gift cards.
 */
function holdsAll({ terms }: Query, text: string, language: string): boolean {
  const telling = terms.filter(
    ({ word, weight, isInherited }) =>
      !isInherited &&
      weight >= LEAST_WEIGHT &&
      !isRequest(word) &&
      !isLabel(word) &&
      !isSingleCharacter(word),
  );
  const held = new Set(analyzeText(text, language));
  const isHeld = ({ word, matches }: QueryTerm): boolean => {
    const related = relatedTerms(word);
    return held.has(word) || matches.some(({ text: match }) => held.has(match) && !related.has(match));
  };
  const letters = new Set(
    telling.filter(isHeld).flatMap(({ word }) => (isUnspaced(word) ? Array.from(word) : [])),
  );
  const isSaid = (word: string): boolean =>
    isUnspaced(word) && Array.from(word).every((one) => letters.has(one));
  return telling.length > 0 && telling.every((term) => isHeld(term) || isSaid(term.word));
}

/** Share of a text's terms that the question says, in related words too. */
function shareSaid({ terms }: Query, text: string, language: string): number {
  const words = new Set(terms.flatMap(({ word, matches }) => [word, ...matches.map((match) => match.text)]));
  const all = [...new Set(analyzeText(text, language))];
  return all.filter((term) => words.has(term)).length / Math.max(1, all.length);
}

/** Whether a question asks for nothing in particular: what may be asked with yes or no often only names a thing ("is it under warranty"). */
function namesOnly({ answerKind, terms }: Query): boolean {
  const isFollowUp = terms.some(({ isInherited, weight }) => isInherited && weight >= TELLING_WEIGHT);
  return !isFollowUp && (answerKind === null || answerKind === 'verdict');
}

/** The documents whose titles name all that the question says, and how much else; the most telling title first. */
function titled(query: Query, ranked: readonly ScoredPassage[]): [document: string, share: number][] {
  const documents = new Map(ranked.map(({ passage }) => [passage.documentId, passage]));
  const shares = [...documents].flatMap(([document, { title, language }]): [string, number][] =>
    holdsAll(query, title, language) ? [[document, shareSaid(query, title, language)]] : [],
  );
  const most = Math.max(0, ...shares.map(([, share]) => share));
  const near = shares.filter(([, share]) => share >= most * NEAR_TITLE);
  return near.sort(([, left], [, right]) => right - left);
}

/** Whether a heading says which part of the topic it is about: some words of it, or all of them and less beside than the title. */
function isOfPart(query: Query, { title, headings, language }: Passage): boolean {
  const heading = headings.at(-1) ?? '';
  const isWhole = holdsAll(query, heading, language);
  return shareSaid(query, heading, language) > (isWhole ? shareSaid(query, title, language) : 0);
}

/** Puts first how the documents begin, and of the best of them the section whose heading is of a part of the topic, or the best. */
function openDocuments(
  query: Query,
  ranked: readonly ScoredPassage[],
  documents: readonly string[],
  passages: readonly Passage[],
  accepts: SearchOptions['accepts'],
): readonly ScoredPassage[] {
  const opened = documents.slice(0, MOST_OPENED).flatMap((document) => {
    const number = passages.findIndex(({ documentId }) => documentId === document);
    const own = ranked.filter(({ passage }) => passage.documentId === document);
    const [best] = own;
    const passage = passages[number];
    if (best === undefined || passage === undefined || accepts?.(passage) === false) return best ?? [];
    return own.find((one) => one.number === number) ?? { ...best, passage, number };
  });
  const sections = ranked.filter((one) => one.passage.documentId === documents[0] && !opened.includes(one));
  const section = sections.find(({ passage }) => isOfPart(query, passage)) ?? sections[0];
  const first = section === undefined ? opened : [...opened, section];
  const ordered = [...first, ...ranked.filter((one) => !first.includes(one))];
  return ordered.map((one, at) => ({ ...one, score: ranked[at]?.score ?? 0 }));
}

/** How a question that only names something stands to the pages. */
export interface Topic {
  /**
   * Whether it names what the best passage is about and no more ("warranty", "cancel subscription"), or visitors were expected to ask just so: that page
   * answers it whatever else it lacks.
   */
  readonly isNamed: boolean;
  /** The passages to show, best first; they have the scores of the places they get. */
  readonly ranked: readonly ScoredPassage[];
}

/**
 * Looks whether a question only names a topic. Who does is told how its pages begin, not what the section says that holds the word most often.
 *
 * @param ranked - Best first.
 * @param passages - All of the bundle, those of a document in order.
 * @param accepts - Which of them may be shown; all where undefined.
 */
export function lookForTopic(
  query: Query,
  ranked: readonly ScoredPassage[],
  passages: readonly Passage[],
  accepts: SearchOptions['accepts'],
): Topic {
  const [best] = ranked;
  if (best === undefined) return { isNamed: false, ranked };
  const isExpected = best.expectedMatch >= SAME_QUESTION;
  const { title, headings, tags, language, documentId } = best.passage;
  const head = [title, ...headings, ...tags].join('\n');
  if (!namesOnly(query) || !holdsAll(query, head, language)) return { isNamed: isExpected, ranked };
  const near = titled(query, ranked);
  if (near.length > MOST_DOCUMENTS) return { isNamed: isExpected, ranked };
  const [[document, share] = ['', 0]] = near;
  const documents = near.map(([one]) => one);
  // A page that was expected to be asked for so, or no title that says nothing else: what was found first stays first.
  const isKept = isExpected || share < TELLING_TITLE;
  if (document === '' || (isKept && !documents.includes(documentId))) return { isNamed: true, ranked };
  const sorted = isKept ? [documentId, ...documents.filter((one) => one !== documentId)] : documents;
  return { isNamed: true, ranked: openDocuments(query, ranked, sorted, passages, accepts) };
}
