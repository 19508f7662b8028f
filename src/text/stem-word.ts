import { stemmer } from 'stemmer';

const ENGLISH_WORD = /^[a-z]{3,40}$/;

/**
 * Cuts the ending off a lower-case English word (Porter's algorithm); other words come back unchanged.
 *
 * It goes by letters, not by language, so that a query and an index always agree.
 */
export function stemWord(word: string): string {
  return ENGLISH_WORD.test(word) ? stemmer(word) : word;
}
