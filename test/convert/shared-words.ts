import { analyzeText, isSingleCharacter, isUnspaced } from '../../src/retrieval/analyze.ts';
import { stopWords } from '../../src/text/stop-words.ts';

/** What a question and a text have in common. */
export interface SharedWords {
  /** Share of the question's content words that the text holds, 0 to 1; 0 without content words. */
  readonly share: number;
  readonly shared: readonly string[];
}

/**
 * Compares a question with a text by the words the search compares: stemmed, without stop words; scripts without spaces by pairs of
 * characters, but pairs of two characters that are stop words.
 */
export function sharedContentWords(question: string, text: string, language: string): SharedWords {
  const words = [...contentWords(question, language)];
  const held = contentWords(text, language);
  const shared = words.filter((word) => held.has(word));
  return { share: words.length === 0 ? 0 : shared.length / words.length, shared };
}

function contentWords(text: string, language: string): ReadonlySet<string> {
  const stops = stopWords(language);
  const terms = analyzeText(text, language).filter((term) => {
    if (!isUnspaced(term)) return true;
    return !isSingleCharacter(term) && !Array.from(term).every((letter) => stops.has(letter));
  });
  return new Set(terms);
}
