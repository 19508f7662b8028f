const LONGEST_UNIT = 80;
const KEPT = 480;
/** A unit that came so often, over so many characters, is a loop. */
const LOOPS = [
  { times: 6, length: 24 },
  { times: 3, length: 75 },
] as const;
/** Rules, rows of tables and dots repeat without being wrong; so much of them is. */
const PLAIN_LENGTH = 240;

/** Watches a text for a model that has begun to repeat itself without end. */
export class RepetitionWatch {
  #tail = '';

  /** Takes the next piece; true when the text ends in a loop. */
  push(text: string): boolean {
    this.#tail = (this.#tail + text).slice(-KEPT);
    for (let unit = 1; unit <= Math.min(LONGEST_UNIT, this.#tail.length >> 1); unit += 1) {
      if (this.#isLoop(unit)) return true;
    }
    return false;
  }

  #isLoop(unit: number): boolean {
    const tail = this.#tail;
    let from = tail.length - unit;
    while (from > 0 && tail[from - 1] === tail[from - 1 + unit]) from -= 1;
    const length = tail.length - from;
    if (!/[\p{L}\p{N}]/u.test(tail.slice(-unit))) return length >= PLAIN_LENGTH;
    return LOOPS.some((loop) => length >= loop.length && length / unit >= loop.times);
  }
}
