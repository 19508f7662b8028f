import type { InferenceSession } from 'onnxruntime-web/wasm';
import type { DynamicCache, PreTrainedModel, PreTrainedTokenizer, Tensor } from '@huggingface/transformers';
import type { PromptMessage } from '../../contracts/engine.ts';
import { UnderstudyError } from '../../contracts/errors.ts';
import { isRecord } from '../../contracts/json.ts';
import type { ModelRun, TokenModel } from '../writing/token-model.ts';
import type { Runtime } from './load-runtime.ts';
import type { ModelFiles } from './model-files.ts';
import { narrowScores } from './narrow-scores.ts';

/** Tokens of a prompt that are read between two breaks; fewer cost speed. */
const PIECE_TOKENS = 128;

/**
 * Distance to logits that the kernel recorded: it rounds activations to 8 bits, this runtime does not. The shipped model
 * is 0.11 away.
 */
const LOGIT_TOLERANCE = 0.5;

/** What is used of a session of ONNX Runtime. */
export type ModelSession = Pick<
  InferenceSession,
  'inputNames' | 'outputNames' | 'inputMetadata' | 'release'
> & {
  run(feeds: InferenceSession.FeedsType): Promise<InferenceSession.ReturnType>;
};

/** The library types its seed function as `any`. */
function seedSampler(setSeed: unknown, seed: number): void {
  if (typeof setSeed === 'function') Reflect.apply(setSeed, undefined, [seed]);
}

/** A model in memory: tokens in, tokens out. */
export class LoadedModel implements TokenModel {
  readonly #runtime: Runtime;
  readonly #files: ModelFiles;
  readonly #model: PreTrainedModel;
  readonly #tokenizer: PreTrainedTokenizer;
  readonly #forward: (inputs: unknown) => Promise<unknown>;
  /** What the last run of the session failed with, until it is thrown. */
  #failure: { readonly cause: unknown } | null = null;
  readonly contextTokens: number;
  /** The tokenizer gives no texts of its tokens that a grammar could be followed on. */
  readonly constrain = null;
  readonly logitTolerance: number = LOGIT_TOLERANCE;

  /** @param session - A started session of the model in `files`. */
  constructor(runtime: Runtime, files: ModelFiles, session: ModelSession) {
    // Of models with the same inputs and outputs one class drives all.
    const { LlamaForCausalLM, PretrainedConfig, PreTrainedTokenizer } = runtime;
    this.#runtime = runtime;
    this.#files = files;
    this.#tokenizer = new PreTrainedTokenizer(files.tokenizer, files.tokenizerConfig);
    this.#model = new LlamaForCausalLM(
      new PretrainedConfig(files.config),
      { model: this.#unfailing(session) },
      { generation_config: files.generationConfig },
    );
    const forward = this.#model.forward.bind(this.#model);
    this.#forward = async (inputs) => {
      const outputs: unknown = await forward(inputs);
      const failure = this.#failure;
      this.#failure = null;
      if (failure !== null) throw failure.cause;
      return outputs;
    };
    this.contextTokens = files.contextTokens;
  }

  /** Writes messages in the chat format of the model and cuts them into tokens. */
  encode(messages: readonly PromptMessage[]): number[] {
    const plain = messages.map(({ role, content }) => ({ role, content: this.#disarm(content) }));
    return this.#tokenizer.apply_chat_template(plain, {
      add_generation_prompt: true,
      tokenize: true,
      return_tensor: false,
      return_dict: false,
    });
  }

  /** Cuts a text into tokens as it stands, without special tokens. */
  encodeText(text: string): number[] {
    return this.#tokenizer.encode(text, { add_special_tokens: false });
  }

  /** The tokens that end an answer. */
  get endTokens(): readonly number[] {
    return this.#files.endTokens;
  }

  /** Gives the text of tokens; special ones have none. */
  decode(tokens: readonly number[]): string {
    return this.#tokenizer.decode([...tokens], {
      skip_special_tokens: true,
      clean_up_tokenization_spaces: false,
    });
  }

  /** Runs the model until it ends, has written enough, or is told to stop. Runs must not overlap. */
  async run(run: ModelRun): Promise<void> {
    const libraries = this.#runtime;
    const length = run.promptIds.length;
    const ids = BigInt64Array.from(run.promptIds, BigInt);
    const stop = new libraries.InterruptableStoppingCriteria();
    let isPrompt = true;
    const streamer = new libraries.TextStreamer(this.#tokenizer);
    streamer.put = (batches: bigint[][]): void => {
      // The first call brings the prompt.
      if (!isPrompt) for (const token of batches.flat()) if (!run.onToken(Number(token))) stop.interrupt();
      isPrompt = false;
    };
    streamer.end = (): void => undefined;
    this.#model.forward = async (inputs: unknown): Promise<unknown> => {
      await run.beforeStep();
      return this.#forward(inputs);
    };
    seedSampler(libraries.random.seed, run.seed);
    const past = await this.#readAhead(run);
    await this.#model.generate({
      inputs: new libraries.Tensor('int64', ids, [1, length]),
      attention_mask: new libraries.Tensor('int64', new BigInt64Array(length).fill(1n), [1, length]),
      max_new_tokens: run.maxTokens,
      do_sample: run.temperature > 0,
      ...(run.temperature > 0 ? { temperature: run.temperature, top_k: run.topK } : {}),
      logits_processor: this.#processors(run, length),
      stopping_criteria: stop,
      streamer,
      past_key_values: past,
    });
  }

  /** Reads all but the last piece of the prompt, with a break before each, so that a long prompt can be left too. */
  async #readAhead(run: ModelRun): Promise<DynamicCache> {
    const { DynamicCache, Tensor } = this.#runtime;
    const past = new DynamicCache();
    for (let from = 0; run.promptIds.length - from > PIECE_TOKENS; from += PIECE_TOKENS) {
      await run.beforeStep();
      const ids = BigInt64Array.from(run.promptIds.slice(from, from + PIECE_TOKENS), BigInt);
      const length = from + PIECE_TOKENS;
      const outputs: unknown = await this.#forward({
        input_ids: new Tensor('int64', ids, [1, PIECE_TOKENS]),
        attention_mask: new Tensor('int64', new BigInt64Array(length).fill(1n), [1, length]),
        num_logits_to_keep: new Tensor('int64', [1n], []),
        past_key_values: past,
      });
      if (!isRecord(outputs)) throw new TypeError('The model gave no outputs.');
      const entries = Object.entries(outputs).flatMap(([name, value]) =>
        name.startsWith('present') && value instanceof Tensor
          ? [[name.replace('present', 'past_key_values'), value] as const]
          : [],
      );
      past.update(Object.fromEntries(entries));
    }
    return past;
  }

  /** Frees the session. */
  async dispose(): Promise<void> {
    await this.#model.dispose();
  }

  /** What changes the scores before a token is chosen, in the order in which it applies. */
  #processors(run: ModelRun, promptLength: number): InstanceType<Runtime['LogitsProcessorList']> {
    const { LogitsProcessor, LogitsProcessorList } = this.#runtime;
    const { repetitionPenalty, constraint } = run;
    const list = new LogitsProcessorList();
    const add = (change: (output: readonly number[], scores: Float32Array) => void): void => {
      class Processor extends LogitsProcessor {
        override _call(tokens: bigint[][], logits: Tensor): Tensor {
          const scores: unknown = logits.data;
          if (scores instanceof Float32Array)
            change((tokens[0] ?? []).slice(promptLength).map(Number), scores);
          return logits;
        }
      }
      list.push(new Processor());
    };
    const { onLogits } = run;
    if (onLogits !== undefined) {
      add((output, scores) => {
        if (output.length === 0) onLogits(scores);
      });
    }
    if (repetitionPenalty !== 1) {
      add((output, scores) => {
        for (const token of new Set(output)) {
          const score = scores[token] ?? 0;
          scores[token] = score < 0 ? score * repetitionPenalty : score / repetitionPenalty;
        }
      });
    }
    if (constraint !== null) {
      let told = 0;
      let mask = new Uint32Array();
      add((output, scores) => {
        for (; told < output.length; told += 1) constraint.accept(output[told] ?? 0);
        if (mask.length === 0) mask = new Uint32Array(Math.ceil(scores.length / 32));
        constraint.allow(mask);
        const ends = constraint.isComplete ? this.endTokens : [];
        for (const token of ends) mask[token >> 5] = (mask[token >> 5] ?? 0) | (1 << (token & 31));
        for (let token = 0; token < scores.length; token += 1) {
          if ((((mask[token >> 5] ?? 0) >>> (token & 31)) & 1) === 0) scores[token] = -Infinity;
        }
      });
    }
    // The library itself draws from the best k.
    if (run.temperature > 0 && (run.topP < 1 || run.minP > 0)) {
      add((_, scores) => {
        narrowScores(scores, run);
      });
    }
    return list;
  }

  /**
   * A session whose runs give no outputs instead of failing. Transformers.js lines up the runs of a realm in one chain of
   * promises: one that rejects would fail every later run, of other engines too.
   */
  #unfailing(session: ModelSession): ModelSession {
    return {
      inputNames: session.inputNames,
      outputNames: session.outputNames,
      inputMetadata: session.inputMetadata.map(withKnownLengths),
      release: () => session.release(),
      run: async (feeds) => {
        try {
          return await session.run(feeds);
        } catch (cause) {
          this.#failure = { cause };
          return {};
        }
      },
    };
  }

  /** Splits the names of special tokens in a text, so that a message cannot pose as another role. */
  #disarm(text: string): string {
    return this.#files.specialTexts.reduce(
      (result, special) => result.replaceAll(special, `${special.slice(0, 1)} ${special.slice(1)}`),
      text.replaceAll('<|', '< |'),
    );
  }
}

type InputMetadata = ModelSession['inputMetadata'][number];

/**
 * Names the open lengths of keys and values: Transformers.js makes the first ones with a batch of 1 where the length is called
 * `batch_size`, and of every other length with 0. Exports name them as they like.
 */
function withKnownLengths(metadata: InputMetadata): InputMetadata {
  if (!metadata.isTensor || !metadata.name.startsWith('past_key_values.')) return metadata;
  const [, heads = 0, , width = 0] = metadata.shape;
  return { ...metadata, shape: ['batch_size', heads, 'past_sequence_length', width] };
}

/** Starts a session on WebAssembly. */
function startPlainSession(runtime: Runtime, model: Uint8Array): Promise<ModelSession> {
  return runtime.onnx.InferenceSession.create(model, { executionProviders: ['wasm'], logSeverityLevel: 3 });
}

/**
 * Starts a session on the bytes of a model.
 * @param startSession - Starts it. Default: on WebAssembly.
 * @throws UnderstudyError `engine/load-failed` when the runtime cannot be fetched or refuses the model.
 */
export async function startModel(
  runtime: Runtime,
  files: ModelFiles,
  startSession: (model: Uint8Array) => Promise<ModelSession> = (model) => startPlainSession(runtime, model),
): Promise<LoadedModel> {
  let session: ModelSession | null = null;
  try {
    session = await startSession(files.model);
    return new LoadedModel(runtime, files, session);
  } catch (cause) {
    await session?.release();
    throw new UnderstudyError(
      'engine/load-failed',
      `The runtime did not start the model (${String(cause)}).`,
      { cause },
    );
  }
}
