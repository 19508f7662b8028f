import { UnderstudyError } from '../../contracts/errors.ts';
import type { Arena } from '../runtime/arena.ts';
import type { KernelExports } from '../runtime/kernel-instance.ts';
import type { KernelWeights } from './model-loader.ts';
import { TokenCache } from './token-cache.ts';

/** Who is told how long each token took to read, and each batch of a prompt. */
export interface TokenWatch {
  readonly nowMs: () => number;
  readonly tookMs: (ms: number) => void;
  /** Called before the batches of a prompt. */
  readonly beginPrompt: () => void;
  /** Milliseconds for each token of a batch. */
  readonly tookBatchMs: (msPerToken: number) => void;
  /** Called after them, also when reading was ended. */
  readonly endPrompt: () => void;
}

/** A decoder in the kernel's memory: tokens in, logits out, with a cache of what was read. */
export class KernelDecoder {
  readonly #arena: Arena;
  readonly #kernel: KernelExports;
  readonly #weights: KernelWeights;
  readonly #cache: TokenCache;
  /** Positions that stay when the context slides: the prompt's beginning. */
  #pinned = 0;
  #watch: TokenWatch | null = null;

  /** @param weights - Attached to the kernel already. */
  constructor(arena: Arena, kernel: KernelExports, weights: KernelWeights) {
    this.#arena = arena;
    this.#kernel = kernel;
    this.#weights = weights;
    this.#cache = new TokenCache(arena, kernel, weights);
  }

  /** Most tokens the cache holds. */
  get contextTokens(): number {
    return this.#weights.limits.capacity;
  }

  get vocabularySize(): number {
    return this.#weights.vocabulary;
  }

  /** Tokens read so far. */
  get length(): number {
    return this.#cache.length;
  }

  /** Bytes of memory held. */
  get memoryBytes(): number {
    return this.#arena.sizeBytes;
  }

  /** Logits after the last token read, `[vocabulary]`; a view that the next call overwrites or detaches. */
  get logits(): Float32Array {
    return this.#arena.floats(this.#kernel.logitsAt(), this.#weights.vocabulary);
  }

  /**
   * Reads a prompt; what it has in common with what was read before is kept.
   *
   * @param pinned - Tokens from the beginning that stay when the context slides later; 0 keeps the first alone.
   * @param beforeBatch - Called before each batch; rejecting ends the reading, and what was read stays.
   * @returns Tokens that had to be read.
   * @throws UnderstudyError `engine/failed` for a token outside the vocabulary or an empty prompt, `engine/prompt-too-long`,
   *   `engine/out-of-memory`.
   */
  async readPrompt(
    prompt: readonly number[],
    {
      pinned = 0,
      beforeBatch = () => Promise.resolve(),
    }: {
      readonly pinned?: number;
      readonly beforeBatch?: () => Promise<void>;
    } = {},
  ): Promise<number> {
    this.#check(prompt);
    if (prompt.length > this.contextTokens) {
      throw new UnderstudyError('engine/prompt-too-long', `The prompt has ${prompt.length} tokens.`, {
        facts: { promptTokens: prompt.length, contextTokens: this.contextTokens },
      });
    }
    this.#pinned = Math.max(1, Math.min(pinned, prompt.length));
    const first = this.#cache.keepPrefix(prompt);
    const { batch } = this.#weights.limits;
    const watch = this.#watch;
    watch?.beginPrompt();
    try {
      for (let at = first; at < prompt.length; at += batch) {
        await beforeBatch();
        const tokens = prompt.slice(at, at + batch);
        const startMs = watch?.nowMs() ?? 0;
        this.#forward(tokens, at + batch >= prompt.length);
        // A short batch would tell nothing: it is multiplied in another way.
        if (tokens.length === batch) watch?.tookBatchMs((watch.nowMs() - startMs) / batch);
      }
    } finally {
      watch?.endPrompt();
    }
    return prompt.length - first;
  }

  /**
   * Reads one token; the oldest ones are dropped when the context is full.
   * @throws UnderstudyError `engine/failed`, `engine/out-of-memory`.
   */
  readToken(token: number): void {
    this.#check([token]);
    if (this.#cache.length >= this.contextTokens) this.#slide();
    if (this.#watch === null) {
      this.#forward([token], true);
      return;
    }
    const { nowMs, tookMs } = this.#watch;
    const startMs = nowMs();
    this.#forward([token], true);
    tookMs(nowMs() - startMs);
  }

  /** Tells a watch of each single token from now on; null ends that. */
  watchTokens(watch: TokenWatch | null): void {
    this.#watch = watch;
  }

  /** Forgets what was read. */
  clear(): void {
    this.#cache.clear();
  }

  #slide(): void {
    // Half of what may go, as llama.cpp does: sliding by one would cost a rotation of everything for each token.
    const movable = this.#cache.length - this.#pinned;
    const keep = movable < 2 ? 1 : this.#pinned;
    this.#cache.slide(keep, Math.max(1, Math.floor((this.#cache.length - keep) / 2)));
  }

  #forward(tokens: readonly number[], wantsLogits: boolean): void {
    const position = this.#cache.length;
    this.#cache.reserve(position + tokens.length);
    this.#arena.writeWords(this.#weights.image.tokens, tokens);
    this.#kernel.forward(tokens.length, position, wantsLogits ? 1 : 0);
    this.#cache.append(tokens);
  }

  #check(tokens: readonly number[]): void {
    if (tokens.length === 0) throw new UnderstudyError('engine/failed', 'There is nothing to read.');
    for (const token of tokens) {
      if (!Number.isInteger(token) || token < 0 || token >= this.#weights.vocabulary) {
        throw new UnderstudyError('engine/failed', `There is no token ${token}.`);
      }
    }
  }
}
