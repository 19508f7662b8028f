import type { Engine, GenerateRequest, LoadProgress } from '../../contracts/engine.ts';
import { UnderstudyError } from '../../contracts/errors.ts';
import { isInteger, isRecord } from '../../contracts/json.ts';
import type { TextEnd, TextModel } from '../writing/text-engine.ts';
import { createTextEngine } from '../writing/text-engine.ts';
import type { WebLlm, WebLlmModel, WebLlmModule } from './webllm-module.ts';
import { importWebLlm } from './webllm-module.ts';

/** Options of {@link createWebLlmEngine}. */
export interface WebLlmEngineOptions {
  readonly modelId: string;
  /** Absolute address of the module of @mlc-ai/web-llm (`lib/index.js`) on the owner's host. */
  readonly moduleUrl: string;
  /** Absolute address of the model's folder on the owner's host. */
  readonly modelUrl: string;
  /** Absolute address of its compiled library, a `.wasm`. */
  readonly modelLibUrl: string;
  /** Digests of the model's configuration and library, `sha256-…`. Without them what is fetched is not checked. */
  readonly integrity?: WebLlmModel['integrity'];
  /** Most tokens of prompt and output together. Default 4096. */
  readonly contextTokens?: number;
  /** Gives the library. Default: imports `moduleUrl`. */
  readonly importModule?: () => Promise<WebLlmModule>;
  /** Whether there is a graphics adapter. Default: asks WebGPU for one. */
  readonly hasAdapter?: () => Promise<boolean>;
  /** Milliseconds on a clock that never goes back. Default `performance.now`. */
  readonly nowMs?: () => number;
}

const DEFAULT_CONTEXT = 4096;
const LARGEST_MAX_TOKENS = 4096;
/** The library tells a share; told as of so many. */
const PROGRESS_STEPS = 1000;

class WebLlmTextModel implements TextModel {
  readonly #model: WebLlm;
  readonly contextTokens: number;

  constructor(model: WebLlm, contextTokens: number) {
    this.#model = model;
    this.contextTokens = contextTokens;
  }

  async write(
    request: GenerateRequest,
    signal: AbortSignal,
    onText: (text: string) => void,
  ): Promise<TextEnd> {
    const interrupt = (): void => {
      this.#model.interruptGenerate();
    };
    let end: TextEnd = { reason: 'stop', promptTokens: null, outputTokens: null };
    try {
      const chunks = await this.#model.chat.completions.create(toRequest(request));
      signal.addEventListener('abort', interrupt, { once: true });
      if (signal.aborted) interrupt();
      // Read to its end in any case: the library refuses a new request until then.
      for await (const chunk of chunks) {
        const { text, finish, usage } = parseChunk(chunk);
        if (!signal.aborted) onText(text);
        end = { ...end, ...(finish === null ? {} : { reason: finish }), ...usage };
      }
    } catch (cause) {
      throw toWriteError(cause);
    } finally {
      signal.removeEventListener('abort', interrupt);
    }
    signal.throwIfAborted();
    return end;
  }

  dispose(): Promise<void> {
    return this.#model.unload();
  }
}

function toRequest(request: GenerateRequest): Readonly<Record<string, unknown>> {
  const { grammar, schema, maxTokens = 160 } = request;
  if (grammar !== undefined && schema !== undefined) {
    throw new UnderstudyError('engine/unsupported', 'The output can have one form only.');
  }
  return {
    messages: request.messages.length === 0 ? [{ role: 'user', content: '' }] : request.messages,
    stream: true,
    stream_options: { include_usage: true },
    max_tokens: Math.max(1, Math.min(Math.trunc(maxTokens), LARGEST_MAX_TOKENS)),
    temperature: Math.max(0, request.temperature ?? 0),
    top_p: request.topP ?? 1,
    // The library has no repetition penalty of its own in the interface; the nearest is that of frequency, up to 2.
    frequency_penalty: Math.max(0, Math.min((request.repetitionPenalty ?? 1) - 1, 2)),
    seed: request.seed ?? 0,
    ...(request.stop === undefined ? {} : { stop: request.stop.filter((text) => text !== '') }),
    ...(grammar === undefined ? {} : { response_format: { type: 'grammar', grammar } }),
    ...(schema === undefined
      ? {}
      : { response_format: { type: 'json_object', schema: JSON.stringify(schema) } }),
  };
}

function parseChunk(value: unknown): {
  readonly text: string;
  readonly finish: TextEnd['reason'] | null;
  readonly usage: Partial<Pick<TextEnd, 'promptTokens' | 'outputTokens'>>;
} {
  const fields = isRecord(value) ? value : {};
  const choices: readonly unknown[] = Array.isArray(fields['choices']) ? fields['choices'] : [];
  const choice = isRecord(choices[0]) ? choices[0] : {};
  const delta = isRecord(choice['delta']) ? choice['delta'] : {};
  const finish = choice['finish_reason'];
  const usage = isRecord(fields['usage']) ? fields['usage'] : {};
  const { prompt_tokens: promptTokens, completion_tokens: outputTokens } = usage;
  return {
    text: typeof delta['content'] === 'string' ? delta['content'] : '',
    finish: finish === 'stop' || finish === 'length' ? finish : null,
    usage: {
      ...(isInteger(promptTokens) ? { promptTokens } : {}),
      ...(isInteger(outputTokens) ? { outputTokens } : {}),
    },
  };
}

/** The library tells by the names of its errors. */
function toWriteError(cause: unknown): unknown {
  const name = cause instanceof Error ? cause.name : '';
  const message = cause instanceof Error ? cause.message : String(cause);
  if (name === 'ContextWindowSizeExceededError') {
    return new UnderstudyError('engine/prompt-too-long', `The prompt is too long (${message}).`, { cause });
  }
  if (name === 'DeviceLostError' || /device.{0,20}lost/i.test(message)) {
    const facts = { reason: 'device-lost' };
    return new UnderstudyError('engine/failed', `The device was lost (${message}).`, { facts, cause });
  }
  if (/grammar|schema/i.test(message)) {
    return new UnderstudyError('engine/grammar-invalid', `The grammar cannot be read (${message}).`, {
      cause,
    });
  }
  return cause;
}

async function asksAdapter(): Promise<boolean> {
  const gpu: unknown = Reflect.get(navigator, 'gpu');
  if (!isRecord(gpu) && typeof gpu !== 'object') return false;
  const request: unknown = gpu === null ? null : Reflect.get(gpu, 'requestAdapter');
  if (typeof request !== 'function') return false;
  return (await Reflect.apply(request, gpu, [])) !== null;
}

async function startModel(
  options: WebLlmEngineOptions,
  signal: AbortSignal,
  onProgress: (progress: LoadProgress) => void,
): Promise<TextModel> {
  const { modelId, moduleUrl, modelUrl, modelLibUrl, integrity, contextTokens = DEFAULT_CONTEXT } = options;
  if (!(await (options.hasAdapter ?? asksAdapter)())) {
    throw new UnderstudyError('engine/unsupported', 'There is no graphics adapter for WebGPU.');
  }
  const library = await (options.importModule?.() ?? importWebLlm(moduleUrl));
  signal.throwIfAborted();
  const model = await library.CreateMLCEngine(modelId, {
    appConfig: {
      // The library's own list names addresses of other hosts: nothing of it is known here.
      model_list: [
        {
          model: modelUrl,
          model_id: modelId,
          model_lib: modelLibUrl,
          overrides: { context_window_size: contextTokens },
          ...(integrity === undefined ? {} : { integrity }),
        },
      ],
      useIndexedDBCache: false,
    },
    logLevel: 'SILENT',
    initProgressCallback: (report) => {
      const progress = isRecord(report) ? report['progress'] : null;
      if (typeof progress !== 'number' || !(progress >= 0 && progress <= 1)) return;
      onProgress({ loadedBytes: Math.round(progress * PROGRESS_STEPS), totalBytes: PROGRESS_STEPS });
    },
  });
  return new WebLlmTextModel(model, contextTokens);
}

/**
 * Makes the engine that runs MLC models through WebLLM on WebGPU, from the owner's own host alone.
 *
 * The library checks digests of configuration, tokenizer and model library where they are given, and none of the weights.
 */
export function createWebLlmEngine(options: WebLlmEngineOptions): Engine {
  return createTextEngine({
    id: 'webllm',
    modelId: options.modelId,
    // The owner chose and hosts it; what words quotes only is no model of this library.
    ability: 'general',
    nowMs: options.nowMs,
    start: (signal, onProgress) => startModel(options, signal, onProgress),
  });
}
