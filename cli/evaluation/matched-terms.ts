import type { Passage } from '../../src/contracts/passage.ts';
import { analyzeText } from '../../src/retrieval/analyze.ts';

/** What words a question and a passage have in common, as the search compares them. */
export interface MatchedTerms {
  readonly matched: readonly string[];
  /** Words of the question that the passage lacks. */
  readonly lacking: readonly string[];
}

/** Compares the words of a question with those of a passage: text, title, headings, tags, questions. */
export function matchTerms(question: string, language: string, passage: Passage): MatchedTerms {
  const { title, headings, tags, questions, text } = passage;
  const held = new Set(
    analyzeText([title, ...headings, ...tags, ...questions, text].join('\n'), passage.language),
  );
  const words = [...new Set(analyzeText(question, language))];
  return {
    matched: words.filter((word) => held.has(word)),
    lacking: words.filter((word) => !held.has(word)),
  };
}
