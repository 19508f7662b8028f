import { eachWord, segmentWords } from '../text/segment-words.ts';
import { type Stem, stemFor } from '../text/stem-by-language.ts';
import { stopWords } from '../text/stop-words.ts';

const stems = new Map<Stem, Map<string, string>>();
const MAX_STEMS = 50_000;

/** Gives what stems words of a language and remembers the stems; stemming is the slowest part of indexing. */
export function stemOnceFor(language: string): Stem {
  const stem = stemFor(language);
  const remembered = stems.get(stem) ?? new Map<string, string>();
  stems.set(stem, remembered);
  return (word) => {
    const known = remembered.get(word);
    if (known !== undefined) return known;
    if (remembered.size >= MAX_STEMS) remembered.clear();
    const stemmed = stem(word);
    remembered.set(word, stemmed);
    return stemmed;
  };
}

/**
 * Gives the index terms of a text in order: words without stop words of the language, stemmed.
 *
 * @param stemLanguage - By whose endings words are cut. Default: the language.
 */
export function analyzeText(text: string, language: string, stemLanguage: string = language): string[] {
  const stops = stopWords(language);
  const stem = stemOnceFor(stemLanguage);
  const terms: string[] = [];
  for (const word of segmentWords(text)) if (!stops.has(word)) terms.push(stem(word));
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
  const stem = stemOnceFor(language);
  eachWord(
    text,
    (word) => {
      if (!stops.has(word)) onTerm(stem(word));
    },
    onRun,
  );
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
