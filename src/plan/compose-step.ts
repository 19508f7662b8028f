import { localize } from '../contracts/language.ts';
import { answerComparison } from './answer-comparison.ts';
import { answerFromPages } from './answer-from-pages.ts';
import { UNSURE_TEXT } from './built-in-texts.ts';
import { citationsOf } from './citations-of.ts';
import { asNumber, asText, isRankedList } from './plan-value.ts';
import type { StepHandler } from './step-handler.ts';

/** Confidence of a search from which on its answer is sure; under it an answer says of itself that it may not be the right one; see docs/decisions/2026-11-27-lead.md. */
export const SURE_FROM = 0.7;

/**
 * `compose`: question, passages, confidence → an answer with citations, worded where a generator is ready; of a question that compares
 * two things, what the passages say of both. Begins with a caveat where the confidence is low.
 * Outcome `default`, or `none` when no span of the passages answers.
 */
export const composeStep: StepHandler = async function* (run) {
  const question = asText(run.input('question'));
  const ranked = run.input('passages');
  const history = run.history.map((exchange) => exchange.question);
  const comparison = isRankedList(ranked)
    ? (run.services.retriever.comparer?.compare(question, ranked, history, run.language) ?? null)
    : null;
  if (comparison !== null) {
    yield* answerComparison(comparison, citationsOf(run), run.language);
    const outcome = { isWorded: false, isRefusal: false, confidence: asNumber(run.input('confidence')) };
    return { when: 'default', outputs: {}, outcome };
  }
  const spans = isRankedList(ranked) ? run.services.retriever.extract(question, ranked) : [];
  if (spans.length === 0) return { when: 'none', outputs: {} };
  const confidence = run.input('confidence');
  if (typeof confidence === 'number' && confidence < SURE_FROM)
    yield { type: 'text-delta', text: `${localize(UNSURE_TEXT, run.language)}\n\n` };
  const answer = yield* answerFromPages(run, question, spans, citationsOf(run));
  return {
    when: 'default',
    outputs: {},
    outcome: { ...answer, isRefusal: false, confidence: asNumber(confidence) },
  };
};
