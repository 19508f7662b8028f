import { UnderstudyError } from '../../contracts/errors.ts';
import type { Arena } from '../runtime/arena.ts';
import type { KernelExports } from '../runtime/kernel-instance.ts';
import type { KernelWeights } from './model-loader.ts';
import { TokenCache } from './token-cache.ts';

/** A BERT-class encoder in the kernel's memory: tokens in, one vector out. */
export class KernelEncoder {
  readonly #arena: Arena;
  readonly #kernel: KernelExports;
  readonly #weights: KernelWeights;
  readonly #cache: TokenCache;

  /** @param weights - Attached to the kernel already. */
  constructor(arena: Arena, kernel: KernelExports, weights: KernelWeights) {
    this.#arena = arena;
    this.#kernel = kernel;
    this.#weights = weights;
    this.#cache = new TokenCache(arena, kernel, weights);
  }

  /** Most tokens of a text; longer ones are cut. */
  get contextTokens(): number {
    return Math.min(this.#weights.limits.batch, this.#weights.positions, this.#weights.shape.contextTokens);
  }

  /** Numbers of a vector. */
  get width(): number {
    return this.#weights.shape.width;
  }

  /**
   * Hidden states of the last layer, `[tokens][width]`.
   * @param tokens - Framed as the model wants it (`[CLS]` … `[SEP]`).
   * @throws UnderstudyError `engine/failed` for no tokens, too many, or one outside the vocabulary; `engine/out-of-memory`.
   */
  hiddenStates(tokens: readonly number[]): Float32Array {
    const isKnown = (token: number): boolean =>
      Number.isInteger(token) && token >= 0 && token < this.#weights.vocabulary;
    if (tokens.length === 0 || tokens.length > this.contextTokens || !tokens.every(isKnown)) {
      throw new UnderstudyError('engine/failed', `${tokens.length} tokens cannot be encoded.`);
    }
    this.#cache.reserve(tokens.length);
    this.#arena.writeWords(this.#weights.image.tokens, tokens);
    this.#kernel.encode(tokens.length);
    const stride = Math.ceil(this.width / 8) * 8;
    const hidden = this.#arena.floats(this.#kernel.hiddenAt(), tokens.length * stride);
    const states = new Float32Array(tokens.length * this.width);
    for (let token = 0; token < tokens.length; token += 1) {
      states.set(hidden.subarray(token * stride, token * stride + this.width), token * this.width);
    }
    return states;
  }

  /**
   * One vector of length 1 for a text, pooled as the model was trained: mean of the tokens, or the first.
   * @throws UnderstudyError as {@link hiddenStates}.
   */
  embed(tokens: readonly number[]): Float32Array {
    const { width } = this;
    const states = this.hiddenStates(tokens);
    const vector = new Float32Array(width);
    const counted = this.#weights.shape.pooling === 'first' ? 1 : tokens.length;
    for (let index = 0; index < counted * width; index += 1) {
      vector[index % width] = (vector[index % width] ?? 0) + (states[index] ?? 0);
    }
    const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
    return length > 0 ? vector.map((value) => value / length) : vector;
  }
}
