import type { TurnPart } from '../contracts/turn.ts';

/** Parts the worker may post before the page has taken any. */
export const INITIAL_CREDIT = 64;
/** Parts taken after which new credit is given. */
const CREDIT_STEP = 32;

/** Holds the parts of one turn until the page takes them; ends after `end` or `error`. */
export class PartQueue implements AsyncIterableIterator<TurnPart> {
  readonly #waiting: TurnPart[] = [];
  readonly #takers: ((result: IteratorResult<TurnPart, undefined>) => void)[] = [];
  readonly #giveCredit: (credit: number) => void;
  readonly #onReturn: () => void;
  #taken = 0;
  #isClosed = false;

  /**
   * @param giveCredit - Called when the page has taken enough for the worker to post more.
   * @param onReturn - Called when the page stops taking before the end.
   */
  constructor(giveCredit: (credit: number) => void, onReturn: () => void) {
    this.#giveCredit = giveCredit;
    this.#onReturn = onReturn;
  }

  /** True once an `end` or `error` was pushed, or the page stopped. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Adds a part; what comes after the end is dropped. */
  push(part: TurnPart): void {
    if (this.#isClosed) return;
    if (part.type === 'end' || part.type === 'error') this.#isClosed = true;
    const taker = this.#takers.shift();
    if (taker === undefined) this.#waiting.push(part);
    else this.#hand(part, taker);
    if (this.#isClosed) for (const left of this.#takers.splice(0)) left({ done: true, value: undefined });
  }

  next(): Promise<IteratorResult<TurnPart, undefined>> {
    return new Promise((resolve) => {
      const part = this.#waiting.shift();
      if (part !== undefined) this.#hand(part, resolve);
      else if (this.#isClosed) resolve({ done: true, value: undefined });
      else this.#takers.push(resolve);
    });
  }

  return(): Promise<IteratorResult<TurnPart, undefined>> {
    if (!this.#isClosed) {
      this.#isClosed = true;
      this.#onReturn();
    }
    this.#waiting.length = 0;
    for (const left of this.#takers.splice(0)) left({ done: true, value: undefined });
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #hand(part: TurnPart, taker: (result: IteratorResult<TurnPart, undefined>) => void): void {
    this.#taken += 1;
    if (this.#taken % CREDIT_STEP === 0) this.#giveCredit(CREDIT_STEP);
    taker({ done: false, value: part });
  }
}
