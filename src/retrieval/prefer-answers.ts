import type { ScoredPassage } from './search.ts';

/**
 * Puts the passages of each document in order of how well they answer the form of the question. Documents keep their
 * places and scores: the form tells where in a document the answer stands, but little about which document it is.
 *
 * @param ranked - Best first.
 * @param weight - Score that a passage gains at most, relative to the share of the question that it covers.
 */
export function preferAnswers(ranked: readonly ScoredPassage[], weight: number): ScoredPassage[] {
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
