import { normalizeText } from '../../text/normalize-text.ts';
import { analyzeText } from '../analyze.ts';
import type { SearchIndex } from '../search-index.ts';
import { coverOf, type WantedWords, wantedWords, withoutShared } from './word-cover.ts';

/** How well a text names either side, 0 to 1. */
export type Naming = readonly [left: number, right: number];

/** Tells which of two things a text is about. */
export type SideNamer = (text: string, language: string) => Naming;

/** Under this a text does not name a side. */
export const NAMED_FROM = 0.45;

/** Prepares the names of two things. */
export function createSideNamer(
  index: SearchIndex,
  names: readonly [string, string],
  language: string,
): SideNamer {
  const [left, right] = names;
  const [leftWords, rightWords] = [
    wantedWords(index, left, language, true),
    wantedWords(index, right, language, true),
  ];
  const [leftOwn, rightOwn] = [withoutShared(leftWords, rightWords), withoutShared(rightWords, leftWords)];
  const [leftName, rightName] = [literal(left), literal(right)];
  // "Pro" is not named where only "Pro Max" is.
  const [isLeftWithin, isRightWithin] = [leftName.isWithin(right), rightName.isWithin(left)];
  return (text, textLanguage) => {
    const plain = normalizeText(text);
    const withoutRight = isLeftWithin ? rightName.remove(plain) : plain;
    const withoutLeft = isRightWithin ? leftName.remove(plain) : plain;
    const rate = (words: WantedWords, name: Literal, rest: string): number =>
      name.stands(rest) ? 1 : coverOf(words, new Set(analyzeText(rest, textLanguage)));
    return [rate(leftOwn, leftName, withoutRight), rate(rightOwn, rightName, withoutLeft)];
  };
}

/** Words of a sentence in which its subject stands; characters where the script has no spaces. */
const SUBJECT_WORDS = 3;
const SUBJECT_CHARACTERS = 8;
const ARTICLE = /^(?:the|an?|our|der|die|das|les?|la|el|los|las)\s+/iu;
/** "Your kettle" tells of the visitor's. */
const OWNED = /^(?:your|my|their|ihre?|votre|vos|sus?)\s/iu;

/** The side whose name a text begins with; null when it begins with neither, or both. */
export function startsWith(text: string, naming: (text: string) => Naming): 0 | 1 | null {
  if (OWNED.test(text)) return null;
  const start = /\p{Script=Han}/u.test(text)
    ? text.slice(0, SUBJECT_CHARACTERS)
    : text.replace(ARTICLE, '').split(/\s+/u).slice(0, SUBJECT_WORDS).join(' ');
  const [left, right] = naming(start);
  if (Math.max(left, right) < NAMED_FROM || left === right) return null;
  return left > right ? 0 : 1;
}

interface Literal {
  readonly stands: (plain: string) => boolean;
  readonly remove: (plain: string) => string;
  /** Whether the name is a part of another one. */
  readonly isWithin: (other: string) => boolean;
}

/** A name as it is written, between the edges of words where its script has spaces. */
function literal(name: string): Literal {
  const plain = normalizeText(name).trim();
  const escaped = plain.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&').replaceAll(/\s+/g, '\\s+');
  const isUnspaced = /\p{Script=Han}/u.test(plain);
  const source = isUnspaced ? escaped : `(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])`;
  const [once, every] = [new RegExp(source, 'u'), new RegExp(source, 'gu')];
  return {
    stands: (text) => once.test(text),
    remove: (text) => text.replaceAll(every, ' '),
    isWithin: (other) => once.test(normalizeText(other)),
  };
}
