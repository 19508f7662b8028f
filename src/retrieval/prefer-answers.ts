import { isNarrow } from './answer-fit.ts';
import type { AnswerKind } from './question-form.ts';
import type { ScoredPassage } from './search.ts';

/** Score that the kind of span asked for adds, between passages of one document. */
const LOOSE_WEIGHT = 0.4;
const NARROW_WEIGHT = 0.8;
/** Score of a best passage up to which that is so; it counts more where all scores are higher, as where meaning counts as well. */
const USUAL_SCORE = 2;

/**
 * Puts the passages of each document in order of how well they answer the form of the question. Documents keep their
 * places and scores: the form tells where in a document the answer stands, but little about which document it is.
 *
 * @param ranked - Best first.
 */
export function preferAnswers(ranked: readonly ScoredPassage[], kind: AnswerKind | null): ScoredPassage[] {
  if (kind === null) return [...ranked];
  const least = isNarrow(kind) ? NARROW_WEIGHT : LOOSE_WEIGHT;
  const weight = least * Math.max(1, (ranked[0]?.score ?? 0) / USUAL_SCORE);
  const places = new Map<string, number[]>();
  ranked.forEach(({ passage }, at) => {
    const of = places.get(passage.documentId);
    if (of === undefined) places.set(passage.documentId, [at]);
    else of.push(at);
  });
  const gained = ({ score, coverage, answerFit }: ScoredPassage): number =>
    score + weight * coverage * answerFit;
  const result = [...ranked];
  for (const of of places.values()) {
    const members = of.flatMap((at) => ranked[at] ?? []);
    const ordered = [...members].sort(
      (left, right) => gained(right) - gained(left) || left.number - right.number,
    );
    of.forEach((at, rank) => {
      const passage = ordered[rank];
      if (passage !== undefined) result[at] = { ...passage, score: ranked[at]?.score ?? passage.score };
    });
  }
  return result;
}
