import type { Clock } from '../contracts/clock.ts';

interface Sleeper {
  readonly atMs: number;
  readonly wake: () => void;
}

/** A clock that stands still until it is told to go on; for tests and simulations. */
export class ManualClock implements Clock {
  #nowMs: number;
  #sleepers: Sleeper[] = [];

  /** @param startMs - Milliseconds since the epoch. Default: a day in 2026. */
  constructor(startMs = 1_780_000_000_000) {
    this.#nowMs = startMs;
  }

  /** How many sleeps are under way. */
  get sleeperCount(): number {
    return this.#sleepers.length;
  }

  now(): number {
    return this.#nowMs;
  }

  monotonicMs(): number {
    return this.#nowMs;
  }

  sleep(delayMs: number, options: { readonly signal?: AbortSignal } = {}): Promise<void> {
    const { signal } = options;
    return new Promise((resolve, reject) => {
      const stop = (): void => {
        this.#sleepers = this.#sleepers.filter((one) => one !== sleeper);
        const reason: unknown = signal?.reason;
        reject(
          reason instanceof Error ? reason : new DOMException('The operation was aborted.', 'AbortError'),
        );
      };
      const wake = (): void => {
        signal?.removeEventListener('abort', stop);
        resolve();
      };
      const sleeper: Sleeper = { atMs: this.#nowMs + delayMs, wake };
      if (signal?.aborted === true) {
        stop();
        return;
      }
      signal?.addEventListener('abort', stop, { once: true });
      this.#sleepers.push(sleeper);
    });
  }

  /** Lets time pass: wakes sleepers in order and lets what they do settle in between. */
  async advance(durationMs: number): Promise<void> {
    const untilMs = this.#nowMs + durationMs;
    await settle();
    for (;;) {
      const next = this.#sleepers
        .filter(({ atMs }) => atMs <= untilMs)
        .reduce<Sleeper | null>(
          (first, one) => (first === null || one.atMs < first.atMs ? one : first),
          null,
        );
      if (next === null) break;
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      this.#sleepers = this.#sleepers.filter((one) => one !== next);
      next.wake();
      await settle();
    }
    this.#nowMs = untilMs;
    await settle();
  }
}

/** Lets pending promises run; a message channel is a task of its own, unlike a promise. */
async function settle(): Promise<void> {
  for (let round = 0; round < 3; round += 1) {
    await new Promise<void>((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        port1.close();
        resolve();
      };
      port2.postMessage(null);
    });
  }
}
