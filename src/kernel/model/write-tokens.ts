import type { TokenConstraint } from '../../contracts/engine.ts';
import { Sampler } from '../sampling/sampler.ts';
import type { SamplingOptions } from '../sampling/sampling-options.ts';
import type { KernelDecoder } from './kernel-decoder.ts';

/** One run of a decoder over a prompt. */
export interface TokenRun {
  readonly prompt: readonly number[];
  /** Most tokens to write. */
  readonly maxTokens: number;
  readonly sampling: SamplingOptions;
  readonly constraint: TokenConstraint | null;
  readonly ends: ReadonlySet<number>;
  /** Tokens of the prompt's beginning that stay when the context slides. Default 0, which keeps the first one. */
  readonly pinned?: number;
  /** Called before each batch of the prompt and each token; rejecting ends the run with that reason. */
  readonly beforeStep: () => Promise<void>;
  /** Called with each token, the end token included; false ends the run. */
  readonly onToken: (token: number) => boolean;
}

/** Adds or takes away end tokens: they may follow when, and only when, the output is whole. */
function settleEnds(mask: Uint32Array, ends: ReadonlySet<number>, isComplete: boolean): void {
  for (const end of ends) {
    const word = mask[end >>> 5];
    if (word === undefined) continue;
    const bit = 1 << (end & 31);
    mask[end >>> 5] = isComplete ? word | bit : word & ~bit;
  }
}

/**
 * Reads a prompt and writes tokens after it, until an end token, the limit, or `onToken` says so.
 *
 * What the prompt has in common with what the decoder read before is not read again.
 *
 * @returns Tokens of the prompt that had to be read.
 * @throws UnderstudyError `engine/prompt-too-long`, `engine/failed` when the logits are no numbers, `engine/out-of-memory`; what
 *   `beforeStep` throws.
 */
export async function writeTokens(decoder: KernelDecoder, run: TokenRun): Promise<number> {
  const { constraint, ends, pinned = 0, beforeStep, onToken } = run;
  const sampler = new Sampler(run.sampling, decoder.vocabularySize);
  const mask = constraint === null ? null : new Uint32Array(Math.ceil(decoder.vocabularySize / 32));
  // Penalties look at the output alone: quoting the prompt is what an answer is for.
  const written: number[] = [];
  const read = await decoder.readPrompt(run.prompt, { pinned, beforeBatch: beforeStep });
  for (let count = 1; ; count += 1) {
    if (mask !== null && constraint !== null) {
      constraint.allow(mask);
      settleEnds(mask, ends, constraint.isComplete);
    }
    const token = sampler.sample(decoder.logits, written, mask);
    const goesOn = onToken(token);
    if (!goesOn || count >= run.maxTokens || ends.has(token)) return read;
    written.push(token);
    constraint?.accept(token);
    await beforeStep();
    decoder.readToken(token);
  }
}
