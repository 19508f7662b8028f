/**
 * The best tokens of one step, in place: a heap whose root is the weakest while they are collected, then a list from the
 * best to the weakest. Of equal values the lower token is the better one.
 */
export class Candidates {
  readonly tokens: Int32Array;
  /** Logits after penalties, one a token. */
  readonly values: Float64Array;
  count = 0;

  /** @param capacity - The most candidates ever held. */
  constructor(capacity: number) {
    this.tokens = new Int32Array(capacity);
    this.values = new Float64Array(capacity);
  }

  clear(): void {
    this.count = 0;
  }

  /** Adds without order; for steps that need none. */
  append(token: number, value: number): void {
    this.tokens[this.count] = token;
    this.values[this.count] = value;
    this.count += 1;
  }

  /** Takes the candidate if fewer than `limit` are held or it is better than the weakest. Tokens come in rising order. */
  offer(token: number, value: number, limit: number): void {
    if (this.count < limit) {
      this.append(token, value);
      this.#rise(this.count - 1);
    } else if (value > (this.values[0] ?? 0)) {
      this.tokens[0] = token;
      this.values[0] = value;
      this.#sink(0, this.count);
    }
  }

  /** Turns the heap into a list, best first. */
  sort(): void {
    for (let end = this.count - 1; end > 0; end -= 1) {
      this.#swap(0, end);
      this.#sink(0, end);
    }
  }

  #rise(from: number): void {
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#isWeaker(at, parent)) return;
      this.#swap(at, parent);
      at = parent;
    }
  }

  #sink(from: number, count: number): void {
    let at = from;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= count) return;
      if (child + 1 < count && this.#isWeaker(child + 1, child)) child += 1;
      if (!this.#isWeaker(child, at)) return;
      this.#swap(at, child);
      at = child;
    }
  }

  #isWeaker(a: number, b: number): boolean {
    const left = this.values[a] ?? 0;
    const right = this.values[b] ?? 0;
    return left < right || (left === right && (this.tokens[a] ?? 0) > (this.tokens[b] ?? 0));
  }

  #swap(a: number, b: number): void {
    const token = this.tokens[a] ?? 0;
    const value = this.values[a] ?? 0;
    this.tokens[a] = this.tokens[b] ?? 0;
    this.values[a] = this.values[b] ?? 0;
    this.tokens[b] = token;
    this.values[b] = value;
  }
}
