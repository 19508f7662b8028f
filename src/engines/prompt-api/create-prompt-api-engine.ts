import type { Engine, GenerateRequest, LoadProgress, PromptMessage } from '../../contracts/engine.ts';
import { UnderstudyError } from '../../contracts/errors.ts';
import type { TextEnd, TextModel } from '../writing/text-engine.ts';
import { createTextEngine } from '../writing/text-engine.ts';
import type { LanguageModelCore, LanguageModelSession, LanguageModelStatic } from './language-model.ts';
import { findLanguageModel } from './language-model.ts';

/** Options of {@link createPromptApiEngine}. */
export interface PromptApiEngineOptions {
  /** BCP 47 languages of questions and answers. Default English. */
  readonly languages?: readonly string[];
  /**
   * Whether the browser may download its model, which takes gigabytes of the visitor's disk, when it is not there yet; it
   * also demands that the visitor has just clicked. Default false: `engine/unsupported` then.
   */
  readonly mayDownload?: boolean;
  /** The browser's model. Default: the global `LanguageModel`. */
  readonly languageModel?: LanguageModelStatic | null;
  /** Milliseconds on a clock that never goes back. Default `performance.now`. */
  readonly nowMs?: () => number;
}

/** The model tells no progress in bytes, but a share; told as of so many. */
const PROGRESS_STEPS = 1000;

class BrowserModel implements TextModel {
  readonly #api: LanguageModelStatic;
  readonly #core: LanguageModelCore;
  readonly contextTokens: number;

  constructor(api: LanguageModelStatic, core: LanguageModelCore, contextTokens: number) {
    this.#api = api;
    this.#core = core;
    this.contextTokens = contextTokens;
  }

  async write(
    request: GenerateRequest,
    signal: AbortSignal,
    onText: (text: string) => void,
  ): Promise<TextEnd> {
    const { schema, grammar, quotes, maxTokens = 160 } = request;
    refuse(grammar !== undefined, 'a grammar');
    refuse((request.temperature ?? 0) !== 0, 'a temperature');
    refuse(schema !== undefined && (quotes ?? []).length > 0, 'two forms at once');
    const { before, last } = splitPrompt(request.messages);
    let session: LanguageModelSession | null = null;
    try {
      // A session remembers what was said: each answer gets one of its own.
      session = await this.#api.create({ ...this.#core, initialPrompts: before, signal });
      const stream = session.promptStreaming(last, {
        signal,
        ...(schema === undefined ? {} : { responseConstraint: schema }),
      });
      const pieces = await readPieces(stream, Math.max(1, Math.trunc(maxTokens)), signal, onText);
      return { ...pieces, promptTokens: usageOf(session) };
    } catch (cause) {
      throw toWriteError(cause);
    } finally {
      session?.destroy();
    }
  }

  dispose(): Promise<void> {
    return Promise.resolve();
  }
}

function refuse(isAsked: boolean, what: string): void {
  if (isAsked)
    throw new UnderstudyError('engine/unsupported', `The model of the browser cannot keep ${what}.`);
}

/** The last message is the prompt; those before it set the scene. A system message must come first. */
function splitPrompt(messages: readonly PromptMessage[]): {
  readonly before: readonly PromptMessage[];
  readonly last: string;
} {
  const last = messages.at(-1);
  if (last?.role !== 'user') return { before: messages, last: '' };
  return { before: messages.slice(0, -1), last: last.content };
}

async function readPieces(
  stream: ReadableStream<unknown>,
  most: number,
  signal: AbortSignal,
  onText: (text: string) => void,
): Promise<Pick<TextEnd, 'reason' | 'outputTokens'>> {
  const reader = stream.getReader();
  let count = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      signal.throwIfAborted();
      if (done) return { reason: 'stop', outputTokens: count };
      if (typeof value !== 'string') throw new TypeError('The model of the browser gave no text.');
      count += 1;
      onText(value);
      // The interface has no limit of its own; a piece is about a token.
      if (count >= most) return { reason: 'length', outputTokens: count };
    }
  } finally {
    // A stream that has ended or failed has nothing to cancel.
    await reader.cancel().catch(() => undefined);
  }
}

function usageOf(session: LanguageModelSession): number {
  return Math.round(session.contextUsage ?? session.inputUsage ?? 0);
}

function toWriteError(cause: unknown): unknown {
  const name = cause instanceof DOMException ? cause.name : '';
  const message = cause instanceof Error ? cause.message : String(cause);
  if (name === 'QuotaExceededError') {
    return new UnderstudyError('engine/prompt-too-long', `The prompt is too long (${message}).`, { cause });
  }
  if (name === 'NotSupportedError') {
    return new UnderstudyError('engine/unsupported', `The browser refuses the request (${message}).`, {
      cause,
    });
  }
  return cause;
}

async function startModel(
  options: PromptApiEngineOptions,
  signal: AbortSignal,
  onProgress: (progress: LoadProgress) => void,
): Promise<TextModel> {
  const { languages = ['en'], mayDownload = false } = options;
  const api = options.languageModel === undefined ? findLanguageModel() : options.languageModel;
  if (api === null) {
    throw new UnderstudyError(
      'engine/unsupported',
      'This browser brings no language model, or not to workers.',
    );
  }
  const text = [{ type: 'text', languages }] as const;
  const core = { expectedInputs: text, expectedOutputs: text };
  const availability = await api.availability(core);
  signal.throwIfAborted();
  if (availability !== 'available' && !(mayDownload && isObtainable(availability))) {
    const happened = `The model of the browser is ${String(availability)} here.`;
    throw new UnderstudyError('engine/unsupported', happened, {
      facts: { availability: String(availability) },
    });
  }
  const session = await api.create({
    ...core,
    signal,
    monitor: (target) => {
      target.addEventListener('downloadprogress', (event) => {
        const loaded: unknown = Reflect.get(event, 'loaded');
        if (typeof loaded !== 'number' || !(loaded >= 0 && loaded <= 1)) return;
        onProgress({ loadedBytes: Math.round(loaded * PROGRESS_STEPS), totalBytes: PROGRESS_STEPS });
      });
    },
  });
  const contextTokens = session.contextWindow ?? session.inputQuota ?? 0;
  session.destroy();
  return new BrowserModel(api, core, contextTokens);
}

function isObtainable(availability: unknown): boolean {
  return availability === 'downloadable' || availability === 'downloading';
}

/**
 * Makes the engine over the language model that the browser brings. It is exposed to windows only, so it serves pages where
 * the agent runs in the page. It keeps JSON schemas; it has no seed, no temperature, no grammar and no recorded tokens to
 * test it with.
 */
export function createPromptApiEngine(options: PromptApiEngineOptions = {}): Engine {
  return createTextEngine({
    id: 'prompt-api',
    modelId: 'browser',
    ability: 'general',
    nowMs: options.nowMs,
    start: (signal, onProgress) => startModel(options, signal, onProgress),
  });
}
