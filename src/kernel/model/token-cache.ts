import type { Arena } from '../runtime/arena.ts';
import type { KernelExports } from '../runtime/kernel-instance.ts';
import { PAGE_POSITIONS } from './model-image.ts';
import type { KernelWeights } from './model-loader.ts';

/**
 * What the model has read: tokens whose keys and values lie in the cache, by position. Pages are taken as they are needed.
 */
export class TokenCache {
  readonly #arena: Arena;
  readonly #kernel: KernelExports;
  readonly #weights: KernelWeights;
  readonly #pageBytes: number;
  #pages = 0;
  #tokens: number[] = [];
  /** Positions from the front whose keys and values are those that reading their tokens anew would give: none that slid. */
  #fresh = 0;

  constructor(arena: Arena, kernel: KernelExports, weights: KernelWeights) {
    this.#arena = arena;
    this.#kernel = kernel;
    this.#weights = weights;
    this.#pageBytes = kernel.cachePageBytes();
  }

  /** Positions held. */
  get length(): number {
    return this.#tokens.length;
  }

  /**
   * Keeps as much as a prompt begins with and drops the rest. What slid is not kept: it still knows what was dropped before it.
   * @returns Positions kept: at most all but the last token of the prompt, whose scores are wanted.
   */
  keepPrefix(prompt: readonly number[]): number {
    const most = Math.min(this.#fresh, prompt.length - 1);
    let length = 0;
    while (length < most && this.#tokens[length] === prompt[length]) length += 1;
    this.#tokens.length = length;
    this.#fresh = length;
    return length;
  }

  /** Forgets everything; memory stays. */
  clear(): void {
    this.#tokens = [];
    this.#fresh = 0;
  }

  /**
   * Makes room for positions up to `length`.
   * @throws UnderstudyError `engine/out-of-memory`.
   */
  reserve(length: number): void {
    const { pageTable } = this.#weights.image;
    while (this.#pages * PAGE_POSITIONS < length) {
      const at = this.#arena.take(this.#pageBytes);
      this.#arena.writeWords(pageTable + this.#pages * 4, [at]);
      this.#pages += 1;
    }
  }

  /** Says that tokens were read. */
  append(tokens: readonly number[]): void {
    if (this.#fresh === this.#tokens.length) this.#fresh += tokens.length;
    for (const token of tokens) this.#tokens.push(token);
  }

  /**
   * Drops the oldest positions behind the first `keep` and moves the others up, as llama.cpp's context shift does: what was
   * read before stays in the values of what came later.
   */
  slide(keep: number, count: number): void {
    this.#kernel.dropPositions(keep, count, this.#tokens.length);
    this.#tokens.splice(keep, count);
    this.#fresh = Math.min(this.#fresh, keep);
  }
}
