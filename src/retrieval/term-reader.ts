import { eachWord } from '../text/segment-words.ts';
import { stopWords } from '../text/stop-words.ts';
import { stemOnceFor } from './analyze.ts';
import type { SearchIndex } from './search-index.ts';
import { letterTerm, pairTerm } from './vocabulary.ts';

/** Adds the numbers of the terms of a text of the passages to a list, in order, without stop words and words that no passage holds. */
export type TermReader = (text: string, language: string, terms: number[]) => void;

/** Most words whose terms are remembered, a language. */
const MAX_REMEMBERED = 100_000;

/** Makes a reader for one index; it gives the terms that `analyzeText` names, by number. */
export function createTermReader(index: SearchIndex): TermReader {
  const { letters } = index;
  const readers = new Map<string, (text: string) => void>();
  let found: number[] = [];

  const readerFor = (language: string): ((text: string) => void) => {
    const remembered = new Map<string, number>();
    const stops = stopWords(language);
    const stem = stemOnceFor(language);
    const readWord = (word: string): void => {
      let term = remembered.get(word);
      if (term === undefined) {
        if (remembered.size >= MAX_REMEMBERED) remembered.clear();
        term = stops.has(word) ? -1 : (index.numbers.get(stem(word)) ?? -1);
        remembered.set(word, term);
      }
      if (term >= 0) found.push(term);
    };
    const readRun = (run: string): void => {
      let previous = -1;
      let before = '';
      for (const text of run) {
        const letter = letters.letter(text.codePointAt(0) ?? 0, false);
        const pair = letters.pair(previous, letter, false);
        if (pair >= 0 && !stops.has(before + text)) found.push(pairTerm(index, pair));
        if (letter >= 0 && !stops.has(text)) found.push(letterTerm(index, letter));
        previous = letter;
        before = text;
      }
    };
    return (text) => eachWord(text, readWord, readRun);
  };

  return (text, language, terms) => {
    let reader = readers.get(language);
    if (reader === undefined) readers.set(language, (reader = readerFor(language)));
    found = terms;
    reader(text);
  };
}
