/** How two neighbors merge. */
export interface PairRating {
  /**
   * Rates the pair of the symbols at `left` and `right`, both positions of symbols that still stand.
   * @returns What goes first is smallest; Infinity when they do not merge.
   */
  rate(left: number, right: number): number;
  /** Makes the symbol at `left` the merged one; `right` stands no more. */
  merge(left: number, right: number): void;
}

/** From this many symbols on a heap is worth its upkeep. */
const HEAP_FROM = 24;

/**
 * Merges neighbors until none are left that merge, the best rated first, of equals the leftmost. Takes n log n steps for
 * n symbols, however they merge.
 * @param count - Symbols, at the positions 0 to count - 1.
 * @returns The position after each that still stands; the last has `count`.
 */
export function mergeSymbols(count: number, pairs: PairRating): Int32Array {
  const next = new Int32Array(count + 1);
  for (let at = 0; at < count; at += 1) next[at] = at + 1;
  if (count < HEAP_FROM) mergeFew(count, pairs, next);
  else mergeMany(count, pairs, next);
  return next;
}

function mergeFew(count: number, pairs: PairRating, next: Int32Array): void {
  const rates = new Float64Array(count);
  for (let at = 0; at < count; at += 1) rates[at] = at + 1 < count ? pairs.rate(at, at + 1) : Infinity;
  for (;;) {
    let best = -1;
    let before = -1;
    let previous = -1;
    let least = Infinity;
    for (let at = 0; at < count; at = next[at] ?? count) {
      const rate = rates[at] ?? Infinity;
      if (rate < least) {
        least = rate;
        best = at;
        before = previous;
      }
      previous = at;
    }
    if (best < 0) return;
    const right = next[best] ?? count;
    pairs.merge(best, right);
    const after = next[right] ?? count;
    next[best] = after;
    rates[best] = after < count ? pairs.rate(best, after) : Infinity;
    if (before >= 0) rates[before] = pairs.rate(before, best);
  }
}

function mergeMany(count: number, pairs: PairRating, next: Int32Array): void {
  const previous = new Int32Array(count + 1);
  for (let at = 0; at <= count; at += 1) previous[at] = at - 1;
  const rates = new Float64Array(count).fill(Infinity);
  const heap = new PairHeap(count);
  const rate = (left: number, right: number): void => {
    const value = pairs.rate(left, right);
    rates[left] = value;
    if (value < Infinity) heap.push(value, left);
  };
  for (let at = 0; at + 1 < count; at += 1) rate(at, at + 1);
  while (heap.size > 0) {
    const value = heap.firstRate;
    const left = heap.pop();
    // Entries are not taken out when their pair goes; what is rated otherwise by now is such a one.
    if (rates[left] !== value) continue;
    const right = next[left] ?? count;
    pairs.merge(left, right);
    const after = next[right] ?? count;
    next[left] = after;
    previous[after] = left;
    rates[right] = Infinity;
    rates[left] = Infinity;
    if (after < count) rate(left, after);
    const before = previous[left] ?? -1;
    if (before >= 0) rate(before, left);
  }
}

/** A binary heap of pairs, least rate first, then leftmost. */
class PairHeap {
  size = 0;
  readonly #rates: Float64Array;
  readonly #places: Int32Array;

  /** @param count - Symbols; each is first rated once and then at most twice a merge. */
  constructor(count: number) {
    this.#rates = new Float64Array(count * 3);
    this.#places = new Int32Array(count * 3);
  }

  get firstRate(): number {
    return this.#rates[0] ?? Infinity;
  }

  push(rate: number, place: number): void {
    let at = this.size;
    this.size += 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#isBefore(rate, place, parent)) break;
      this.#move(parent, at);
      at = parent;
    }
    this.#rates[at] = rate;
    this.#places[at] = place;
  }

  pop(): number {
    const first = this.#places[0] ?? 0;
    this.size -= 1;
    const rate = this.#rates[this.size] ?? 0;
    const place = this.#places[this.size] ?? 0;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= this.size) break;
      if (
        child + 1 < this.size &&
        this.#isBefore(this.#rates[child + 1] ?? 0, this.#places[child + 1] ?? 0, child)
      ) {
        child += 1;
      }
      if (this.#isBefore(rate, place, child)) break;
      this.#move(child, at);
      at = child;
    }
    this.#rates[at] = rate;
    this.#places[at] = place;
    return first;
  }

  #isBefore(rate: number, place: number, other: number): boolean {
    const otherRate = this.#rates[other] ?? 0;
    return rate < otherRate || (rate === otherRate && place < (this.#places[other] ?? 0));
  }

  #move(from: number, to: number): void {
    this.#rates[to] = this.#rates[from] ?? 0;
    this.#places[to] = this.#places[from] ?? 0;
  }
}
