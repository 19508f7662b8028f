import type {
  ArtifactReader,
  Engine,
  EnginePart,
  GenerateRequest,
  LoadProgress,
} from '../../contracts/engine.ts';
import { isUnderstudyError, UnderstudyError } from '../../contracts/errors.ts';
import { checkWebAssembly } from './check-webassembly.ts';
import { loadRuntime } from './load-runtime.ts';
import type { LoadedModel } from './loaded-model.ts';
import { startModel } from './loaded-model.ts';
import { readModelFiles } from './model-files.ts';
import { selfTest } from './self-test.ts';
import { TaskBreak } from './task-break.ts';
import type { MemoryWatch } from './watch-memory.ts';
import { watchMemory } from './watch-memory.ts';
import { writeAnswer } from './write-answer.ts';

/** Options of {@link createTransformersEngine}. */
export interface TransformersEngineOptions {
  /**
   * Gives the artifacts `model.onnx`, `tokenizer.json`, `tokenizer-config.json`, `model-config.json`,
   * `generation-config.json` and, for the self-test, `golden.json`.
   */
  readonly read: ArtifactReader;
  /** Absolute address of the folder with `ort-wasm-simd-threaded.mjs` and `.wasm`; in Node a `file:` address. */
  readonly runtimeUrl: string;
  readonly modelId: string;
  /** Most threads; more than 1 takes effect only on cross-origin isolated pages. Default 1. */
  readonly maxThreads?: number;
  /** Milliseconds on a clock that never goes back. Default `performance.now`. */
  readonly nowMs?: () => number;
}

interface LoadOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: LoadProgress) => void;
}

function threadsFor(maxThreads: number): number {
  if (maxThreads <= 1 || !globalThis.crossOriginIsolated) return 1;
  // One core stays free: spinning threads of the runtime stall when a core is taken.
  return Math.max(1, Math.min(maxThreads, navigator.hardwareConcurrency - 1));
}

/** Keeps the errors of the engine; whatever else kept it from loading becomes `engine/load-failed`. */
function toLoadError(cause: unknown): UnderstudyError {
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

class TransformersEngine implements Engine {
  readonly contract = 1;
  readonly id = 'transformers';
  readonly modelId: string;
  readonly #options: TransformersEngineOptions;
  readonly #nowMs: () => number;
  readonly #disposal = new AbortController();
  #loading: Promise<void> | null = null;
  #model: LoadedModel | null = null;
  #memory: MemoryWatch | null = null;
  #writing: Promise<void> | null = null;

  constructor(options: TransformersEngineOptions) {
    this.modelId = options.modelId;
    this.#options = options;
    this.#nowMs = options.nowMs ?? ((): number => performance.now());
  }

  get contextTokens(): number {
    return this.#model?.contextTokens ?? 0;
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
    const model = this.#model;
    if (model === null) throw new UnderstudyError('engine/failed', 'The engine is not loaded.');
    if (this.#writing !== null) throw new UnderstudyError('engine/failed', 'The engine is still writing.');
    let finish = (): void => undefined;
    this.#writing = new Promise((resolve) => {
      finish = resolve;
    });
    try {
      yield* writeAnswer(model, request, {
        signal: AbortSignal.any([
          this.#disposal.signal,
          ...(options.signal === undefined ? [] : [options.signal]),
        ]),
        nowMs: this.#nowMs,
        memoryBytes: () => this.#memory?.sizeBytes ?? 0,
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
    const model = this.#model;
    this.#model = null;
    await model?.dispose();
  }

  async #load({ signal, onProgress }: LoadOptions): Promise<void> {
    const either = AbortSignal.any([this.#disposal.signal, ...(signal === undefined ? [] : [signal])]);
    either.throwIfAborted();
    checkWebAssembly();
    const { read, runtimeUrl, maxThreads = 1 } = this.#options;
    this.#memory = watchMemory();
    let model: LoadedModel | null = null;
    const taskBreak = new TaskBreak();
    try {
      const files = await readModelFiles(read, either);
      onProgress?.({ loadedBytes: files.sizeBytes, totalBytes: files.sizeBytes });
      const runtime = await loadRuntime(runtimeUrl, threadsFor(maxThreads));
      either.throwIfAborted();
      model = await startModel(runtime, files);
      await selfTest(model, files.golden, async () => {
        await taskBreak.take();
        either.throwIfAborted();
      });
      this.#model = model;
    } catch (cause) {
      await model?.dispose();
      if (either.aborted) throw either.reason;
      throw toLoadError(cause);
    } finally {
      this.#memory.end();
      taskBreak.close();
    }
  }
}

/**
 * Makes the engine that runs LLaMA-class models through Transformers.js and ONNX Runtime on WebAssembly.
 *
 * It fetches nothing but the runtime from `runtimeUrl`. ONNX Runtime keeps its state in the realm: after
 * `engine/load-failed` or `engine/failed` a new attempt needs a new worker.
 */
export function createTransformersEngine(options: TransformersEngineOptions): Engine {
  return new TransformersEngine(options);
}
