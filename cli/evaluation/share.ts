/** A share with what it is a share of; `share` is null of nothing. */
export interface Share {
  readonly count: number;
  readonly of: number;
  readonly share: number | null;
}

/** Makes a {@link Share}, rounded to a tenth of a percent. */
export function shareOf(count: number, of: number): Share {
  return { count, of, share: of === 0 ? null : roundTo(count / of, 3) };
}

/** Counts what holds of a list as a {@link Share} of it. */
export function shareWhere<T>(list: readonly T[], holds: (item: T) => boolean): Share {
  return shareOf(list.filter(holds).length, list.length);
}

/** Writes a share as `91.3 % (42 of 46)`; `–` of nothing. */
export function writeShare({ count, of, share }: Share): string {
  return share === null ? '–' : `${(share * 100).toFixed(1)} % (${count} of ${of})`;
}

/** Rounds to a number of decimals. */
export function roundTo(value: number, decimals: number): number {
  const step = 10 ** decimals;
  return Math.round(value * step) / step;
}

/** The nearest-rank percentile of figures; 0 of nothing. */
export function percentile(figures: readonly number[], share: number): number {
  const sorted = [...figures].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}
