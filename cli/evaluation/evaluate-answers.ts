import { answerInConversation } from '../ask/answer-question.ts';
import type { OpenedBundle } from '../ask/open-bundle-folder.ts';
import { findGoldPlaces } from './gold-places.ts';
import type { Verdict } from './judge-answer.ts';
import { judgeAnswer } from './judge-answer.ts';
import type { TestQuestion } from './question-set.ts';

/** Several passages of one document count as one place, so that the search is asked for more than are looked at. */
const SEARCH_LIMIT = 50;

/** What {@link evaluateAnswers} gives. */
export interface AnswerEvaluation {
  readonly verdicts: readonly Verdict[];
  /** What rows name that the bundle does not have; they are not judged by it. */
  readonly warnings: readonly string[];
}

/** Asks the device of a bundle every question, after the earlier ones of its conversation, and judges what it answers. */
export async function evaluateAnswers(
  bundle: OpenedBundle,
  tests: readonly TestQuestion[],
  options: { readonly signal: AbortSignal; readonly onProgress?: (done: number) => void },
): Promise<AnswerEvaluation> {
  const { signal, onProgress = () => undefined } = options;
  const { retriever, responder, passages } = bundle;
  const verdicts: Verdict[] = [];
  const warnings: string[] = [];
  for (const test of tests) {
    onProgress(verdicts.length);
    const { id, question, language, history } = test;
    const gold = findGoldPlaces(test, passages);
    warnings.push(...gold.lacking.map((name) => `${id}: the bundle has no "${name}"`));
    const answered = await answerInConversation(responder, history, question, { language, signal });
    const { ranked } = retriever.search(question, { language, history, limit: SEARCH_LIMIT });
    verdicts.push(
      judgeAnswer(test, answered, { gold, ranked, passage: (passageId) => retriever.passage(passageId) }),
    );
  }
  return { verdicts, warnings };
}
