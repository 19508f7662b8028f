/** Cuts a stream of text at the first of the stop texts; holds back what may be the beginning of one. */
export class StopScanner {
  readonly #stops: readonly string[];
  #held = '';
  #isStopped = false;

  /** @param stops - Texts that end the output; empty ones are ignored. */
  constructor(stops: readonly string[]) {
    this.#stops = stops.filter((stop) => stop !== '');
  }

  /** True once a stop text was seen. */
  get isStopped(): boolean {
    return this.#isStopped;
  }

  /** Takes the next piece and gives back the text that is surely no part of a stop text. */
  push(text: string): string {
    if (this.#isStopped) return '';
    const all = this.#held + text;
    const cuts = this.#stops.map((stop) => all.indexOf(stop)).filter((at) => at >= 0);
    if (cuts.length > 0) {
      this.#isStopped = true;
      this.#held = '';
      return all.slice(0, Math.min(...cuts));
    }
    const keep = this.#heldLength(all);
    this.#held = all.slice(all.length - keep);
    return all.slice(0, all.length - keep);
  }

  /** Gives back what was held, at the end of the stream. */
  flush(): string {
    const rest = this.#held;
    this.#held = '';
    return rest;
  }

  #heldLength(all: string): number {
    const longest = Math.max(0, ...this.#stops.map((stop) => stop.length - 1));
    for (let length = Math.min(longest, all.length); length > 0; length -= 1) {
      const tail = all.slice(all.length - length);
      if (this.#stops.some((stop) => stop.startsWith(tail))) return length;
    }
    return 0;
  }
}
