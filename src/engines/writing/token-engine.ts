import type {
  Engine,
  EnginePart,
  GenerateRequest,
  LoadProgress,
  ModelAbility,
} from '../../contracts/engine.ts';
import { isUnderstudyError, UnderstudyError } from '../../contracts/errors.ts';
import type { GoldenCase } from './golden-cases.ts';
import { selfTest } from './self-test.ts';
import { TaskBreak } from './task-break.ts';
import type { TokenModel } from './token-model.ts';
import { writeAnswer } from './write-answer.ts';

/** A model that was started, and what its self-test compares with. */
export interface StartedModel {
  readonly model: TokenModel;
  /** Recorded cases; none = one token is written unchecked, as a warm-up. */
  readonly golden: readonly GoldenCase[];
  /** Bytes of WebAssembly memory held now, 0 when unknown. */
  readonly memoryBytes: () => number;
}

/** What makes an engine of a runtime that gives access to single tokens. */
export interface TokenEngineOptions {
  /** Name of the runtime. */
  readonly id: string;
  readonly modelId: string;
  /** What the model is good for. Default `quotes`. */
  readonly ability?: ModelAbility | undefined;
  /** Milliseconds on a clock that never goes back. Default `performance.now`. */
  readonly nowMs?: (() => number) | undefined;
  /**
   * Reads and starts the model; called once. Errors that are none of `engine/…` are told as `engine/load-failed`; when it
   * throws it has freed what it took.
   */
  readonly start: (
    signal: AbortSignal,
    onProgress: (progress: LoadProgress) => void,
  ) => Promise<StartedModel>;
}

interface LoadOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: LoadProgress) => void;
}

/** Keeps the errors of the engine; whatever else kept it from loading becomes `engine/load-failed`. */
export function toLoadError(cause: unknown): UnderstudyError {
  if (!isUnderstudyError(cause)) {
    return new UnderstudyError('engine/load-failed', `The engine did not start (${String(cause)}).`, {
      cause,
    });
  }
  if (cause.code.startsWith('engine/')) return cause;
  const facts = { ...cause.facts, reason: cause.code };
  return new UnderstudyError('engine/load-failed', `An artifact could not be read: ${cause.message}`, {
    facts,
    cause,
  });
}

class TokenEngine implements Engine {
  readonly contract = 1;
  readonly id: string;
  readonly modelId: string;
  readonly ability: ModelAbility;
  readonly #options: TokenEngineOptions;
  readonly #nowMs: () => number;
  readonly #disposal = new AbortController();
  #loading: Promise<void> | null = null;
  #started: StartedModel | null = null;
  #writing: Promise<void> | null = null;

  constructor(options: TokenEngineOptions) {
    this.id = options.id;
    this.modelId = options.modelId;
    this.ability = options.ability ?? 'quotes';
    this.#options = options;
    this.#nowMs = options.nowMs ?? ((): number => performance.now());
  }

  get contextTokens(): number {
    return this.#started?.model.contextTokens ?? 0;
  }

  load(options: LoadOptions = {}): Promise<void> {
    this.#loading ??= this.#load(options);
    return this.#loading;
  }

  async *generate(
    request: GenerateRequest,
    options: { readonly signal?: AbortSignal } = {},
  ): AsyncGenerator<EnginePart, void, undefined> {
    options.signal?.throwIfAborted();
    const started = this.#started;
    if (started === null) throw new UnderstudyError('engine/failed', 'The engine is not loaded.');
    if (this.#writing !== null) throw new UnderstudyError('engine/failed', 'The engine is still writing.');
    let finish = (): void => undefined;
    this.#writing = new Promise((resolve) => {
      finish = resolve;
    });
    try {
      yield* writeAnswer(started.model, request, {
        signal: this.#either(options.signal),
        nowMs: this.#nowMs,
        memoryBytes: started.memoryBytes,
      });
    } finally {
      this.#writing = null;
      finish();
    }
  }

  async dispose(): Promise<void> {
    this.#disposal.abort(new UnderstudyError('engine/failed', 'The engine was disposed.'));
    await this.#loading?.catch(() => undefined);
    await this.#writing;
    const started = this.#started;
    this.#started = null;
    await started?.model.dispose();
  }

  #either(signal: AbortSignal | undefined): AbortSignal {
    return AbortSignal.any([this.#disposal.signal, ...(signal === undefined ? [] : [signal])]);
  }

  async #load({ signal, onProgress }: LoadOptions): Promise<void> {
    const either = this.#either(signal);
    either.throwIfAborted();
    let started: StartedModel | null = null;
    const taskBreak = new TaskBreak();
    try {
      started = await this.#options.start(either, (progress) => onProgress?.(progress));
      either.throwIfAborted();
      await selfTest(started.model, started.golden, async () => {
        await taskBreak.take();
        either.throwIfAborted();
      });
      this.#started = started;
    } catch (cause) {
      await started?.model.dispose();
      if (either.aborted) throw either.reason;
      throw toLoadError(cause);
    } finally {
      taskBreak.close();
    }
  }
}

/** Makes an engine that loads with a self-test, writes one answer at a time, and stops within one token. */
export function createTokenEngine(options: TokenEngineOptions): Engine {
  return new TokenEngine(options);
}
