import { UnderstudyError } from '../../contracts/errors.ts';
import { Candidates } from './candidates.ts';
import { portableExp } from './portable-exp.ts';
import { RandomSource } from './random-source.ts';
import type { ResolvedSamplingOptions, SamplingOptions } from './sampling-options.ts';
import { parseSamplingOptions } from './sampling-options.ts';

/** Tokens with less than e^−60 of the best one's probability together weigh less than a double's last bit: never drawn. */
const NEGLIGIBLE = -60;
/** Without a top-k, as many of the best are sorted first as top-p needs nearly always; eight times as many, if not. */
const FIRST_SORTED = 128;

/**
 * Chooses the next token from a model's logits.
 *
 * The steps are those of llama.cpp's default chain, in its order (`samplers` in `common/common.h`, `src/llama-sampler.cpp`):
 * mask, penalties, top-k, top-p, min-p, temperature, draw. Steps that it has and that are off by default (DRY, typical,
 * XTC, top-n-sigma) are not offered. All arithmetic is IEEE double arithmetic of defined order, so the same logits and
 * the same seed give the same tokens in every engine.
 */
export class Sampler {
  readonly #options: ResolvedSamplingOptions;
  readonly #size: number;
  readonly #random: RandomSource;
  /** Whether any penalty can change a logit. */
  readonly #penalizes: boolean;
  /** How often each token stands in the window; all zeros between two calls. Shape [vocabulary]. */
  readonly #counts: Uint32Array;
  readonly #candidates: Candidates;

  /**
   * @param options - See {@link SamplingOptions}.
   * @param vocabularySize - Tokens of the model, at least 1.
   * @throws UnderstudyError `client/bad-option` for options out of range.
   */
  constructor(options: SamplingOptions, vocabularySize: number) {
    this.#options = parseSamplingOptions(options);
    this.#size = vocabularySize;
    const {
      temperature,
      topK,
      repetitionPenalty,
      repetitionWindow,
      frequencyPenalty,
      presencePenalty,
      seed,
    } = this.#options;
    this.#random = new RandomSource(seed);
    this.#penalizes =
      repetitionWindow > 0 && (repetitionPenalty !== 1 || frequencyPenalty !== 0 || presencePenalty !== 0);
    this.#counts = new Uint32Array(this.#penalizes ? vocabularySize : 0);
    const kept = topK === 0 ? vocabularySize : Math.min(topK, vocabularySize);
    this.#candidates = new Candidates(temperature === 0 ? 0 : kept);
  }

  /**
   * Gives the next token. Allocates nothing, and never writes to what it is given.
   *
   * @param logits - Shape [vocabulary or more]; what is beyond the vocabulary is padding. May be a view of WebAssembly memory.
   *   NaN and −∞ are never chosen.
   * @param recent - Tokens so far, the last one last; only the window of the penalties is read.
   * @param mask - Bit i & 31 of word i >> 5 is set when token i may follow; null allows all.
   * @throws UnderstudyError `engine/failed` when no token is left, or when there are fewer logits than tokens.
   */
  sample(logits: Float32Array, recent: readonly number[], mask: Uint32Array | null): number {
    if (logits.length < this.#size) throw this.#failure('There are fewer logits than tokens', logits, mask);
    if (this.#penalizes) this.#count(recent, 1);
    const best = this.#findBest(logits, mask);
    let chosen = best;
    if (best >= 0 && this.#options.temperature > 0 && this.#options.topK !== 1)
      chosen = this.#draw(logits, mask, this.#valueOf(logits, best));
    if (this.#penalizes) this.#count(recent, 0);
    if (chosen < 0)
      throw this.#failure('No token can follow: every logit is masked or no number', logits, mask);
    return chosen;
  }

  /** The first of the best tokens, or −1. */
  #findBest(logits: Float32Array, mask: Uint32Array | null): number {
    let best = -1;
    let bestValue = -Infinity;
    for (let word = 0, from = 0; from < this.#size; word += 1, from += 32) {
      const bits = mask === null ? -1 : (mask[word] ?? 0);
      if (bits === 0) continue;
      const to = Math.min(from + 32, this.#size);
      for (let token = from; token < to; token += 1) {
        if ((bits & (1 << (token & 31))) === 0) continue;
        const value = this.#valueOf(logits, token);
        if (value > bestValue) {
          bestValue = value;
          best = token;
        }
      }
    }
    return best;
  }

  #draw(logits: Float32Array, mask: Uint32Array | null, top: number): number {
    const { topK, topP, minP } = this.#options;
    const held = this.#candidates;
    const isCut = topK > 0 && topK < this.#size;
    if (isCut) {
      this.#collectBest(logits, mask, topK);
      let mass = 0;
      for (let at = 0; at < held.count; at += 1) mass += weigh(held.values[at] ?? 0, top, 1);
      this.#keepTopP(mass, top);
    } else if (topP < 1) {
      const mass = this.#massOfAll(logits, mask, top);
      let limit = Math.min(FIRST_SORTED, this.#size);
      this.#collectBest(logits, mask, limit);
      // The cut may lie further on than what is sorted: sort more.
      while (!this.#keepTopP(mass, top) && limit < this.#size) {
        limit = Math.min(limit * 8, this.#size);
        this.#collectBest(logits, mask, limit);
      }
    } else {
      this.#collectLikely(logits, mask, top, minP);
    }
    return this.#drawFromCandidates(top);
  }

  /** Keeps the shortest prefix that reaches top-p of the mass; false when all candidates together do not. */
  #keepTopP(mass: number, top: number): boolean {
    const { topP } = this.#options;
    const held = this.#candidates;
    if (topP >= 1) return true;
    const enough = topP * mass;
    let sum = 0;
    for (let at = 0; at < held.count; at += 1) {
      const weight = weigh(held.values[at] ?? 0, top, 1);
      // From here on min-p or the limits of a double leave nothing, however much mass is missing.
      const isTail = weight < this.#options.minP || weight === 0;
      sum += weight;
      if (sum >= enough || isTail) {
        held.count = at + 1;
        return true;
      }
    }
    return false;
  }

  #drawFromCandidates(top: number): number {
    const { minP, temperature } = this.#options;
    const held = this.#candidates;
    let total = 0;
    let kept = 0;
    for (let at = 0; at < held.count; at += 1) {
      const value = held.values[at] ?? 0;
      if (minP > 0 && weigh(value, top, 1) < minP) continue;
      const weight = weigh(value, top, temperature);
      if (weight === 0) continue;
      total += weight;
      held.tokens[kept] = held.tokens[at] ?? 0;
      // The logit is not needed any more: the place takes the sum of the weights so far.
      held.values[kept] = total;
      kept += 1;
    }
    const drawn = this.#random.nextUnit() * total;
    for (let at = 0; at < kept; at += 1) if (drawn < (held.values[at] ?? 0)) return held.tokens[at] ?? -1;
    // Only reached when the product was rounded up to the total.
    return held.tokens[kept - 1] ?? -1;
  }

  /** The best `limit` tokens, sorted. */
  #collectBest(logits: Float32Array, mask: Uint32Array | null, limit: number): void {
    const held = this.#candidates;
    held.clear();
    for (let word = 0, from = 0; from < this.#size; word += 1, from += 32) {
      const bits = mask === null ? -1 : (mask[word] ?? 0);
      if (bits === 0) continue;
      const to = Math.min(from + 32, this.#size);
      for (let token = from; token < to; token += 1) {
        if ((bits & (1 << (token & 31))) === 0) continue;
        const value = this.#valueOf(logits, token);
        if (value > -Infinity) held.offer(token, value, limit);
      }
    }
    held.sort();
  }

  /** All tokens of some weight, in the order of the vocabulary: neither top-k nor top-p asks for an order. */
  #collectLikely(logits: Float32Array, mask: Uint32Array | null, top: number, minP: number): void {
    const held = this.#candidates;
    held.clear();
    // With a temperature over 1 weights fall slower: what is negligible is decided on the scaled difference.
    const reach = minP > 0 ? NEGLIGIBLE : NEGLIGIBLE * this.#options.temperature;
    for (let token = 0; token < this.#size; token += 1) {
      if (mask !== null && ((mask[token >> 5] ?? 0) & (1 << (token & 31))) === 0) continue;
      const value = this.#valueOf(logits, token);
      if (value === top || value - top >= reach) held.append(token, value);
    }
  }

  /** The sum of e^(logit − top) over all tokens. */
  #massOfAll(logits: Float32Array, mask: Uint32Array | null, top: number): number {
    let mass = 0;
    for (let token = 0; token < this.#size; token += 1) {
      if (mask !== null && ((mask[token >> 5] ?? 0) & (1 << (token & 31))) === 0) continue;
      const value = this.#valueOf(logits, token);
      if (value === top || value - top >= NEGLIGIBLE) mass += weigh(value, top, 1);
    }
    return mass;
  }

  /** The logit after penalties, as `llama_sampler_penalties` has them: repetition first, then frequency and presence. */
  #valueOf(logits: Float32Array, token: number): number {
    const logit = logits[token] ?? NaN;
    if (!this.#penalizes) return logit;
    const count = this.#counts[token] ?? 0;
    if (count === 0) return logit;
    const { repetitionPenalty, frequencyPenalty, presencePenalty } = this.#options;
    const damped = logit <= 0 ? logit * repetitionPenalty : logit / repetitionPenalty;
    return damped - count * frequencyPenalty - presencePenalty;
  }

  /** Counts the tokens of the window (`step` 1) or sets their counts back to 0 (`step` 0). */
  #count(recent: readonly number[], step: 0 | 1): void {
    const from = Math.max(0, recent.length - this.#options.repetitionWindow);
    for (let at = from; at < recent.length; at += 1) {
      const token = recent[at] ?? -1;
      if (token >= 0 && token < this.#size)
        this.#counts[token] = step === 0 ? 0 : (this.#counts[token] ?? 0) + 1;
    }
  }

  #failure(happened: string, logits: Float32Array, mask: Uint32Array | null): UnderstudyError {
    return new UnderstudyError('engine/failed', `${happened}.`, {
      facts: { logits: logits.length, vocabularySize: this.#size, isMasked: mask !== null },
    });
  }
}

/** e^((value − top) / temperature); 1 for the top itself, which may be infinite. */
function weigh(value: number, top: number, temperature: number): number {
  if (value === top) return 1;
  const scaled = (value - top) / temperature;
  return scaled < NEGLIGIBLE ? 0 : portableExp(scaled);
}
