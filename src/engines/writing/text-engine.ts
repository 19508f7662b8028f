import type {
  Engine,
  EnginePart,
  GenerateRequest,
  LoadProgress,
  ModelAbility,
} from '../../contracts/engine.ts';
import { isUnderstudyError, UnderstudyError } from '../../contracts/errors.ts';
import { StopScanner } from './stop-scanner.ts';
import { TextQueue } from './text-queue.ts';
import { toLoadError } from './token-engine.ts';

/** How an answer of a {@link TextModel} ended. */
export interface TextEnd {
  readonly reason: 'stop' | 'length';
  /** Tokens as the runtime counts them; null = it does not tell, and pieces of text are counted. */
  readonly promptTokens: number | null;
  readonly outputTokens: number | null;
}

/** A model behind a runtime that gives text, not tokens. */
export interface TextModel {
  readonly contextTokens: number;
  /**
   * Writes one answer; rejects soon after the signal is aborted. Errors that are none of `engine/…` are told as
   * `engine/failed`.
   */
  write(request: GenerateRequest, signal: AbortSignal, onText: (text: string) => void): Promise<TextEnd>;
  dispose(): Promise<void>;
}

/** What makes an engine of such a runtime. */
export interface TextEngineOptions {
  readonly id: string;
  readonly modelId: string;
  /** What the model is good for. Default `quotes`. */
  readonly ability?: ModelAbility | undefined;
  /** Reads and starts the model; called once. When it throws it has freed what it took. */
  readonly start: (signal: AbortSignal, onProgress: (progress: LoadProgress) => void) => Promise<TextModel>;
  /** Milliseconds on a clock that never goes back. Default `performance.now`. */
  readonly nowMs?: (() => number) | undefined;
}

class TextEngine implements Engine {
  readonly contract = 1;
  readonly id: string;
  readonly modelId: string;
  readonly ability: ModelAbility;
  readonly #options: TextEngineOptions;
  readonly #nowMs: () => number;
  readonly #disposal = new AbortController();
  #loading: Promise<void> | null = null;
  #model: TextModel | null = null;
  #writing: Promise<unknown> | null = null;

  constructor(options: TextEngineOptions) {
    this.id = options.id;
    this.modelId = options.modelId;
    this.ability = options.ability ?? 'quotes';
    this.#options = options;
    this.#nowMs = options.nowMs ?? ((): number => performance.now());
  }

  get contextTokens(): number {
    return this.#model?.contextTokens ?? 0;
  }

  load(
    options: {
      readonly signal?: AbortSignal;
      readonly onProgress?: (progress: LoadProgress) => void;
    } = {},
  ): Promise<void> {
    this.#loading ??= this.#load(options.signal, options.onProgress);
    return this.#loading;
  }

  async *generate(
    request: GenerateRequest,
    options: { readonly signal?: AbortSignal } = {},
  ): AsyncGenerator<EnginePart, void, undefined> {
    options.signal?.throwIfAborted();
    const model = this.#model;
    if (model === null) throw new UnderstudyError('engine/failed', 'The engine is not loaded.');
    if (this.#writing !== null) throw new UnderstudyError('engine/failed', 'The engine is still writing.');
    const signal = this.#either(options.signal);
    const reader = new AbortController();
    const queue = new TextQueue();
    const scanner = new StopScanner(request.stop ?? []);
    const hasStopped = (): boolean => scanner.isStopped;
    const startMs = this.#nowMs();
    let firstMs = 0;
    let lastMs = 0;
    let pieces = 0;
    const settled = model
      .write(request, AbortSignal.any([signal, reader.signal]), (text) => {
        if (text === '' || hasStopped()) return;
        lastMs = this.#nowMs();
        if (pieces === 0) firstMs = lastMs;
        pieces += 1;
        queue.push(scanner.push(text));
        // Runtimes end at the text themselves or go on to their limit: nobody reads what follows.
        if (hasStopped()) reader.abort(new Error('A stop text was written.'));
      })
      .finally(() => {
        queue.close();
      });
    this.#writing = settled;
    // Its failure is met below, where it is awaited.
    settled.catch(() => undefined);
    try {
      for (let text = await queue.take(); text !== null; text = await queue.take()) {
        signal.throwIfAborted();
        yield { type: 'text-delta', text };
      }
      const end = await settled.catch((cause: unknown) => {
        if (hasStopped() && !signal.aborted) return null;
        throw cause;
      });
      signal.throwIfAborted();
      const rest = scanner.flush();
      if (rest !== '') yield { type: 'text-delta', text: rest };
      const outputTokens = end?.outputTokens ?? pieces;
      const seconds = (lastMs - firstMs) / 1000;
      const metrics = {
        promptTokens: end?.promptTokens ?? 0,
        outputTokens,
        firstTokenMs: pieces === 0 ? 0 : firstMs - startMs,
        tokensPerSecond: outputTokens > 1 && seconds > 0 ? (outputTokens - 1) / seconds : 0,
        memoryBytes: 0,
      };
      yield { type: 'end', reason: end?.reason ?? 'stop', metrics };
    } catch (cause) {
      if (signal.aborted) throw signal.reason;
      if (isUnderstudyError(cause) && cause.code.startsWith('engine/')) throw cause;
      throw new UnderstudyError('engine/failed', `The model stopped (${String(cause)}).`, { cause });
    } finally {
      reader.abort(new Error('Nobody reads any more.'));
      await settled.catch(() => undefined);
      this.#writing = null;
    }
  }

  async dispose(): Promise<void> {
    this.#disposal.abort(new UnderstudyError('engine/failed', 'The engine was disposed.'));
    await this.#loading?.catch(() => undefined);
    await this.#writing?.catch(() => undefined);
    const model = this.#model;
    this.#model = null;
    await model?.dispose();
  }

  #either(signal: AbortSignal | undefined): AbortSignal {
    return AbortSignal.any([this.#disposal.signal, ...(signal === undefined ? [] : [signal])]);
  }

  async #load(
    signal: AbortSignal | undefined,
    onProgress: ((progress: LoadProgress) => void) | undefined,
  ): Promise<void> {
    const either = this.#either(signal);
    either.throwIfAborted();
    let model: TextModel | null = null;
    try {
      model = await this.#options.start(either, (progress) => onProgress?.(progress));
      either.throwIfAborted();
      this.#model = model;
    } catch (cause) {
      await model?.dispose();
      if (either.aborted) throw either.reason;
      throw toLoadError(cause);
    }
  }
}

/** Makes an engine of a runtime that gives text: one answer at a time, ended by a stop text, the reader or the signal. */
export function createTextEngine(options: TextEngineOptions): Engine {
  return new TextEngine(options);
}
