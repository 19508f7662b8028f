import { answerInConversation } from '../ask/answer-question.ts';
import type { OpenedBundle } from '../ask/open-bundle-folder.ts';
import type { Verdict } from './judge-answer.ts';
import { judgeAnswer, judgedBy } from './judge-answer.ts';
import type { TestQuestion } from './question-set.ts';

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
    const by = judgedBy(test, passages, retriever);
    warnings.push(...by.gold.lacking.map((name) => `${id}: the bundle has no "${name}"`));
    const answered = await answerInConversation(responder, history, question, { language, signal });
    verdicts.push(judgeAnswer(test, answered, by));
  }
  return { verdicts, warnings };
}
