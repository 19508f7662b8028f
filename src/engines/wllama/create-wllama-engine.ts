import type {
  ArtifactReader,
  Engine,
  EnginePart,
  GenerateRequest,
  LoadProgress,
  ModelAbility,
} from '../../contracts/engine.ts';
import { isUnderstudyError, UnderstudyError } from '../../contracts/errors.ts';
import { checkWebAssembly } from '../writing/check-webassembly.ts';
import type { GoldenCase } from '../writing/golden-cases.ts';
import { parseGoldenCases } from '../writing/golden-cases.ts';
import { TextQueue } from '../writing/text-queue.ts';
import { toLoadError } from '../writing/token-engine.ts';
import type { CompletionTimings } from './completion-chunk.ts';
import { parseCompletionChunk } from './completion-chunk.ts';
import { toCompletionRequest } from './completion-request.ts';
import { readContextLength } from './read-context-length.ts';
import type { Wllama, WllamaModule } from './wllama-module.ts';
import { importWllama } from './wllama-module.ts';

/** Options of {@link createWllamaEngine}. */
export interface WllamaEngineOptions {
  /** Gives the artifact `model.gguf` and, for the self-test, `golden.json`. */
  readonly read: ArtifactReader;
  readonly modelId: string;
  /** What the model is good for. Default `quotes`. */
  readonly ability?: ModelAbility;
  /** Absolute address of the module of @wllama/wllama 3 (`esm/index.js`) on the owner's host. */
  readonly moduleUrl: string;
  /** Absolute address of its `wllama.wasm`. */
  readonly wasmUrl: string;
  /**
   * Addresses of the build for browsers without promise integration or 64-bit memory. Default null: such a browser runs
   * the usual build as far as it can, and nothing is fetched from elsewhere.
   */
  readonly compat?: { readonly worker: string; readonly wasm: string } | null;
  /** Most tokens of prompt and output together, where the model was trained for as many. Default 2048. */
  readonly contextTokens?: number;
  /** Threads, where memory may be shared. Default 1. */
  readonly threads?: number;
  /** A start that takes longer has failed: the library never settles where its worker is forbidden. Default 120 s. */
  readonly loadTimeoutMs?: number;
  /** Gives the library. Default: imports `moduleUrl`. */
  readonly importModule?: () => Promise<WllamaModule>;
  /** Milliseconds on a clock that never goes back. Default `performance.now`. */
  readonly nowMs?: () => number;
}

interface LoadOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: LoadProgress) => void;
}

const DEFAULT_CONTEXT = 2048;
const DEFAULT_LOAD_TIMEOUT_MS = 120_000;
/** Activations are rounded to 8 bits: after a few tokens a close second may win. */
const TESTED_TOKENS = 4;
const silent = (): void => undefined;
/** The library writes its metadata to the console of the owner's page. */
const QUIET = { debug: silent, log: silent, warn: silent, error: silent };

class WllamaEngine implements Engine {
  readonly contract = 1;
  readonly id = 'wllama';
  readonly modelId: string;
  readonly ability: ModelAbility;
  readonly #options: WllamaEngineOptions;
  readonly #nowMs: () => number;
  readonly #disposal = new AbortController();
  #loading: Promise<void> | null = null;
  #model: Wllama | null = null;
  #writing: Promise<unknown> | null = null;
  #contextTokens = 0;

  constructor(options: WllamaEngineOptions) {
    this.modelId = options.modelId;
    this.ability = options.ability ?? 'quotes';
    this.#options = options;
    this.#nowMs = options.nowMs ?? ((): number => performance.now());
  }

  get contextTokens(): number {
    return this.#contextTokens;
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
    const signal = this.#either(options.signal);
    const body = toCompletionRequest(request);
    const reader = new AbortController();
    const queue = new TextQueue();
    const startMs = this.#nowMs();
    let firstMs = 0;
    let finish: 'stop' | 'length' = 'stop';
    let timings: CompletionTimings | null = null;
    const writing = model.createChatCompletion({
      ...body,
      stream: true,
      abortSignal: AbortSignal.any([signal, reader.signal]),
      onData: (value) => {
        const chunk = parseCompletionChunk(value);
        if (chunk.text !== '' && firstMs === 0) firstMs = this.#nowMs();
        finish = chunk.finish ?? finish;
        timings = chunk.timings ?? timings;
        queue.push(chunk.text);
      },
    });
    const settled = writing.finally(() => {
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
      await settled;
      signal.throwIfAborted();
      yield { type: 'end', reason: finish, metrics: this.#metrics(timings, firstMs - startMs) };
    } catch (cause) {
      if (signal.aborted) throw signal.reason;
      throw toWriteError(cause);
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
    await model?.exit();
  }

  #metrics(timings: CompletionTimings | null, firstTokenMs: number) {
    const { promptTokens = 0, outputTokens = 0, tokensPerSecond = 0 } = timings ?? {};
    return {
      promptTokens,
      outputTokens,
      firstTokenMs: Math.max(0, firstTokenMs),
      tokensPerSecond: outputTokens > 1 ? tokensPerSecond : 0,
      // The memory is the worker's own.
      memoryBytes: 0,
    };
  }

  #either(signal: AbortSignal | undefined): AbortSignal {
    return AbortSignal.any([this.#disposal.signal, ...(signal === undefined ? [] : [signal])]);
  }

  async #load({ signal, onProgress }: LoadOptions): Promise<void> {
    const either = this.#either(signal);
    either.throwIfAborted();
    let model: Wllama | null = null;
    try {
      checkWebAssembly();
      const { read, moduleUrl, wasmUrl, compat = null, threads = 1 } = this.#options;
      const golden = read('golden.json', { signal: either }).catch(() => null);
      const weights = await read('model.gguf', { signal: either });
      const cases = parseGolden(await golden);
      onProgress?.({ loadedBytes: weights.length, totalBytes: weights.length });
      const library = await (this.#options.importModule?.() ?? importWllama(moduleUrl));
      either.throwIfAborted();
      model = new library.Wllama({ default: wasmUrl }, { suppressNativeLog: true, logger: QUIET });
      model.setCompat(compat);
      const wanted = this.#options.contextTokens ?? DEFAULT_CONTEXT;
      const instance = model;
      const start = (): Promise<void> =>
        instance.loadModel([new Blob([weights])], {
          n_ctx: Math.min(wanted, readContextLength(weights) ?? wanted),
          // Else the context is shared out among four requests at a time.
          n_parallel: 1,
          n_threads: threads,
          n_gpu_layers: 0,
          jinja: true,
          ctx_shift: false,
        });
      await this.#withinTime(start, either);
      this.#contextTokens = model.getLoadedContextInfo().n_ctx;
      await testModel(model, cases, either);
      this.#model = model;
    } catch (cause) {
      // A worker that never started does not answer this either.
      model?.exit().catch(() => undefined);
      if (either.aborted) throw either.reason;
      throw toLoadError(cause);
    }
  }

  /** The library does not settle where a policy forbids its blob: worker; the violation says so at once. */
  #withinTime(start: () => Promise<void>, signal: AbortSignal): Promise<void> {
    const timeoutMs = this.#options.loadTimeoutMs ?? DEFAULT_LOAD_TIMEOUT_MS;
    return new Promise((resolve, reject) => {
      const fail = (code: 'engine/blocked' | 'engine/load-failed', happened: string): void => {
        end();
        reject(new UnderstudyError(code, happened));
      };
      const onViolation = (event: Event): void => {
        const directive: unknown = Reflect.get(event, 'effectiveDirective');
        if (directive === 'worker-src' || directive === 'script-src' || directive === 'child-src') {
          fail(
            'engine/blocked',
            "The page's policy forbids the worker of wllama: it needs `worker-src blob:`.",
          );
        }
      };
      const onAbort = (): void => {
        end();
        const reason: unknown = signal.reason;
        reject(reason instanceof Error ? reason : new Error(String(reason)));
      };
      const timer = setTimeout(() => {
        fail('engine/load-failed', `wllama did not start within ${timeoutMs} ms.`);
      }, timeoutMs);
      const end = (): void => {
        clearTimeout(timer);
        removeEventListener('securitypolicyviolation', onViolation);
        signal.removeEventListener('abort', onAbort);
      };
      addEventListener('securitypolicyviolation', onViolation);
      signal.addEventListener('abort', onAbort);
      start().finally(end).then(resolve, reject);
    });
  }
}

function parseGolden(bytes: Uint8Array | null): readonly GoldenCase[] {
  if (bytes === null) return [];
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return parseGoldenCases(value);
  } catch (cause) {
    throw new UnderstudyError('engine/load-failed', 'The artifact "golden.json" is no JSON.', { cause });
  }
}

/**
 * Answers a recorded message and compares the tokens; cases without a message cannot be asked.
 * @throws UnderstudyError `engine/wrong-output`.
 */
async function testModel(model: Wllama, cases: readonly GoldenCase[], signal: AbortSignal): Promise<void> {
  const [golden] = cases
    .filter(({ content }) => content !== null)
    .toSorted((a, b) => a.promptIds.length - b.promptIds.length);
  if (golden === undefined) return;
  const expected = golden.outputIds.slice(0, TESTED_TOKENS);
  const found: number[] = [];
  let promptTokens = 0;
  await model.createChatCompletion({
    ...toCompletionRequest({
      messages: [{ role: 'user', content: golden.content ?? '' }],
      maxTokens: expected.length,
    }),
    logprobs: true,
    top_logprobs: 1,
    stream: true,
    abortSignal: signal,
    onData: (value) => {
      const { tokens, timings } = parseCompletionChunk(value);
      found.push(...tokens);
      promptTokens = timings?.promptTokens ?? promptTokens;
    },
  });
  signal.throwIfAborted();
  // An end token is told by the end alone.
  const isSame = found.every((id, index) => id === expected[index]);
  if (!isSame || found.length < expected.length - 1 || promptTokens !== golden.promptIds.length) {
    throw new UnderstudyError('engine/wrong-output', 'The model writes other tokens than recorded.', {
      facts: { expected, found, promptTokens },
    });
  }
}

/** llama.cpp tells what is wrong in words only. */
function toWriteError(cause: unknown): UnderstudyError {
  if (isUnderstudyError(cause)) return cause;
  const text = cause instanceof Error ? cause.message : String(cause);
  if (/context size|exceed/i.test(text)) {
    return new UnderstudyError('engine/prompt-too-long', `The prompt is too long (${text}).`, { cause });
  }
  if (/grammar|schema/i.test(text)) {
    return new UnderstudyError('engine/grammar-invalid', `The grammar cannot be read (${text}).`, { cause });
  }
  return new UnderstudyError('engine/failed', `The model stopped (${text}).`, { cause });
}

/**
 * Makes the engine that runs GGUF models through wllama, llama.cpp compiled to WebAssembly.
 *
 * Slower than the kernel on one thread, it reads every architecture of llama.cpp. It starts a worker from a blob: address,
 * which the page's policy must allow (`worker-src blob:`), and fetches nothing but the two named files.
 */
export function createWllamaEngine(options: WllamaEngineOptions): Engine {
  return new WllamaEngine(options);
}
