import type { Engine, EngineMetrics, EnginePart, GenerateRequest } from '../../../src/contracts/engine.ts';

/** What an engine wrote to one request to word passages. */
export interface WrittenText {
  /** The passages, as they were handed to it. */
  readonly quotes: readonly string[];
  readonly text: string;
  /** Whether it came to an end by itself; false = its last statement may be cut. */
  readonly isWhole: boolean;
  readonly metrics: EngineMetrics | null;
}

/**
 * An engine as seen from behind: what it writes is kept, and it writes to its end also when its reader has left, so that it can be
 * judged by all it would have said. Its reader notices nothing of it. Other tasks than to word passages are passed on unwatched.
 */
export class WatchedEngine implements Engine {
  readonly contract = 1;
  readonly #engine: Engine;
  readonly #signal: AbortSignal;
  #written: Promise<WrittenText>[] = [];

  /** @param signal - Ends what is still written. */
  constructor(engine: Engine, signal: AbortSignal) {
    this.#engine = engine;
    this.#signal = signal;
  }

  get id(): string {
    return this.#engine.id;
  }

  get modelId(): string {
    return this.#engine.modelId;
  }

  get contextTokens(): number {
    return this.#engine.contextTokens;
  }

  get ability(): NonNullable<Engine['ability']> {
    return this.#engine.ability ?? 'quotes';
  }

  /** What was written since the last call, once it is; in the order of the requests. */
  async take(): Promise<readonly WrittenText[]> {
    const written = this.#written;
    this.#written = [];
    return Promise.all(written);
  }

  load(options?: Parameters<Engine['load']>[0]): Promise<void> {
    return this.#engine.load(options);
  }

  async *generate(
    request: GenerateRequest,
    options: { readonly signal?: AbortSignal } = {},
  ): AsyncGenerator<EnginePart, void, undefined> {
    // A reader that left may have left it writing.
    await Promise.all(this.#written);
    const { signal } = options;
    signal?.throwIfAborted();
    const { quotes } = request;
    if (quotes === undefined) {
      yield* this.#engine.generate(request, options);
      return;
    }
    const parts: EnginePart[] = [];
    let wake = (): void => undefined;
    let fault: { readonly error: unknown } | null = null;
    let isDone = false;
    const pump = async (): Promise<WrittenText> => {
      try {
        for await (const part of this.#engine.generate(request, { signal: this.#signal })) {
          parts.push(part);
          wake();
        }
      } catch (error) {
        fault = { error };
      }
      isDone = true;
      wake();
      return gather(quotes, parts);
    };
    this.#written.push(pump());
    const hasEnded = (): boolean => isDone;
    signal?.addEventListener('abort', () => wake(), { once: true });
    for (let at = 0; ;) {
      signal?.throwIfAborted();
      for (let part = parts[at]; part !== undefined; part = parts[(at += 1)]) yield part;
      if (hasEnded()) break;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    rethrow(fault);
  }

  dispose(): Promise<void> {
    return this.#engine.dispose();
  }
}

function rethrow(fault: { readonly error: unknown } | null): void {
  if (fault !== null) throw fault.error;
}

function gather(quotes: readonly string[], parts: readonly EnginePart[]): WrittenText {
  const text = parts.map((part) => (part.type === 'text-delta' ? part.text : '')).join('');
  const end = parts.find((part) => part.type === 'end');
  return { quotes, text, isWhole: end?.reason === 'stop', metrics: end?.metrics ?? null };
}
