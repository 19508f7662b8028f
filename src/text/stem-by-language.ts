import { stemmer as stemArabic } from '@orama/stemmers/arabic';
import { stemmer as stemFrench } from '@orama/stemmers/french';
import { stemmer as stemGerman } from '@orama/stemmers/german';
import { stemmer as stemSpanish } from '@orama/stemmers/spanish';
import { stemWord } from './stem-word.ts';

/** Cuts the ending off a lower-case word. */
export type Stem = (word: string) => string;

const SPACED_WORD = /^[\p{Script=Latin}\p{Script=Arabic}]{2,40}$/u;

/** Leaves numbers, codes and words of other scripts as they are. */
function onlyWords(stem: Stem): Stem {
  return (word) => (SPACED_WORD.test(word) ? stem(word) : word);
}

const STEMS: ReadonlyMap<string, Stem> = new Map([
  ['ar', onlyWords(stemArabic)],
  ['de', onlyWords(stemGerman)],
  ['es', onlyWords(stemSpanish)],
  ['fr', onlyWords(stemFrench)],
]);

/**
 * Gives what stems the words of texts in a language, by its BCP 47 primary subtag: Snowball's algorithms for Arabic,
 * French, German and Spanish, `stemWord` for English and all others.
 */
export function stemFor(language: string): Stem {
  return STEMS.get(language.toLowerCase().split('-')[0] ?? '') ?? stemWord;
}
