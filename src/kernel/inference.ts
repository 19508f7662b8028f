import type { TokenConstraint } from '../contracts/engine.ts';
import type { JsonObject } from '../contracts/json.ts';
import { UnderstudyError } from '../contracts/errors.ts';
import type { OutputForm } from './grammar/constraint-for.ts';
import type { KernelModel } from './model/kernel-model.ts';
import { writeTokens } from './model/write-tokens.ts';
import type { SamplingOptions } from './sampling/sampling-options.ts';
import type { Tokenizer } from './tokenizer/tokenizer.ts';

/** Options of {@link inference}. */
export interface InferenceOptions extends SamplingOptions {
  /** Most tokens to write. Default 160. */
  readonly maxTokens?: number;
  /** GBNF that the whole output fits. */
  readonly grammar?: string;
  /** JSON Schema of the output; not together with `grammar`. */
  readonly schema?: JsonObject;
  readonly signal?: AbortSignal;
}

/** What one call of {@link inference} gave. */
export interface InferenceResult {
  readonly text: string;
  readonly tokens: number;
  /** From the call to the end, in ms. */
  readonly latencyMs: number;
  /** From the call to the first token, in ms. */
  readonly firstTokenMs: number;
  /** Output tokens per second after the first; 0 when fewer than two were written. */
  readonly tokensPerSecond: number;
}

/** Grammars are a third of the code, and a call without one needs none of it. */
async function formFor(tokenizer: Tokenizer, form: OutputForm): Promise<TokenConstraint | null> {
  if (form.grammar === undefined && form.schema === undefined) return null;
  const { constraintFor } = await import('./grammar/constraint-for.ts');
  return constraintFor(tokenizer, form);
}

/**
 * Continues a text: the one plain call. The text is taken as it stands, without chat format, and may hold special tokens.
 *
 * The context slides when it is full.
 * @throws UnderstudyError `engine/unsupported` for an encoder, `engine/prompt-too-long`, `engine/grammar-invalid`,
 *   `client/bad-option`, `engine/failed`; the signal's reason when aborted.
 */
export async function inference(
  model: KernelModel,
  tokenizer: Tokenizer,
  text: string,
  options: InferenceOptions = {},
): Promise<InferenceResult> {
  const { maxTokens = 160, grammar, schema, signal, ...sampling } = options;
  const { decoder } = model;
  if (decoder === null) throw new UnderstudyError('engine/unsupported', 'An encoder writes no text.');
  const startMs = performance.now();
  const prompt = tokenizer.encode(text, { special: true, frame: true });
  const tokens: number[] = [];
  let firstMs = startMs;
  await writeTokens(decoder, {
    prompt,
    maxTokens,
    sampling,
    constraint: await formFor(tokenizer, { grammar, schema }),
    ends: tokenizer.special.ends,
    beforeStep: () => {
      signal?.throwIfAborted();
      return Promise.resolve();
    },
    onToken: (token) => {
      if (tokens.length === 0) firstMs = performance.now();
      if (!tokenizer.special.ends.has(token)) tokens.push(token);
      return true;
    },
  });
  const endMs = performance.now();
  const seconds = (endMs - firstMs) / 1000;
  return {
    text: tokenizer.decode(tokens),
    tokens: tokens.length,
    latencyMs: endMs - startMs,
    firstTokenMs: firstMs - startMs,
    tokensPerSecond: tokens.length > 1 && seconds > 0 ? (tokens.length - 1) / seconds : 0,
  };
}
