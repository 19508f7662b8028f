import type { Passage } from '../contracts/passage.ts';
import { collectPostings } from './collect-postings.ts';
import { gateLogOdds } from './confidence.ts';
import { foreignQuestions } from './foreign-questions.ts';
import { holdOut } from './hold-out.ts';
import { prepareQuery } from './query.ts';
import { openIndex } from './search-index.ts';
import { createSearcher } from './search.ts';
import type { ThesaurusTable } from './thesaurus-table.ts';

/** Shares that answers aim at: of answered questions that are refused, and of unanswered ones that are not. */
const MOST_REFUSED = 0.08;
const MOST_ACCEPTED = 0.15;
/** Bounds of the cut: the held-out questions may be of an odd kind. */
const LEAST_CUT = -0.5;
const MOST_CUT = 1.5;

/** The log odds of a question by the gate, and whether the pages answer it. */
interface Judged {
  readonly odds: number;
  readonly isAnswered: boolean;
}

/**
 * Finds the log odds from which on a bundle should answer, by held-out expected questions: as they are, where the best passage is of the document that
 * answers them, and with that document taken away. Questions that no shop's pages answer stand with the second. At the cut, the share of the one
 * kind that is refused and the share of the other that is not exceed what answers aim at by the same factor.
 *
 * @param thesaurus - That of the bundle.
 * @returns Null where there are too few expected questions.
 */
export function heldOutCut(
  passages: readonly Passage[],
  gate: ArrayLike<number>,
  thesaurus: ThesaurusTable = new Map(),
): number | null {
  const out = holdOut(passages);
  if (out === null) return null;
  const index = { ...openIndex(collectPostings(out.passages), out.passages), thesaurus };
  const searcher = createSearcher(index, out.passages);
  const judged: Judged[] = [];
  const ask = (question: string, language: string, withoutDocument: string | null, right: string): void => {
    const query = prepareQuery(index, question, [], language);
    const ranked = searcher.rank(query, { language, pageUrl: null, withoutDocument });
    const isAnswered = ranked[0]?.passage.documentId === right;
    // What finds another page says nothing of either kind.
    if (isAnswered || withoutDocument !== null || right === '')
      judged.push({ odds: gateLogOdds(gate, query, ranked), isAnswered });
  };
  for (const { question, language, passage } of out.held) {
    const documentId = passages[passage]?.documentId ?? '';
    ask(question, language, null, documentId);
    ask(question, language, documentId, documentId);
  }
  for (const language of new Set(passages.map((passage) => passage.language)))
    for (const question of foreignQuestions(language.toLowerCase().split('-')[0] ?? ''))
      ask(question, language, null, '');
  return Math.min(MOST_CUT, Math.max(LEAST_CUT, fairCut(judged)));
}

/** The odds at which neither kind misses its aim by more than the other. */
export function fairCut(judged: readonly Judged[]): number {
  const sorted = [...judged].sort((left, right) => left.odds - right.odds);
  const answered = Math.max(1, sorted.filter(({ isAnswered }) => isAnswered).length);
  const others = Math.max(1, sorted.length - answered);
  let [refused, accepted] = [0, others];
  let [least, cut] = [accepted / others / MOST_ACCEPTED, sorted[0]?.odds ?? 0];
  sorted.forEach(({ odds, isAnswered }, at) => {
    if (isAnswered) refused++;
    else accepted--;
    const miss = Math.max(refused / answered / MOST_REFUSED, accepted / others / MOST_ACCEPTED);
    if (miss >= least) return;
    least = miss;
    cut = (odds + (sorted[at + 1]?.odds ?? odds)) / 2;
  });
  return cut;
}
