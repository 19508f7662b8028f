import type { Clock } from '../contracts/clock.ts';
import type {
  Lead,
  RespondOptions,
  Responder,
  ResponderOutcome,
  ResponderPart,
} from '../contracts/responder.ts';
import type { ResponderKind } from '../contracts/turn.ts';

/** One step of a {@link ScriptedResponder}: a wait, then what happens. */
export interface ScriptStep {
  /** In ms. */
  readonly afterMs: number;
  readonly part?: ResponderPart;
  /** Thrown as it is, whatever it is. */
  readonly error?: unknown;
}

/** Parts of a script that hardly need thought. */
export const script: {
  readonly text: (text: string, afterMs?: number) => ScriptStep;
  readonly end: (outcome?: Partial<ResponderOutcome>, afterMs?: number) => ScriptStep;
  readonly fail: (error: unknown, afterMs?: number) => ScriptStep;
} = {
  text: (text, afterMs = 0) => ({ afterMs, part: { type: 'text-delta', text } }),
  end: (outcome = {}, afterMs = 0) => ({
    afterMs,
    part: {
      type: 'end',
      outcome: {
        isWorded: false,
        isRefusal: false,
        intent: 'none',
        confidence: 1,
        tokensPerSecond: 0,
        memoryBytes: 0,
        ...outcome,
      },
    },
  }),
  fail: (error, afterMs = 0) => ({ afterMs, error }),
};

/** A responder that does what it is told; for tests and simulations. */
export class ScriptedResponder implements Responder {
  readonly contract = 1;
  readonly id = 'scripted';
  readonly kind: ResponderKind;
  readonly #clock: Clock;
  /** What it was asked with, oldest first. */
  readonly asked: RespondOptions[] = [];
  /** How many of its answers were aborted from outside. */
  abortedCount = 0;
  /** False for a responder that does not care whether it is aborted. */
  heedsSignal = true;
  /** What happens after the last step: the stream ends (which is wrong without an end part), or hangs. */
  afterLast: 'return' | 'hang' = 'return';
  steps: readonly ScriptStep[] = [];

  constructor(kind: ResponderKind, clock: Clock) {
    this.kind = kind;
    this.#clock = clock;
  }

  async *respond(
    _turn: unknown,
    options: RespondOptions = {},
  ): AsyncGenerator<ResponderPart, void, undefined> {
    this.asked.push(options);
    options.signal?.addEventListener('abort', () => {
      this.abortedCount += 1;
    });
    const waiting = this.heedsSignal && options.signal !== undefined ? { signal: options.signal } : {};
    for (const { afterMs, part, error } of this.steps) {
      if (afterMs > 0) await this.#clock.sleep(afterMs, waiting);
      if (part !== undefined) yield part;
      else throw error;
    }
    if (this.afterLast === 'hang') await new Promise(() => undefined);
  }
}

/** A lead that does what it is told. */
export class ScriptedLead extends ScriptedResponder implements Lead {
  override readonly kind = 'lead';
  /** Thrown by probes; null when the lead is there. */
  probeError: unknown = null;
  probeCount = 0;
  readonly delivered: string[] = [];
  /** What becomes of left messages; an error is thrown. */
  delivery: 'delivered' | 'unconfirmed' | Error = 'delivered';

  constructor(clock: Clock) {
    super('lead', clock);
  }

  probe(): Promise<void> {
    this.probeCount += 1;
    if (this.probeError === null) return Promise.resolve();
    return Promise.reject(this.probeError instanceof Error ? this.probeError : new Error('no lead'));
  }

  deliver(message: { readonly id: string }): Promise<'delivered' | 'unconfirmed'> {
    if (this.delivery instanceof Error) return Promise.reject(this.delivery);
    this.delivered.push(message.id);
    return Promise.resolve(this.delivery);
  }
}
