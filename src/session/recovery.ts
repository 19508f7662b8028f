import type { Clock } from '../contracts/clock.ts';

/** What a {@link Recovery} works with. */
export interface RecoveryDependencies {
  readonly clock: Clock;
  readonly random: () => number;
  /** Whether anything waits for the lead to come back. */
  readonly isWanted: () => boolean;
  /** Tries once. @returns True when there is nothing more to recover from. */
  readonly attempt: (signal: AbortSignal) => Promise<boolean>;
}

const BASE_DELAY_MS = 2000;
const CAP_DELAY_MS = 30_000;

/** Looks from time to time whether a lead that went away is back: after 2 s to 30 s, with jitter. */
export class Recovery {
  readonly #dependencies: RecoveryDependencies;
  #running: AbortController | null = null;

  constructor(dependencies: RecoveryDependencies) {
    this.#dependencies = dependencies;
  }

  /** Begins to look, unless it does already. */
  start(): void {
    if (this.#running !== null) return;
    const running = new AbortController();
    this.#running = running;
    this.#run(running.signal)
      .catch(() => undefined)
      .finally(() => {
        if (this.#running === running) this.#running = null;
      });
  }

  /** Ends the looking. Idempotent. */
  stop(): void {
    this.#running?.abort();
    this.#running = null;
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { clock, random, isWanted, attempt } = this.#dependencies;
    for (let tries = 0; isWanted(); tries += 1) {
      const bound = Math.min(CAP_DELAY_MS, BASE_DELAY_MS * 2 ** Math.min(tries, 10));
      // Half fixed, half drawn: never a burst, never all clients at once.
      await clock.sleep(Math.max(BASE_DELAY_MS, bound / 2 + (random() * bound) / 2), { signal });
      if (!isWanted() || (await attempt(signal))) return;
    }
  }
}
