/** Tokens between two looks at the other way. */
const WINDOW = 48;
/** Tokens of a look; the first one wakes sleeping helpers and does not count. */
const LOOK = 3;
/** Weight of the newest time in the mean. */
const NEWEST = 0.25;
/** The other way has to be so much faster, or the choice would flutter. */
const GAIN = 0.97;

/**
 * Keeps the faster of one thread and all threads while tokens are written.
 *
 * How busy a machine is changes: another program that takes a core makes two threads slower than one. Both ways are timed, the worse one
 * for a few tokens now and then.
 */
export class ThreadGovernor {
  readonly #use: (isAll: boolean) => void;
  #isAll = false;
  #isLooking = false;
  #count = 0;
  /** Mean time of a token in ms with one thread and with all. */
  #oneMs = 0;
  #allMs = 0;

  /** @param use - Sets whether all threads work; called before the token that is meant. */
  constructor(use: (isAll: boolean) => void) {
    this.#use = use;
  }

  /** Whether all threads work now. */
  get isAll(): boolean {
    return this.#isAll !== this.#isLooking;
  }

  /** Begins with what was measured at warm-up, in ms a token. */
  begin(oneMs: number, allMs: number): void {
    this.#oneMs = oneMs;
    this.#allMs = allMs;
    this.#isAll = allMs < oneMs;
    this.#isLooking = false;
    this.#count = 0;
    this.#use(this.#isAll);
  }

  /** Takes the time of a token, and sets how the next one is written. */
  tookMs(ms: number): void {
    this.#count += 1;
    const isFirstOfLook = this.#isLooking && this.#count === 1;
    if (!isFirstOfLook) this.#note(ms);
    if (this.#count < (this.#isLooking ? LOOK : WINDOW)) return;
    this.#count = 0;
    if (this.#isLooking) {
      this.#isLooking = false;
      const [mine, other] = this.#isAll ? [this.#allMs, this.#oneMs] : [this.#oneMs, this.#allMs];
      if (other < mine * GAIN) this.#isAll = !this.#isAll;
    } else {
      this.#isLooking = true;
    }
    this.#use(this.isAll);
  }

  #note(ms: number): void {
    const blend = (mean: number): number => mean + (ms - mean) * NEWEST;
    if (this.isAll) this.#allMs = blend(this.#allMs);
    else this.#oneMs = blend(this.#oneMs);
  }
}
