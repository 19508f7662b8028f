/**
 * The smallest value that at least a share of the values do not exceed (nearest rank).
 *
 * @param {readonly number[]} values
 * @param {number} share In (0, 1].
 * @returns {number | null} Null of no values.
 */
export function quantile(values, share) {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
}

/**
 * The middle value, or the mean of the two in the middle.
 *
 * @param {readonly number[]} values
 * @returns {number | null} Null of no values.
 */
export function median(values) {
  if (values.length === 0) return null;
  const sorted = [...values].sort((left, right) => left - right);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Evenly spread items of a list, in its order. */
export function spread(items, count) {
  if (items.length <= count) return [...items];
  return Array.from({ length: count }, (_, at) => items[Math.floor((at * items.length) / count)]);
}
