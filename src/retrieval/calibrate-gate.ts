import type { Passage } from '../contracts/passage.ts';
import { gateLogOdds, MAX_SHIFT } from './confidence.ts';
import { foreignQuestions } from './foreign-questions.ts';
import { prepareQuery } from './query.ts';
import type { SearchIndex } from './search-index.ts';
import { createSearcher } from './search.ts';

/** Share of foreign questions that may pass the gate. */
const ACCEPTED_SHARE = 0.2;

/**
 * Moves the gate's bias down until few questions pass that no shop's pages answer.
 *
 * Large collections hold some passage with the words of nearly every question, so that they need a stricter gate.
 * @returns The gate of the bundle.
 */
export function calibrateGate(
  index: SearchIndex,
  passages: readonly Passage[],
  gate: readonly number[],
): Float32Array {
  const searcher = createSearcher(index, passages);
  const languages = new Set(passages.map((passage) => passage.language.toLowerCase().split('-')[0] ?? ''));
  let shift = 0;
  for (const language of languages) {
    const odds = foreignQuestions(language).map((question) => {
      const query = prepareQuery(index, question, [], language);
      const ranked = searcher.rank(query, { language, pageUrl: null, withoutDocument: null });
      return gateLogOdds(gate, query, ranked);
    });
    odds.sort((left, right) => right - left);
    shift = Math.max(shift, odds[Math.floor(odds.length * ACCEPTED_SHARE)] ?? 0);
  }
  const calibrated = Float32Array.from(gate);
  calibrated[0] = (calibrated[0] ?? 0) - Math.min(MAX_SHIFT, shift);
  return calibrated;
}
