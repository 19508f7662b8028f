/** How the tokens to draw from are narrowed. */
export interface Narrowing {
  /** Keep the so many best; 0 = all. */
  readonly topK: number;
  /** Keep the best whose probabilities first reach this sum; 1 = all. */
  readonly topP: number;
  /** Leave out what is less likely than this share of the best; 0 = none. */
  readonly minP: number;
}

/**
 * Takes tokens out of the draw by setting their scores to `-Infinity`: top-k, then top-p, then min-p, each on what the one
 * before has left. Of equal scores the lower tokens stay. The best one always stays.
 */
export function narrowScores(scores: Float32Array, { topK, topP, minP }: Narrowing): void {
  const order = [...scores.keys()]
    .filter((token) => scoreOf(scores, token) > -Infinity)
    .sort((a, b) => scoreOf(scores, b) - scoreOf(scores, a) || a - b);
  const best = scoreOf(scores, order[0] ?? 0);
  let kept = topK > 0 ? order.slice(0, Math.max(1, topK)) : order;
  const weights = kept.map((token) => Math.exp(scoreOf(scores, token) - best));
  if (topP < 1) {
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    let sum = 0;
    // What comes before a token has not reached the share yet: the token is needed.
    kept = kept.filter((_, rank) => {
      const isNeeded = rank === 0 || sum < topP * total;
      sum += weights[rank] ?? 0;
      return isNeeded;
    });
  }
  if (minP > 0) kept = kept.filter((_, rank) => rank === 0 || (weights[rank] ?? 0) >= minP);
  const values = kept.map((token) => [token, scoreOf(scores, token)] as const);
  scores.fill(-Infinity);
  for (const [token, score] of values) scores[token] = score;
}

function scoreOf(scores: Float32Array, token: number): number {
  return scores[token] ?? -Infinity;
}
