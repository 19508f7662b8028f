import type { Clock } from '../contracts/clock.ts';
import type { TurnForm } from '../contracts/form.ts';
import type { Json, JsonObject } from '../contracts/json.ts';
import { isJson } from '../contracts/json.ts';
import type { FormAnswer } from '../plan/step-handler.ts';

/** Outcome of a form whose time ran out. */
const TIMEOUT: FormAnswer = { action: '__timeout', values: {} };

/** Timers of browsers reach no further; no page is open so long. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

interface Waiting {
  readonly form: TurnForm;
  readonly take: (answer: FormAnswer) => void;
}

/** Where turns wait for forms, and where the page hands them in. A form dies with the turn that shows it. */
export class FormDesk {
  readonly #clock: Clock;
  readonly #waiting = new Map<string, Waiting>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** How many forms are waited for. */
  get count(): number {
    return this.#waiting.size;
  }

  /** Waits until a form is handed in or its time runs out. @throws The signal's reason when aborted. */
  async await(form: TurnForm, signal: AbortSignal): Promise<FormAnswer> {
    signal.throwIfAborted();
    const done = new AbortController();
    try {
      return await new Promise<FormAnswer>((resolve, reject) => {
        this.#waiting.set(form.id, { form, take: resolve });
        signal.addEventListener('abort', () => reject(toError(signal.reason)), {
          once: true,
          signal: done.signal,
        });
        const leftMs = form.expiresAtMs === null ? Infinity : form.expiresAtMs - this.#clock.now();
        if (leftMs > LONGEST_TIMER_MS) return;
        this.#clock
          .sleep(Math.max(0, leftMs), { signal: done.signal })
          .then(() => resolve(TIMEOUT))
          .catch(() => undefined); // handed in, or the turn has ended
      });
    } finally {
      done.abort(new DOMException('The form is closed.', 'AbortError'));
      this.#waiting.delete(form.id);
    }
  }

  /** Takes what a visitor made of a form. @returns False when no turn waits for it, or it has no such button. */
  submit(formId: string, action: string, values: unknown): boolean {
    const waiting = this.#waiting.get(formId);
    if (waiting === undefined || !waiting.form.actions.some(({ id }) => id === action)) return false;
    this.#waiting.delete(formId);
    waiting.take({ action, values: pick(waiting.form, values) });
    return true;
  }
}

/** What was entered into the fields that the form has; nothing else gets into a plan. */
function pick(form: TurnForm, values: unknown): JsonObject {
  const given = new Map(typeof values === 'object' && values !== null ? Object.entries(values) : []);
  const picked: [string, Json][] = [];
  for (const { name } of form.fields) {
    const value: unknown = given.get(name);
    if (isJson(value)) picked.push([name, value]);
  }
  return Object.fromEntries(picked);
}

function toError(reason: unknown): Error {
  return reason instanceof Error ? reason : new DOMException('The turn has ended.', 'AbortError');
}
