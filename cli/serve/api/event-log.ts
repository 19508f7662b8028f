import type { JsonObject } from '../../../src/contracts/json.ts';

/** An event of a run, in Dify's form: `event` and its fields. */
export type ApiEvent = JsonObject;

/** The events of one run, for who listens now and who comes later. */
export class EventLog {
  readonly #events: ApiEvent[] = [];
  #isClosed = false;
  #waiting: (() => void)[] = [];

  push(event: ApiEvent): void {
    if (this.#isClosed) return;
    this.#events.push(event);
    this.#wake();
  }

  close(): void {
    this.#isClosed = true;
    this.#wake();
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  get length(): number {
    return this.#events.length;
  }

  /** Gives the events from a position on, and ends with the run, or with the signal. */
  async *follow(from: number, signal: AbortSignal): AsyncGenerator<ApiEvent> {
    const onAbort = (): void => this.#wake();
    signal.addEventListener('abort', onAbort);
    try {
      for (let at = from; ; ) {
        if (signal.aborted) return;
        const event = this.#events[at];
        if (event !== undefined) {
          at += 1;
          yield event;
        } else if (this.#isClosed) return;
        else await new Promise<void>((resolve) => this.#waiting.push(resolve));
      }
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }
}
