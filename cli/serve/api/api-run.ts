import { randomUUID } from 'node:crypto';
import type { Clock } from '../../../src/contracts/clock.ts';
import type { TurnForm } from '../../../src/contracts/form.ts';
import type { JsonObject } from '../../../src/contracts/json.ts';
import { isInteger } from '../../../src/contracts/json.ts';
import type { Citation } from '../../../src/contracts/passage.ts';
import type { FormAnswer, TraceEvent } from '../../../src/plan/step-handler.ts';
import type { ApiError } from './api-error.ts';
import { toApiError } from './api-error.ts';
import type { AppHost, HostedApp, HostedTurn } from './app-host.ts';
import { EventLog } from './event-log.ts';
import type { RunFacts, RunIds, RunStatus } from './run-events.ts';
import { RunEvents } from './run-events.ts';

/** What a run is begun with. */
export interface ApiRunOptions {
  readonly host: AppHost;
  readonly ids: RunIds;
  readonly user: string;
  /** Whether a browser listens. */
  readonly isSimple: boolean;
  readonly turn: Omit<HostedTurn, 'signal' | 'trace' | 'awaitForm'>;
  readonly clock: Clock;
  /** Called once, before the last events are told. */
  readonly onEnd: (run: ApiRun) => void;
}

interface WaitingForm {
  readonly form: TurnForm;
  readonly nodeId: string;
  readonly resolve: (answer: FormAnswer) => void;
}

/** Longest run, waits for forms left out. */
const MAX_RUN_MS: number = 10 * 60 * 1000;

/** One run of the plan for one request; goes on when nobody listens, as in Dify, until it is stopped. */
export class ApiRun {
  readonly log: EventLog = new EventLog();
  readonly ids: RunIds;
  readonly user: string;
  readonly inputs: JsonObject;
  readonly startedAt: number;
  readonly finished: Promise<void>;
  status: RunStatus = 'running';
  answer = '';
  outputs: JsonObject = {};
  error: ApiError | null = null;
  elapsedMs = 0;
  steps = 0;
  readonly resources: JsonObject[] = [];
  readonly suggestions: string[] = [];
  /** Positions in the log behind which a stream ends, to be taken up again: the run waits for a form. */
  readonly pauses: number[] = [];
  readonly #options: ApiRunOptions;
  readonly #events: RunEvents;
  readonly #stop = new AbortController();
  readonly #startMs: number;
  readonly #forms = new Map<string, WaitingForm>();
  #exceptions = 0;
  /** False for a turn that an annotation or the moderation answers: no step runs, and no event tells of a run. */
  #isBegun = false;
  #waitingMs = 0;

  constructor(options: ApiRunOptions) {
    this.#options = options;
    this.ids = options.ids;
    this.user = options.user;
    this.inputs = options.turn.turn.inputs;
    this.#startMs = options.clock.monotonicMs();
    this.startedAt = Math.floor(options.clock.now() / 1000);
    this.#events = new RunEvents(options.ids, options.isSimple, () => options.clock.now());
    this.finished = this.#run();
  }

  /** What the last event of the run says of it. */
  get facts(): RunFacts {
    return {
      status: this.status,
      outputs: this.outputs,
      error: this.error?.message ?? null,
      elapsedMs: this.elapsedMs,
      steps: this.steps,
      exceptions: this.#exceptions,
      startedAt: this.startedAt,
    };
  }

  /** Ends the run; what was said stays said. */
  stop(): void {
    this.#stop.abort(new DOMException('The run was stopped.', 'AbortError'));
  }

  form(token: string): TurnForm | null {
    return this.#forms.get(token)?.form ?? null;
  }

  /** @returns False when no form of that token waits. */
  submit(token: string, answer: FormAnswer): boolean {
    const waiting = this.#forms.get(token);
    if (waiting === undefined) return false;
    this.#forms.delete(token);
    this.log.push(this.#events.formFilled(waiting.form, waiting.nodeId, answer.action));
    waiting.resolve(answer);
    return true;
  }

  async #run(): Promise<void> {
    const { host, turn, clock, ids, onEnd } = this.#options;
    const { log } = this;
    const isMessage = ids.kind !== 'workflow';
    void this.#watch();
    try {
      const parts = host.answer({
        ...turn,
        signal: this.#stop.signal,
        trace: (event) => this.#take(event),
        awaitForm: (form, signal) => this.#await(form, signal),
      });
      for await (const part of parts) {
        if (part.type === 'text-delta') {
          this.answer += part.text;
          log.push(this.#events.text(part.text));
        } else if (part.type === 'text-replace') {
          this.answer = part.text;
          log.push(this.#events.replaced(part.text));
        } else if (part.type === 'citation') this.resources.push(toResource(part.citation, host.app));
        else if (part.type === 'suggestion') this.suggestions.push(part.text);
      }
      this.status = this.#exceptions > 0 ? 'partial-succeeded' : 'succeeded';
    } catch (error) {
      const isStopped = this.#stop.signal.aborted && !isLate(this.#stop.signal);
      this.status = isStopped ? 'stopped' : 'failed';
      if (!isStopped) this.error = toApiError(this.#stop.signal.aborted ? this.#stop.signal.reason : error);
    }
    this.#stop.abort(new DOMException('The run has ended.', 'AbortError'));
    this.elapsedMs = clock.monotonicMs() - this.#startMs;
    onEnd(this);
    // Dify 1.14: the message ends, then its run; a run that failed has no message.
    if (isMessage && this.error === null) {
      const resources = host.app.showsCitations ? this.resources : [];
      log.push(this.#events.messageEnd(resources, this.elapsedMs));
    }
    if (this.#isBegun) log.push(this.#events.runFinished(this.facts));
    if (this.error !== null) log.push(this.#events.error(this.error));
    log.close();
  }

  #take(event: TraceEvent): void {
    if (event.type === 'plan-started') {
      this.#isBegun = true;
      this.log.push(this.#events.runStarted(this.inputs));
    }
    if (event.type === 'step-started') this.steps += 1;
    if (event.type === 'plan-finished') {
      this.outputs = event.outputs;
      this.#exceptions = event.exceptions;
    }
    const told = this.#events.step(event);
    if (told !== null) this.log.push(told);
  }

  async #await(form: TurnForm, signal: AbortSignal): Promise<FormAnswer> {
    const { clock } = this.#options;
    const token = randomUUID();
    // Forms are named `turn:step:number`.
    const nodeId = form.id.slice(this.ids.messageId.length + 1, form.id.lastIndexOf(':'));
    const sinceMs = clock.monotonicMs();
    const answered = new Promise<FormAnswer>((resolve) => this.#forms.set(token, { form, nodeId, resolve }));
    this.log.push(this.#events.formRequired(form, token, nodeId));
    this.log.push(this.#events.paused(nodeId, sinceMs - this.#startMs));
    this.pauses.push(this.log.length);
    const aborted = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(toError(signal)), { once: true });
    });
    aborted.catch(() => undefined);
    try {
      const ways: Promise<FormAnswer>[] = [answered, aborted];
      if (isInteger(form.expiresAtMs)) {
        const late = clock.sleep(Math.max(0, form.expiresAtMs - clock.now()), { signal });
        ways.push(
          late.then(() => {
            this.log.push(this.#events.formTimeout(form, nodeId));
            return { action: '__timeout', values: {} };
          }),
        );
      }
      return await Promise.race(ways);
    } finally {
      this.#forms.delete(token);
      this.#waitingMs += clock.monotonicMs() - sinceMs;
    }
  }

  /** Ends a run that takes too long. */
  async #watch(): Promise<void> {
    const { clock } = this.#options;
    const { signal } = this.#stop;
    try {
      for (;;) {
        const leftMs = MAX_RUN_MS + this.#waitingMs - (clock.monotonicMs() - this.#startMs);
        if (leftMs <= 0 && this.#forms.size === 0) break;
        await clock.sleep(Math.max(1000, leftMs), { signal });
      }
      this.#stop.abort(new DOMException('The run took longer than it may.', 'TimeoutError'));
    } catch {
      // The run has ended before.
    }
  }
}

function isLate(signal: AbortSignal): boolean {
  const reason: unknown = signal.reason;
  return reason instanceof DOMException && reason.name === 'TimeoutError';
}

function toError(signal: AbortSignal): Error {
  const reason: unknown = signal.reason;
  return reason instanceof Error ? reason : new DOMException('The run was stopped.', 'AbortError');
}

/** A citation in the form of Dify's `retriever_resources`. */
function toResource(citation: Citation, app: HostedApp): JsonObject {
  const passage = citation.passageId === null ? null : app.passage(citation.passageId);
  const collection = passage?.collection ?? app.appId;
  return {
    position: citation.index,
    dataset_id: collection,
    dataset_name: collection,
    document_id: passage?.documentId ?? citation.title,
    document_name: citation.title,
    data_source_type: 'upload_file',
    segment_id: citation.passageId,
    score: null,
    content: passage?.text ?? citation.snippet,
    retriever_from: 'api',
    url: citation.url,
  };
}
