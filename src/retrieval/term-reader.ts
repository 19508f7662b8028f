import { eachWord } from '../text/segment-words.ts';
import { stopWords } from '../text/stop-words.ts';
import { stemOnceFor } from './analyze.ts';
import type { SearchIndex } from './search-index.ts';
import { letterTerm, pairTerm } from './vocabulary.ts';

/** Reads texts of the passages as numbers of terms, in order, without stop words and words that no passage holds. */
export type TermReader = (text: string, language: string, onTerm: (term: number) => void) => void;

/** Most words whose terms are remembered, a language. */
const MAX_REMEMBERED = 100_000;

/** Makes a reader for one index; it gives the terms that `analyzeText` names, by number. */
export function createTermReader(index: SearchIndex): TermReader {
  const remembered = new Map<string, Map<string, number>>();
  return (text, language, onTerm) => {
    let known = remembered.get(language);
    if (known === undefined || known.size > MAX_REMEMBERED)
      remembered.set(language, (known = new Map<string, number>()));
    const terms = known;
    const stops = stopWords(language);
    const stem = stemOnceFor(language);
    const readWord = (word: string): void => {
      let term = terms.get(word);
      if (term === undefined) {
        term = stops.has(word) ? -1 : (index.numbers.get(stem(word)) ?? -1);
        terms.set(word, term);
      }
      if (term >= 0) onTerm(term);
    };
    const { letters } = index;
    const readRun = (run: string): void => {
      let previous = -1;
      let before = '';
      for (const text of run) {
        const letter = letters.letter(text.codePointAt(0) ?? 0, false);
        const pair = letters.pair(previous, letter, false);
        if (pair >= 0 && !stops.has(before + text)) onTerm(pairTerm(index, pair));
        if (letter >= 0 && !stops.has(text)) onTerm(letterTerm(index, letter));
        previous = letter;
        before = text;
      }
    };
    eachWord(text, readWord, readRun);
  };
}
