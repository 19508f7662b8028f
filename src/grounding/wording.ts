import { segmentWords } from '../text/segment-words.ts';
import { stemWord } from '../text/stem-word.ts';
import { stopWords } from '../text/stop-words.ts';

const UNSPACED = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]/u;
const NUMBER = /^\p{Nd}/u;
/** Words whose exchange turns a fact round; a statement may only use them where its source does. */
const LIMITS =
  /(?<!\p{L})(?:before|after|within|until|only|unless|except|at least|at most|up to|more than|less than|longer than|over|under|below|above|free|must|always|never|every|both|either|first|last|left|right|open|close|opened|unopened|closed)(?!\p{L})|之前|以前|之后|以后|以内|之内|以上|以下|至少|最多|免费|必须|只能|只有|仅|除非|都可以/gu;
const EXCEPTIONS = /(?<!\p{L})(?:unless|except|only|as long as|provided)(?!\p{L})|除非|只有|仅限|除外/u;
const CONDITIONS =
  /(?<!\p{L})(?:if|when|in case|unless|provided|as long as|once|without|for)(?!\p{L})|如果|若|假如|的话|当|时|情况下/u;

/** Reports whether a word is of a script without spaces. */
export function isUnspaced(word: string): boolean {
  return UNSPACED.test(word);
}

/**
 * Gives the content words of a text: stemmed words without stop words and numbers, and pairs of characters where words
 * are not spaced.
 */
export function contentWords(text: string, language: string): string[] {
  const stops = stopWords(language);
  const words: string[] = [];
  for (const word of segmentWords(text)) {
    if (stops.has(word) || NUMBER.test(word)) continue;
    if (UNSPACED.test(word)) {
      const letters = Array.from(word);
      // A pair with a particle in it is grammar, not topic.
      if (letters.length === 2 && !letters.every((letter) => stops.has(letter))) words.push(word);
    } else words.push(stemWord(word));
  }
  return words;
}

/** Finds limiting words (before, only, free, 至少, …) in normalized text. */
export function findLimits(normalized: string): string[] {
  return [...new Set(normalized.match(LIMITS) ?? [])];
}

/** Reports whether a source hedges what it says by an exception. */
export function hasException(normalized: string): boolean {
  return EXCEPTIONS.test(normalized);
}

/** Reports whether a text names a condition at all. */
export function hasCondition(normalized: string): boolean {
  return CONDITIONS.test(normalized);
}

/** Share of words that lie in a set; 1 for no words. */
export function shareIn(words: readonly string[], set: ReadonlySet<string>): number {
  if (words.length === 0) return 1;
  return words.filter((word) => set.has(word)).length / words.length;
}
