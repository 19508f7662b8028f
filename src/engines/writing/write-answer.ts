import type { EngineMetrics, EnginePart, GenerateRequest } from '../../contracts/engine.ts';
import { isUnderstudyError, UnderstudyError } from '../../contracts/errors.ts';
import { chooseConstraint } from './choose-constraint.ts';
import { StopScanner } from './stop-scanner.ts';
import { TaskBreak } from './task-break.ts';
import { TextQueue } from './text-queue.ts';
import type { TokenModel } from './token-model.ts';
import { TokenText } from './token-text.ts';

/** What {@link writeAnswer} needs besides the request. */
export interface WriteOptions {
  /** Ends the run within one token. */
  readonly signal: AbortSignal;
  /** Milliseconds on a clock that never goes back. */
  readonly nowMs: () => number;
  readonly memoryBytes: () => number;
}

const DEFAULT_MAX_TOKENS = 160;
const LARGEST_MAX_TOKENS = 4096;
const DEFAULT_TOP_K = 40;
const MOST_TOP_K = 1_000_000;

function clampTokens(maxTokens: number | undefined, room: number): number {
  const wanted = Math.trunc(maxTokens ?? DEFAULT_MAX_TOKENS);
  return Math.max(
    1,
    Math.min(Number.isFinite(wanted) ? wanted : DEFAULT_MAX_TOKENS, LARGEST_MAX_TOKENS, room),
  );
}

/** Times of the tokens of one answer. */
class Meter {
  readonly #nowMs: () => number;
  readonly #startMs: number;
  #firstMs = 0;
  #lastMs = 0;
  #tokens = 0;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
    this.#startMs = nowMs();
  }

  count(): void {
    this.#lastMs = this.#nowMs();
    if (this.#tokens === 0) this.#firstMs = this.#lastMs;
    this.#tokens += 1;
  }

  metrics(promptTokens: number, memoryBytes: number): EngineMetrics {
    const seconds = (this.#lastMs - this.#firstMs) / 1000;
    return {
      promptTokens,
      outputTokens: this.#tokens,
      firstTokenMs: this.#tokens === 0 ? 0 : this.#firstMs - this.#startMs,
      tokensPerSecond: this.#tokens > 1 && seconds > 0 ? (this.#tokens - 1) / seconds : 0,
      memoryBytes,
    };
  }
}

/** A number of the request within its range; its default when it is none. */
function within(value: number | undefined, least: number, most: number, usual: number): number {
  return value === undefined || Number.isNaN(value) ? usual : Math.max(least, Math.min(value, most));
}

/**
 * Streams one answer of the model; leaving the iteration ends the run.
 * @throws UnderstudyError `engine/prompt-too-long`, `engine/unsupported`, `engine/grammar-invalid`, `engine/failed`; the signal's reason when aborted.
 */
export async function* writeAnswer(
  model: TokenModel,
  request: GenerateRequest,
  { signal, nowMs, memoryBytes }: WriteOptions,
): AsyncGenerator<EnginePart, void, undefined> {
  const meter = new Meter(nowMs);
  const promptIds = model.encode(request.messages);
  if (promptIds.length >= model.contextTokens) {
    throw new UnderstudyError('engine/prompt-too-long', `The prompt has ${promptIds.length} tokens.`, {
      facts: { promptTokens: promptIds.length, contextTokens: model.contextTokens },
    });
  }
  const constraint = chooseConstraint(model, request);
  const text = new TokenText((tokens) => model.decode(tokens));
  const scanner = new StopScanner(request.stop ?? []);
  const queue = new TextQueue();
  const reader = new AbortController();
  const either = AbortSignal.any([signal, reader.signal]);
  const taskBreak = new TaskBreak();
  let reason: 'stop' | 'length' = 'length';
  const run = model.run({
    promptIds,
    maxTokens: clampTokens(request.maxTokens, model.contextTokens - promptIds.length),
    temperature: within(request.temperature, 0, Infinity, 0),
    topK: Math.trunc(within(request.topK, 0, MOST_TOP_K, DEFAULT_TOP_K)),
    topP: within(request.topP, 0, 1, 1),
    minP: within(request.minP, 0, 1, 0),
    repetitionPenalty: request.repetitionPenalty ?? 1,
    seed: request.seed ?? 0,
    constraint,
    beforeStep: async () => {
      await taskBreak.take();
      either.throwIfAborted();
    },
    onToken: (token) => {
      if (model.endTokens.includes(token)) {
        reason = 'stop';
        return false;
      }
      meter.count();
      queue.push(scanner.push(text.push(token)));
      if (scanner.isStopped) reason = 'stop';
      return !scanner.isStopped;
    },
  });
  const settled = run.finally(() => {
    queue.close();
  });
  // Its failure is met below, where it is awaited.
  settled.catch(() => undefined);

  try {
    for (let delta = await queue.take(); delta !== null; delta = await queue.take()) {
      signal.throwIfAborted();
      yield { type: 'text-delta', text: delta };
    }
    await settled;
    signal.throwIfAborted();
    const rest = scanner.isStopped ? '' : scanner.push(text.flush()) + scanner.flush();
    if (rest !== '') yield { type: 'text-delta', text: rest };
    yield { type: 'end', reason, metrics: meter.metrics(promptIds.length, memoryBytes()) };
  } catch (cause) {
    if (signal.aborted) throw signal.reason;
    // The model has said why itself, as when its device was lost.
    if (isUnderstudyError(cause) && cause.code.startsWith('engine/')) throw cause;
    throw new UnderstudyError('engine/failed', `The model stopped (${String(cause)}).`, { cause });
  } finally {
    reader.abort(new Error('Nobody reads any more.'));
    await settled.catch(() => undefined);
    taskBreak.close();
  }
}
