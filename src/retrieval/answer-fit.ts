import { blockSuits, holdsAnswer } from './answer-kinds.ts';
import type { PassageProfile } from './passage-profile.ts';
import type { AnswerKind } from './question-form.ts';

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
 * @param coverage - Share of the question's weight whose words are in a set of terms.
 */
export function answerFit(
  kind: AnswerKind | null,
  profile: PassageProfile,
  coverage: (terms: ReadonlySet<string>) => number,
): number {
  // Nearly every page says what one may and may not do.
  if (kind === null || kind === 'verdict') return 0;
  let best = profile.blocks.reduce((most, block) => Math.max(most, blockSuits(kind, block)), 0);
  profile.sentences.forEach((sentence, at) => {
    if (best >= 1 || !holdsAnswer(kind, profile.sentenceTexts[at] ?? '')) return;
    best = Math.max(best, ANYWHERE + (1 - ANYWHERE) * coverage(sentence));
  });
  return best;
}
