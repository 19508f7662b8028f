import { shapesSuit } from './answer-kinds.ts';
import { ANSWER_KINDS, type AnswerKind } from './question-form.ts';

const NARROW: ReadonlySet<AnswerKind> = new Set(['duration', 'price', 'time', 'contact']);
/** Share of the fit that any span of the kind has; the rest grows with the question's words beside it. */
const ANYWHERE = 0.4;

/** Reports whether spans of a kind are told for sure, so that having one speaks for a document. */
export function isNarrow(kind: AnswerKind | null): boolean {
  return kind !== null && NARROW.has(kind);
}

/**
 * How well a passage holds the kind of span asked for, 0 to 1: in a sentence with words of the question, or as a whole
 * block.
 *
 * @param shapes - Of its blocks, as `blockShapes` gives them.
 * @param shares - Share of the question's weight whose words are in each of its sentences.
 * @param held - What each sentence holds, as `answersHeld` gives it, and what follows.
 */
export function answerFit(
  kind: AnswerKind | null,
  shapes: number,
  shares: readonly number[],
  held: ArrayLike<number>,
): number {
  // Nearly every page says what one may and may not do.
  if (kind === null || kind === 'verdict') return 0;
  const bit = 1 << ANSWER_KINDS.indexOf(kind);
  let best = shapesSuit(kind, shapes);
  shares.forEach((share, at) => {
    if (((held[at] ?? 0) & bit) !== 0) best = Math.max(best, ANYWHERE + (1 - ANYWHERE) * share);
  });
  return best;
}
