import type { Passage } from '../contracts/passage.ts';
import { holdsAnswer } from './answer-kinds.ts';
import type { Query } from './query.ts';
import type { AnswerKind } from './question-form.ts';
import { createScorer } from './span-scorer.ts';

/** What several sentences tell together. */
const TOLD_TOGETHER: ReadonlySet<AnswerKind> = new Set(['cause', 'steps', 'choice', 'meaning']);
/** What one sentence tells, where it holds such a span. */
const TOLD_BY_ONE: ReadonlySet<AnswerKind> = new Set([
  'duration',
  'price',
  'quantity',
  'time',
  'place',
  'contact',
]);
/** Share of the question from which on a heading asks the same. */
const ASKED_FROM = 0.6;

/** Reports whether all that is quoted of a passage answers, rather than the sentence of it that answers best. */
export type WholeTest = (sentence: string) => boolean;

/**
 * Makes the test of a passage. All of it answers where the question asks for causes, steps, a choice or a meaning; or where a heading or
 * question of the passage asks the same, and the sentence holds no span of the kind asked for.
 */
export function createWholeTest(query: Query, { headings, questions, language }: Passage): WholeTest {
  const kind = query.answerKind;
  if (kind !== null && TOLD_TOGETHER.has(kind)) return () => true;
  const scorer = createScorer(query, new Set());
  const isAsked = [...headings, ...questions].some((asked) => scorer.cover(asked, language) >= ASKED_FROM);
  return (sentence) => isAsked && !(kind !== null && TOLD_BY_ONE.has(kind) && holdsAnswer(kind, sentence));
}
