/** How often a governor looks at the other way. */
export interface GovernorPace {
  /** Tokens, or batches of a prompt, before the first look: the times of the warm-up are those of code that was not compiled yet. */
  readonly first: number;
  /** Most between two looks; each time there are twice as many as before, and at once so many where the other way is clearly slower. */
  readonly window: number;
  /** Of a look at all threads; the first one wakes sleeping helpers and does not count. A look at one thread has one less. */
  readonly look: number;
  /** Whether a way that has become slower than the other was is left at once: a prompt is over before the next look. */
  readonly isHasty: boolean;
}

/** For tokens that are written. */
export const TOKEN_PACE: GovernorPace = { first: 6, window: 48, look: 3, isHasty: false };
/** For batches of prompts, which have some thirty tokens each. */
export const PROMPT_PACE: GovernorPace = { first: 12, window: 12, look: 2, isHasty: true };
/** Weight of the newest time in the mean. */
const NEWEST = 0.25;
/** The other way has to be so much faster, or the choice would flutter. */
const GAIN = 0.97;
/** A way that takes so much longer is seldom looked at. */
const CLEAR = 1.25;

/**
 * Keeps the faster of one thread and all threads while tokens are written, or prompts read.
 *
 * How busy a machine is changes: another program that takes a core makes two threads slower than one. Both ways are timed, the worse one
 * for a few tokens now and then.
 */
export class ThreadGovernor {
  readonly #use: (isAll: boolean) => void;
  readonly #pace: GovernorPace;
  #isAll = false;
  #isLooking = false;
  #count = 0;
  #window = 0;
  /** Mean time of a token in ms with one thread and with all. */
  #oneMs = 0;
  #allMs = 0;

  /** @param use - Sets whether all threads work; called before the token that is meant. */
  constructor(use: (isAll: boolean) => void, pace: GovernorPace = TOKEN_PACE) {
    this.#use = use;
    this.#pace = pace;
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
    this.#window = this.#pace.first;
    this.#use(this.#isAll);
  }

  /** Sets how the next one is written, after somebody else set it. */
  resume(): void {
    this.#use(this.isAll);
  }

  /** Takes the time of a token, and sets how the next one is written. */
  tookMs(ms: number): void {
    this.#count += 1;
    const wakes = this.#isLooking && this.isAll ? 1 : 0;
    if (this.#count > wakes) this.#note(ms, this.#isLooking && this.#count === wakes + 1);
    const [mine, other] = this.#isAll ? [this.#allMs, this.#oneMs] : [this.#oneMs, this.#allMs];
    if (this.#pace.isHasty && !this.#isLooking && other < mine * GAIN) {
      this.#change();
      return;
    }
    const look = this.isAll ? this.#pace.look : this.#pace.look - 1;
    if (this.#count < (this.#isLooking ? look : this.#window)) return;
    this.#count = 0;
    if (this.#isLooking) {
      this.#isLooking = false;
      this.#window = other > mine * CLEAR ? this.#pace.window : Math.min(this.#pace.window, this.#window * 2);
      if (other < mine * GAIN) this.#isAll = !this.#isAll;
    } else {
      this.#isLooking = true;
    }
    this.#use(this.isAll);
  }

  #change(): void {
    this.#isAll = !this.#isAll;
    this.#count = 0;
    this.#use(this.isAll);
  }

  /** @param isNew - Whether a look begins: what was known before it is old. */
  #note(ms: number, isNew: boolean): void {
    const weight = isNew ? 1 : NEWEST;
    const blend = (mean: number): number => mean + (ms - mean) * weight;
    if (this.isAll) this.#allMs = blend(this.#allMs);
    else this.#oneMs = blend(this.#oneMs);
  }
}
