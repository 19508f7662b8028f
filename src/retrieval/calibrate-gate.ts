import type { Passage } from '../contracts/passage.ts';
import { gateLogOdds, MAX_SHIFT } from './confidence.ts';
import { foreignQuestions } from './foreign-questions.ts';
import { heldOutCut } from './held-out-cut.ts';
import { prepareQuery } from './query.ts';
import type { SearchIndex } from './search-index.ts';
import { createSearcher } from './search.ts';

/**
 * How far the gate follows the held-out questions. They are harder than those of visitors, for which their passages were
 * prepared: the others of a passage ask for something else.
 */
const HELD_OUT_TRUST = 0.5;
/** Share of foreign questions that may pass the gate. */
const ACCEPTED_SHARE = 0.2;

/**
 * Moves the gate's bias towards where held-out expected questions say that the bundle should begin to answer; without enough of them, down until
 * few questions pass that no shop's pages answer. Large collections hold some passage with the words of nearly every question, and so do
 * passages with many expected questions: they need a stricter gate.
 * @returns The gate of the bundle.
 */
export function calibrateGate(
  index: SearchIndex,
  passages: readonly Passage[],
  gate: readonly number[],
): Float32Array {
  const calibrated = Float32Array.from(gate);
  const cut = heldOutCut(passages, gate, index.thesaurus);
  if (cut !== null) {
    calibrated[0] = (calibrated[0] ?? 0) - HELD_OUT_TRUST * cut;
    return calibrated;
  }
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
  calibrated[0] = (calibrated[0] ?? 0) - Math.min(MAX_SHIFT, shift);
  return calibrated;
}
