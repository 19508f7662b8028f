import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { TimeLeft } from './time-left.ts';
import { timeLeft } from './time-left.ts';

/** The part of a clock that a countdown needs. */
export interface CountdownClock {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Calls back once after the time; returns how to prevent it. */
  readonly after: (delayMs: number, call: () => void) => () => void;
}

/** The browser's clock. */
export const browserClock: CountdownClock = {
  now: () => Date.now(),
  after: (delayMs, call) => {
    const timer = setTimeout(call, delayMs);
    return () => clearTimeout(timer);
  },
};

/** Draws its element again whenever the time that is left is told differently. */
export class Countdown implements ReactiveController {
  /** Null while there is no end. */
  left: TimeLeft | null = null;
  /** What was last told to screen readers. */
  spoken: TimeLeft | null = null;

  readonly #host: ReactiveControllerHost;
  readonly #read: () => { readonly expiresAtMs: number | null; readonly clock: CountdownClock };
  #cancel = (): void => undefined;

  /** @param read - Gives the end, null for none, and the clock. */
  constructor(
    host: ReactiveControllerHost,
    read: () => { readonly expiresAtMs: number | null; readonly clock: CountdownClock },
  ) {
    this.#host = host;
    this.#read = read;
    host.addController(this);
  }

  /** Whether the time is over. */
  get isOver(): boolean {
    return this.left?.unit === 'none';
  }

  hostUpdate(): void {
    this.#cancel();
    const { expiresAtMs, clock } = this.#read();
    this.left = expiresAtMs === null ? null : timeLeft(expiresAtMs, clock.now());
    if (this.left === null || this.left.isSpoken) this.spoken = this.left;
    const delayMs = this.left?.changesInMs ?? null;
    if (delayMs !== null) this.#cancel = clock.after(delayMs, () => this.#host.requestUpdate());
  }

  hostDisconnected(): void {
    this.#cancel();
  }

  hostConnected(): void {
    this.#host.requestUpdate();
  }
}
