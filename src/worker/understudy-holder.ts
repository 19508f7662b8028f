import type { BundleClient } from '../bundle/bundle-client.ts';
import type { OpenBundle } from '../bundle/open-bundle.ts';
import type { Clock } from '../contracts/clock.ts';
import { isUnderstudyError } from '../contracts/errors.ts';
import type { UnderstudyError } from '../contracts/errors.ts';
import type { Surroundings, Understudy } from './open-understudy.ts';

/** After a failed attempt the bundle is not asked for again within this time. */
const RETRY_AFTER_MS = 5000;

/** An understudy together with the release it was made from. */
export interface HeldUnderstudy {
  readonly bundle: OpenBundle;
  readonly understudy: Understudy;
}

/** Opens the understudy once, keeps it, and exchanges it when a newer release has been stored. */
export class UnderstudyHolder {
  readonly #client: BundleClient;
  readonly #surroundings: Surroundings;
  readonly #clock: Clock;
  readonly #onChange: () => void;
  readonly #onFault: (error: UnderstudyError) => void;
  #held: HeldUnderstudy | null = null;
  #opening: Promise<HeldUnderstudy | null> | null = null;
  #lastFailureMs: number | null = null;
  /** From the first request to a usable understudy, in ms; null before. */
  openMs: number | null = null;

  constructor(options: {
    readonly client: BundleClient;
    readonly surroundings: Surroundings;
    readonly onChange: () => void;
    readonly onFault: (error: UnderstudyError) => void;
  }) {
    this.#client = options.client;
    this.#surroundings = options.surroundings;
    this.#clock = options.surroundings.clock;
    this.#onChange = options.onChange;
    this.#onFault = options.onFault;
  }

  /** What is held now, without waiting. */
  get current(): HeldUnderstudy | null {
    return this.#held;
  }

  /** The understudy, opened if need be; null when the bundle cannot be had now. Never throws. */
  open(): Promise<HeldUnderstudy | null> {
    if (this.#held !== null) return Promise.resolve(this.#held);
    const failedMs = this.#lastFailureMs;
    if (failedMs !== null && this.#clock.monotonicMs() - failedMs < RETRY_AFTER_MS)
      return Promise.resolve(null);
    this.#opening ??= this.#open().finally(() => {
      this.#opening = null;
    });
    return this.#opening;
  }

  /**
   * Looks for a newer release and uses it from the next turn on; a turn that runs keeps the one it began with.
   * A release that cannot be opened is reported and the one in use stays.
   */
  async update(): Promise<number | null> {
    try {
      const { isNew } = await this.#client.update();
      if (isNew || this.#held === null) await this.#take();
    } catch (error) {
      this.#report(error);
    }
    return this.#held?.understudy.release ?? null;
  }

  async #open(): Promise<HeldUnderstudy | null> {
    const startMs = this.#clock.monotonicMs();
    try {
      const held = await this.#take();
      this.openMs = this.#clock.monotonicMs() - startMs;
      this.#lastFailureMs = null;
      return held;
    } catch (error) {
      this.#lastFailureMs = this.#clock.monotonicMs();
      this.#report(error);
      return null;
    }
  }

  async #take(): Promise<HeldUnderstudy> {
    // A chunk of its own that comes while the bundle does: the worker itself is ready for the lead without it.
    const [bundle, { openUnderstudy }] = await Promise.all([
      this.#client.open(),
      import('./open-understudy.ts'),
    ]);
    const understudy = await openUnderstudy(bundle, this.#surroundings);
    this.#held = { bundle, understudy };
    this.#onChange();
    return this.#held;
  }

  #report(error: unknown): void {
    if (!isUnderstudyError(error)) throw error;
    this.#onFault(error);
  }
}
