/** An engine slower than this is of no use: a sentence would take half a minute. */
const LEAST_PER_SECOND = 1;
/** It is judged after it was waited for so long; a shorter stall happens on every device. */
const JUDGED_AFTER_MS = 4000;
/** Answers in a row that brought no text within the time that anybody waits. */
const SILENT_ANSWERS = 2;
const SILENCE_MS = 3500;

/** Measures how long an engine was waited for; what its reader takes does not count. */
export class SpeedWatch {
  #silentAnswers = 0;
  #waitedMs = 0;
  #silenceMs = 0;
  #pieces = 0;

  /** Longest wait for the next piece before it is judged in any case, in ms. */
  static readonly patienceMs: number = JUDGED_AFTER_MS;

  /** Says that an answer begins. */
  begin(): void {
    this.#waitedMs = 0;
    this.#silenceMs = 0;
    this.#pieces = 0;
  }

  /** Says how long the reader waited, and whether a piece came. True when the engine is too slow to go on. */
  waited(waitMs: number, hasPiece: boolean): boolean {
    if (this.#pieces === 0) this.#silenceMs += waitMs;
    else this.#waitedMs += waitMs;
    if (hasPiece) this.#pieces += 1;
    return this.#waitedMs >= JUDGED_AFTER_MS && this.#pieces - 1 < (this.#waitedMs / 1000) * LEAST_PER_SECOND;
  }

  /** Says that the answer was given up or is whole. True when the engine has been silent too often. */
  end(): boolean {
    const isSilent = this.#pieces === 0 && this.#silenceMs >= SILENCE_MS;
    this.#silentAnswers = isSilent ? this.#silentAnswers + 1 : 0;
    return this.#silentAnswers >= SILENT_ANSWERS;
  }
}
