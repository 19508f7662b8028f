import type { Clock } from '../../contracts/clock.ts';
import { UnderstudyError } from '../../contracts/errors.ts';

/** Longest run of a plan, in ms; the time in which the visitor fills in a form is not counted. */
const LIMIT_MS = 1_200_000;

/** Keeps the time of one run of a plan. */
export class TimeLimit {
  readonly #clock: Clock;
  readonly #startedAtMs: number;
  #pausedMs = 0;
  #pausedSinceMs = 0;
  #pauses = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#startedAtMs = clock.monotonicMs();
  }

  /** @throws UnderstudyError `plan/too-slow` when the time is over. */
  check(): void {
    if (this.#leftMs() <= 0) throw tooSlow();
  }

  /** Does not count the time that `wait` takes; several at once count once. */
  async pauseWhile<T>(wait: () => Promise<T>): Promise<T> {
    if (this.#pauses === 0) this.#pausedSinceMs = this.#clock.monotonicMs();
    this.#pauses += 1;
    try {
      return await wait();
    } finally {
      this.#pauses -= 1;
      if (this.#pauses === 0) this.#pausedMs += this.#clock.monotonicMs() - this.#pausedSinceMs;
    }
  }

  /** Calls back once the time is over, until it is told to stop. */
  watch(onOver: (error: UnderstudyError) => void, signal: AbortSignal): void {
    const wait = async (): Promise<void> => {
      for (;;) {
        const atMs = this.#clock.monotonicMs();
        await this.#clock.sleep(Math.max(1, this.#leftMs()), { signal });
        if (signal.aborted) return;
        if (this.#leftMs() <= 0) {
          onOver(tooSlow());
          return;
        }
        // A clock that stands still while it sleeps would keep this going for ever.
        if (this.#clock.monotonicMs() === atMs) return;
      }
    };
    wait().catch(() => undefined); // the run has ended
  }

  #leftMs(): number {
    const nowMs = this.#clock.monotonicMs();
    const pausedMs = this.#pausedMs + (this.#pauses > 0 ? nowMs - this.#pausedSinceMs : 0);
    return LIMIT_MS - (nowMs - this.#startedAtMs - pausedMs);
  }
}

function tooSlow(): UnderstudyError {
  return new UnderstudyError('plan/too-slow', `The plan ran ${String(LIMIT_MS / 1000)} seconds.`, {
    facts: { limitMs: LIMIT_MS },
  });
}
