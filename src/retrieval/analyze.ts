import { guessLanguage } from '../text/guess-language.ts';
import { eachWord, segmentWords } from '../text/segment-words.ts';
import { stemWord } from '../text/stem-word.ts';
import { stopWords } from '../text/stop-words.ts';

const stems = new Map<string, string>();
const MAX_STEMS = 50_000;

/** Stems a word and remembers the stem; stemming is the slowest part of indexing. */
export function stemOnce(word: string): string {
  const known = stems.get(word);
  if (known !== undefined) return known;
  if (stems.size >= MAX_STEMS) stems.clear();
  const stem = stemWord(word);
  stems.set(word, stem);
  return stem;
}

/** Gives the index terms of a text in order: words without stop words of the language, stemmed. */
export function analyzeText(text: string, language: string): string[] {
  const stops = stopWords(language);
  const terms: string[] = [];
  for (const word of segmentWords(text)) if (!stops.has(word)) terms.push(stemOnce(word));
  return terms;
}

/** Goes through a text as {@link analyzeText}, but leaves runs of scripts without spaces whole. */
export function eachTerm(
  text: string,
  language: string,
  onTerm: (term: string) => void,
  onRun: (run: string) => void,
): void {
  const stops = stopWords(language);
  eachWord(
    text,
    (word) => {
      if (!stops.has(word)) onTerm(stemOnce(word));
    },
    onRun,
  );
}

/** Gives the terms of every part of a text in one or more languages, as {@link analyzeText} for the language guessed. */
export function analyzeQuestion(
  text: string,
  fallback: string,
): { readonly language: string; readonly terms: string[] } {
  const language = guessLanguage(text, fallback);
  return { language, terms: analyzeText(text, language) };
}

const SINGLE_UNSPACED =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]$/u;

/** Reports whether a term is one character of a script without spaces, which says little by itself. */
export function isSingleCharacter(term: string): boolean {
  return SINGLE_UNSPACED.test(term);
}

const UNSPACED = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]/u;

/** Reports whether a term is of a script without spaces. */
export function isUnspaced(term: string): boolean {
  return UNSPACED.test(term);
}
