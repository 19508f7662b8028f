import type { ErrorCode } from '../../contracts/errors.ts';
import { isUnderstudyError, toErrorReport, UnderstudyError } from '../../contracts/errors.ts';
import type { PlanValue } from '../plan-value.ts';
import { asText } from '../plan-value.ts';
import type { StepHandler, StepPart, StepResult, StepRun, VariablePool } from '../step-handler.ts';
import { AnswerStream } from './answer-stream.ts';
import { EdgeStates } from './edge-states.ts';
import { isLimitError } from './fatal-error.ts';
import type { LevelStep, PlanLevel } from './plan-level.ts';
import type { PlanPool } from './plan-pool.ts';
import type { TurnRun } from './turn-run.ts';
import { toTraced } from './turn-run.ts';

/** How a level is run. */
export interface LevelOptions {
  readonly start: LevelStep;
  readonly pool: PlanPool;
  /** Of the container it lies in, from 0; null at the top. */
  readonly round: number | null;
  readonly signal: AbortSignal;
  /** Whether a step around this level was skipped. */
  readonly isSkippedAround: (stepId: string) => boolean;
}

/** What became of a level. */
export interface LevelResult {
  /** What its `answer` steps gave, in the order in which they ended. */
  readonly answer: string;
  /** Whether a `loop-end` step was reached. */
  readonly isBroken: boolean;
}

/** Outcome of a step that failed and has edges for that. */
const FAIL_BRANCH = 'fail-branch';
/** Failures that say by themselves what is to be done; of others the step is named. */
const TOLD_AS_THEY_ARE: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'plan/needs-lead',
  'plan/step-failed',
  'plan/input-invalid',
]);
/** Parts that may wait for the reader before steps wait too. */
const MAX_WAITING_PARTS = 256;

/**
 * Runs the steps of one level: what is ready runs side by side, a step waits for all edges that lead to it, and what only skipped
 * edges lead to is skipped.
 *
 * @throws UnderstudyError `plan/step-failed` of a step that has no strategy, `plan/needs-lead`, `plan/input-invalid` of the form, and the
 *   limits of the turn; the signal's reason when aborted.
 */
export async function* runLevel(
  run: TurnRun,
  level: PlanLevel,
  options: LevelOptions,
): AsyncGenerator<StepPart, LevelResult> {
  return yield* new LevelRun(run, level, options).run();
}

class LevelRun {
  readonly #run: TurnRun;
  readonly #options: LevelOptions;
  readonly #edges: EdgeStates;
  readonly #stream: AnswerStream;
  readonly #stop = new AbortController();
  readonly #signal: AbortSignal;
  readonly #settled = new Set<string>();
  readonly #ready: LevelStep[] = [];
  readonly #parts: StepPart[] = [];
  readonly #handlers = new Set<ReturnType<StepHandler>>();
  #running = 0;
  #failure: { readonly error: unknown } | null = null;
  #answer = '';
  #isBroken = false;
  #wake = (): void => undefined;
  #onRoom: (() => void)[] = [];

  constructor(run: TurnRun, level: PlanLevel, options: LevelOptions) {
    this.#run = run;
    this.#options = options;
    this.#signal = AbortSignal.any([options.signal, this.#stop.signal]);
    this.#edges = new EdgeStates(level, {
      onReady: (node) => this.#ready.push(node),
      onSkipped: (node) => this.#stream.skipped(node.step.id),
    });
    this.#stream = new AnswerStream(level, {
      get: (selector) => options.pool.get(selector),
      isSkipped: (stepId) => this.#isSkipped(stepId),
      isSettled: (stepId) => this.#settled.has(stepId),
      isTaken: (edge) => this.#edges.isTaken(edge),
      emit: (text, stepId, from) => {
        if (text !== '') this.#parts.push({ type: 'text-delta', text });
        // What the steps in a container say is told by them.
        if (level.byId.get(stepId)?.inner == null) run.trace({ type: 'chunk', step: stepId, from, text });
      },
    });
  }

  async *run(): AsyncGenerator<StepPart, LevelResult> {
    const onAbort = (): void => this.#wake();
    this.#signal.addEventListener('abort', onAbort);
    try {
      this.#edges.begin(this.#options.start);
      for (;;) {
        const next = this.#ready.shift();
        if (next !== undefined) void this.#start(next);
        for (let part = this.#parts.shift(); part !== undefined; part = this.#parts.shift()) {
          yield part;
        }
        for (const onRoom of this.#onRoom.splice(0)) onRoom();
        this.#signal.throwIfAborted();
        if (this.#failure !== null) throw this.#failure.error;
        if (this.#ready.length > 0 || this.#parts.length > 0) continue;
        if (this.#running === 0) break;
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
      this.#stream.finish();
      yield* this.#parts;
      return { answer: this.#answer, isBroken: this.#isBroken };
    } finally {
      this.#signal.removeEventListener('abort', onAbort);
      this.#stop.abort(new DOMException('The steps around this one have ended.', 'AbortError'));
      for (const onRoom of this.#onRoom.splice(0)) onRoom();
      for (const handler of this.#handlers) leave(handler);
    }
  }

  /** Runs a step to its end; never rejects. */
  async #start(node: LevelStep): Promise<void> {
    const { step } = node;
    this.#running += 1;
    try {
      const { clock } = this.#run.services;
      this.#run.countStep();
      const startedAtMs = clock.monotonicMs();
      const { id, kind, title } = step;
      this.#run.trace({ type: 'step-started', step: id, kind, title, round: this.#options.round });
      this.#stream.arrived(id);
      const { result, error } = await this.#tryAll(node);
      this.#signal.throwIfAborted();
      const skipped = this.#complete(node, result);
      const { when, outputs } = result;
      if (this.#run.services.trace !== undefined) {
        this.#run.trace(
          error === null
            ? {
                type: 'step-finished',
                step: id,
                when,
                outputs: toTraced(outputs),
                elapsedMs: clock.monotonicMs() - startedAtMs,
              }
            : { type: 'step-excepted', step: id, code: toErrorReport(error).code, message: messageOf(error) },
        );
      }
      for (const each of skipped) this.#run.trace({ type: 'step-skipped', step: each.step.id });
    } catch (error) {
      this.#failure ??= { error };
    } finally {
      this.#running -= 1;
      this.#wake();
    }
  }

  /** Tries a step as often as it may be tried, then goes by its strategy. */
  async #tryAll(
    node: LevelStep,
  ): Promise<{ readonly result: StepResult; /** What was made up for. */ readonly error: unknown }> {
    const { step } = node;
    for (let attempt = 1; ; attempt += 1) {
      const answers = new Map<number, string>();
      try {
        const result = await this.#try(node, answers);
        const inOrder = [...answers.keys()].sort((a, b) => a - b);
        this.#answer += inOrder.map((round) => answers.get(round) ?? '').join('');
        return { result, error: null };
      } catch (error) {
        this.#signal.throwIfAborted();
        if (isLimitError(error)) throw error;
        const isWorthIt = !isUnderstudyError(error, 'plan/needs-lead');
        if (step.retry === null || attempt > step.retry.times || !isWorthIt)
          return { result: this.#recover(node, error), error };
        this.#run.trace({ type: 'step-retried', step: step.id, attempt, message: messageOf(error) });
        this.#stream.restart(step.id);
        const { intervalMs } = step.retry;
        if (intervalMs > 0) await this.#run.services.clock.sleep(intervalMs, { signal: this.#signal });
        this.#run.time.check();
      }
    }
  }

  async #try(node: LevelStep, answers: Map<number, string>): Promise<StepResult> {
    const handler = node.handler(this.#runOf(node, answers));
    this.#handlers.add(handler);
    try {
      for (;;) {
        const next = await handler.next();
        // A step that does not listen must not speak in a turn that is over.
        this.#signal.throwIfAborted();
        if (next.done === true) return next.value;
        const part = next.value;
        if (part.type === 'value-delta') this.#stream.feed(node.step.id, part.name, part.text);
        else if (part.type === 'text-delta') this.#stream.say(node.step.id, part.text);
        else this.#parts.push(part);
        this.#wake();
        if (this.#parts.length >= MAX_WAITING_PARTS)
          await new Promise<void>((resolve) => this.#onRoom.push(resolve));
      }
    } finally {
      this.#handlers.delete(handler);
      leave(handler);
    }
  }

  #runOf(node: LevelStep, answers: Map<number, string>): StepRun {
    const { turn, language, history, services, opened } = this.#run;
    const { pool } = this.#options;
    const { step } = node;
    return {
      step,
      plan: opened.plan,
      input: (name) => {
        const binding = Object.hasOwn(step.inputs, name) ? step.inputs[name] : undefined;
        if (binding === undefined) return undefined;
        return 'value' in binding ? binding.value : pool.get(binding.from);
      },
      pool: step.kind === 'answer' ? this.#answerPool() : pool,
      turn,
      language,
      history,
      services,
      signal: this.#signal,
      runRound: (start, round, scope) => this.#runRound(node, { start, round, scope, answers }),
    };
  }

  /** What a skipped step would have given is left out of an answer; what is missing otherwise is named. */
  #answerPool(): VariablePool {
    const { pool } = this.#options;
    return {
      get: (selector) => {
        const value = pool.get(selector);
        return value === undefined && this.#isSkipped(selector[0]) ? '' : value;
      },
      set: (scope, name, value) => pool.set(scope, name, value),
    };
  }

  async *#runRound(
    node: LevelStep,
    given: {
      readonly start: string;
      readonly round: number;
      readonly scope: { readonly [name: string]: PlanValue };
      readonly answers: Map<number, string>;
    },
  ): AsyncGenerator<StepPart, { readonly pool: VariablePool; readonly isBroken: boolean }> {
    const { inner, step } = node;
    const start = inner?.byId.get(given.start);
    if (inner == null || start === undefined) {
      throw new UnderstudyError('plan/invalid', `Step "${step.id}" holds no step "${given.start}".`, {
        facts: { step: step.id },
      });
    }
    const pool = this.#options.pool.round(inner.scopes);
    for (const [name, value] of Object.entries(given.scope)) pool.set(step.id, name, value);
    this.#run.trace({ type: 'round-started', step: step.id, round: given.round });
    const result = yield* runLevel(this.#run, inner, {
      start,
      pool,
      round: given.round,
      signal: this.#signal,
      isSkippedAround: (stepId) => this.#isSkipped(stepId),
    });
    if (step.kind === 'loop') pool.leak();
    given.answers.set(given.round, result.answer);
    return { pool, isBroken: result.isBroken };
  }

  /** What a step leaves that failed for good. @throws What ends the turn, where it has no strategy. */
  #recover(node: LevelStep, error: unknown): StepResult {
    const { id, kind, onError } = node.step;
    const { code } = toErrorReport(error);
    const message = messageOf(error);
    if (onError === null) {
      this.#run.trace({ type: 'step-failed', step: id, code, message });
      if (TOLD_AS_THEY_ARE.has(code)) throw error;
      throw new UnderstudyError('plan/step-failed', `Step "${id}" (${kind}) failed.`, {
        facts: { step: id, kind },
        cause: error,
      });
    }
    this.#run.exceptions += 1;
    const told = { error_message: message, error_type: code };
    if (onError.kind === 'branch') return { when: FAIL_BRANCH, outputs: told };
    this.#stream.replace(id, onError.values);
    return { when: 'default', outputs: { ...onError.values, ...told } };
  }

  /** Keeps what a step left and goes on along its edges. @returns The steps that will not run for that. */
  #complete(node: LevelStep, result: StepResult): readonly LevelStep[] {
    const { step } = node;
    const { pool } = this.#options;
    for (const [name, value] of Object.entries(result.outputs)) pool.set(step.id, name, value);
    this.#run.note(result);
    if (step.kind === 'answer') {
      this.#run.hasResponded = true;
      this.#answer += asText(result.outputs['answer']);
    } else if (step.kind === 'output') {
      this.#run.hasResponded = true;
      for (const [name, value] of Object.entries(result.outputs)) this.#run.results.set(name, value);
    }
    if (step.kind === 'loop-end') this.#isBroken = true;
    this.#settled.add(step.id);
    this.#stream.settled(step.id);
    const { taken, skipped } = this.#edges.leave(node, result.when);
    for (const edge of taken) this.#stream.taken(edge);
    return skipped;
  }

  #isSkipped(stepId: string): boolean {
    return this.#edges.isSkipped(stepId) || this.#options.isSkippedAround(stepId);
  }
}

/** Lets a handler go, whatever it still does. */
function leave(handler: ReturnType<StepHandler>): void {
  Promise.resolve(handler.return({ when: 'default', outputs: {} })).catch(() => undefined);
}

/** What went wrong, in the words of the owner's code where it threw. */
function messageOf(error: unknown): string {
  if (isUnderstudyError(error) && typeof error.facts['error'] === 'string') return error.facts['error'];
  return error instanceof Error ? error.message : String(error);
}
