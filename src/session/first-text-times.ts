/** How many times are remembered. */
const KEPT = 50;
/** Fewer times than this say nothing about a 95th percentile. */
const LEAST = 5;

/** Remembers how long the lead takes to its first text. */
export class FirstTextTimes {
  #times: number[] = [];

  /** Takes a time in, in ms. */
  add(timeMs: number): void {
    this.#times.push(timeMs);
    if (this.#times.length > KEPT) this.#times.shift();
  }

  /** When the understudy joins in: the 95th percentile of the session, at least `leastMs`. */
  hedgeAfterMs(leastMs: number): number {
    if (this.#times.length < LEAST) return leastMs;
    const sorted = this.#times.toSorted((a, b) => a - b);
    const rank = Math.min(sorted.length - 1, Math.ceil(0.95 * sorted.length) - 1);
    return Math.max(leastMs, sorted[rank] ?? leastMs);
  }
}
