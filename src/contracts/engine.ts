import type { Json, JsonObject } from './json.ts';

/** A message of a chat prompt in the field's usual form. */
export interface PromptMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

/** What an engine is asked to write. */
export interface GenerateRequest {
  readonly messages: readonly PromptMessage[];
  /** Most tokens to write, 1 to 4096. Default 160. */
  readonly maxTokens?: number;
  /** 0 = greedy. Default 0. */
  readonly temperature?: number;
  /** Only the so many likeliest tokens are drawn from, 1 or more; 0 = all. Counts above temperature 0. Default 40. */
  readonly topK?: number;
  /** Only the likeliest tokens whose probabilities first reach this sum are drawn from, above 0 to 1. Default 1, all. */
  readonly topP?: number;
  /** Tokens less likely than this share of the likeliest one are not drawn, 0 to 1. Default 0, none. */
  readonly minP?: number;
  /** Greater than 1 discourages repetition. Default 1. */
  readonly repetitionPenalty?: number;
  /** Texts that end the output and are not part of it. Default none. */
  readonly stop?: readonly string[];
  /**
   * Texts by citation number, the best first: the output may hold nothing but their sentences, whole or up to the end of
   * a clause, each with its `[n]`. Engines that cannot constrain their output ignore it. Default: no constraint.
   */
  readonly quotes?: readonly string[];
  /** Sentences of the first of `quotes` that are said before others, in their order there. Default, and where it has none of them: any. */
  readonly openings?: readonly string[];
  /**
   * Grammar in GBNF, the form of llama.cpp, that the whole output fits. Engines that cannot constrain their output refuse
   * it with `engine/unsupported`. Not together with `schema` or `quotes`.
   */
  readonly grammar?: string;
  /** JSON Schema of the one JSON value that the output is. Refused like `grammar`, and not together with `quotes`. */
  readonly schema?: JsonObject;
  /** Seed of the sampler; the same seed, prompt and temperature give the same text. Default 0. */
  readonly seed?: number;
  /** Id of the step of a plan that asks, for traces and scripted engines; runtimes do not look at it. */
  readonly stepId?: string;
}

/**
 * What a model is good for: `quotes` words an answer out of passages and knows no other task, `general` follows whatever a prompt
 * asks for.
 */
export type ModelAbility = 'quotes' | 'general';

/**
 * Says token by token what may follow; made for one output, from its beginning.
 *
 * The end tokens are not its business: whoever runs the model allows them when, and only when, `isComplete` holds.
 */
export interface TokenConstraint {
  /**
   * Overwrites the set of tokens that may follow now: bit `token & 31` of word `token >> 5`.
   * @param mask - `Math.ceil(vocabulary / 32)` words, of any content.
   */
  allow(mask: Uint32Array): void;
  /** Takes the token that was chosen, no end token. */
  accept(token: number): void;
  /** Whether the output may end here. */
  readonly isComplete: boolean;
}

/** One element of an engine's output stream. */
export type EnginePart =
  | { readonly type: 'text-delta'; readonly text: string }
  | {
      readonly type: 'end';
      readonly reason: 'stop' | 'length';
      readonly metrics: EngineMetrics;
      /** The JSON value of the output, from engines that give it beside the text. Default: it is read from the text. */
      readonly value?: Json;
    };

/** What one call cost. */
export interface EngineMetrics {
  readonly promptTokens: number;
  readonly outputTokens: number;
  /** From the call to the first token, in ms. */
  readonly firstTokenMs: number;
  /** Output tokens per second after the first; 0 when fewer than two were written. */
  readonly tokensPerSecond: number;
  /** Bytes of WebAssembly memory held, 0 when unknown. */
  readonly memoryBytes: number;
}

/** Progress of {@link Engine.load}. */
export interface LoadProgress {
  readonly loadedBytes: number;
  readonly totalBytes: number;
}

/**
 * A runtime that runs a model. One folder under src/engines each; every one passes test/contract/engine.ts.
 *
 * `load` is called once before `generate`; `generate` calls do not overlap. After `dispose` nothing is called.
 */
export interface Engine {
  readonly contract: 1;
  /** Name of the runtime, as in `transformers` or `kernel`. */
  readonly id: string;
  /** Name of the model. */
  readonly modelId: string;
  /** Most tokens of prompt and output together. */
  readonly contextTokens: number;
  /** What the model is good for. Default `quotes`: nothing is asked of a model that it is not known to do. */
  readonly ability?: ModelAbility;
  /**
   * Loads weights and warms up.
   * @throws UnderstudyError `engine/unsupported`, `engine/blocked`, `engine/load-failed`, `engine/wrong-output`; the signal's reason when aborted.
   */
  load(options?: {
    readonly signal?: AbortSignal;
    readonly onProgress?: (progress: LoadProgress) => void;
  }): Promise<void>;
  /**
   * Streams the output; ends with exactly one `end` part. Stopping the iteration or aborting stops the model within one token.
   * @throws UnderstudyError `engine/failed`, `engine/prompt-too-long`, `engine/unsupported` for a request that the engine
   *   cannot keep, `engine/grammar-invalid`; the signal's reason when aborted.
   */
  generate(request: GenerateRequest, options?: { readonly signal?: AbortSignal }): AsyncIterable<EnginePart>;
  /** Frees memory. Idempotent. */
  dispose(): Promise<void>;
}

/** Reads the bytes of an artifact of the bundle by its name; hash-checked before they are given out. */
export type ArtifactReader = (
  name: string,
  options?: { readonly signal?: AbortSignal },
) => Promise<Uint8Array<ArrayBuffer>>;
