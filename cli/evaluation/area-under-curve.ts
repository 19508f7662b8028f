/**
 * Gives the area under the receiver operating characteristic: how often a figure of `right` is above one of `wrong`, ties half.
 * Null when either is empty.
 */
export function areaUnderCurve(right: readonly number[], wrong: readonly number[]): number | null {
  if (right.length === 0 || wrong.length === 0) return null;
  const sorted = [...wrong].sort((a, b) => a - b);
  const below = (value: number, withTies: boolean): number => {
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const at = sorted[middle] ?? 0;
      if (at < value || (withTies && at === value)) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const sum = right.reduce((total, value) => total + (below(value, false) + below(value, true)) / 2, 0);
  return sum / (right.length * wrong.length);
}
