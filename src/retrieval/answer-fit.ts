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
 * @param coverSentence - Share of the question's weight whose words are in a sentence, by its place.
 */
export function answerFit(
  kind: AnswerKind | null,
  profile: PassageProfile,
  coverSentence: (sentence: number) => number,
): number {
  // Nearly every page says what one may and may not do.
  if (kind === null || kind === 'verdict') return 0;
  let best = profile.blocks.reduce((most, block) => Math.max(most, blockSuits(kind, block)), 0);
  holdersOf(profile, kind).forEach((holds, at) => {
    if (holds && best < 1) best = Math.max(best, ANYWHERE + (1 - ANYWHERE) * coverSentence(at));
  });
  return best;
}

/** Which sentences of a passage hold a kind of span; asked once a passage. */
function holdersOf(profile: PassageProfile, kind: AnswerKind): readonly boolean[] {
  let holders = profile.holders.get(kind);
  if (holders === undefined) {
    holders = profile.sentenceTexts.map((sentence) => holdsAnswer(kind, sentence));
    profile.holders.set(kind, holders);
  }
  return holders;
}
