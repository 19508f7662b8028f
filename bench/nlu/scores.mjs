/** How often the first id is right, and the mean of one divided by the place of the first right one among ten, in percent. */
export function scoreRanks(ranks) {
  const share = (value) => (100 * ranks.reduce((sum, rank) => sum + value(rank), 0)) / ranks.length;
  return {
    first: share((rank) => (rank === 1 ? 1 : 0)),
    reciprocal: share((rank) => (rank > 0 ? 1 / rank : 0)),
  };
}

/** 1-based place of the first right id; 0 when there is none. */
export function rankOf(found, right) {
  return found.findIndex((id) => right.includes(id)) + 1;
}

/**
 * Area under the curve of true against false alarms: how likely a message of the labels scores higher than one of none.
 *
 * @returns {number | null} Null when there are no messages of one kind.
 */
export function areaUnderCurve(known, unknown) {
  if (known.length === 0 || unknown.length === 0) return null;
  const all = [
    ...known.map((score) => ({ score, isKnown: true })),
    ...unknown.map((score) => ({ score, isKnown: false })),
  ].sort((left, right) => left.score - right.score);
  let rankSum = 0;
  for (let start = 0; start < all.length;) {
    let end = start;
    while (end < all.length && all[end].score === all[start].score) end += 1;
    const meanRank = (start + 1 + end) / 2;
    for (let at = start; at < end; at += 1) if (all[at].isKnown) rankSum += meanRank;
    start = end;
  }
  return (rankSum - (known.length * (known.length + 1)) / 2) / (known.length * unknown.length);
}
