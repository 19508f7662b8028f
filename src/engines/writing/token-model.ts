import type { GenerateRequest, PromptMessage, TokenConstraint } from '../../contracts/engine.ts';

/** One run of a model over a prompt. */
export interface ModelRun {
  readonly promptIds: readonly number[];
  /** Most tokens to write, 1 or more; prompt and output fit the context. */
  readonly maxTokens: number;
  /** 0 = greedy; what follows down to `minP` counts above 0 only. */
  readonly temperature: number;
  /** Top-k, top-p and min-p narrow in this order, before the temperature. 0 = all tokens. */
  readonly topK: number;
  /** 1 = all tokens. */
  readonly topP: number;
  /** 0 = all tokens. */
  readonly minP: number;
  /** Divides the scores of tokens already written; those of the prompt stay, or quoting it would suffer. */
  readonly repetitionPenalty: number;
  readonly seed: number;
  /** Says what may follow; null = everything. The run asks it for each token and tells it each one but the end tokens. */
  readonly constraint: TokenConstraint | null;
  /** Called before each piece of the prompt and each token; rejecting ends the run with that reason. */
  readonly beforeStep: () => Promise<void>;
  /** Called with each token, the end token included; false ends the run. */
  readonly onToken: (token: number) => boolean;
  /**
   * Called once with the logits before the first token, as the model gives them; valid during the call. Models without a
   * {@link TokenModel.logitTolerance} never call it.
   */
  readonly onLogits?: (logits: Float32Array) => void;
}

/** A model in memory: tokens in, tokens out. What runtimes that give access to single tokens have in common. */
export interface TokenModel {
  /** Most tokens of prompt and output together. */
  readonly contextTokens: number;
  /** The tokens that end an answer, one or more. */
  readonly endTokens: readonly number[];
  /**
   * How far logits may lie from the recorded ones, absolute, in the unit of logits; null = the runtime gives none to
   * compare.
   */
  readonly logitTolerance: number | null;
  /** Writes messages in the chat format of the model and cuts them into tokens; content never becomes a special token. */
  encode(messages: readonly PromptMessage[]): readonly number[];
  /** Cuts a text into tokens as it stands, without special tokens. */
  encodeText(text: string): readonly number[];
  /** Gives the text of tokens in the middle of an output; special ones have none, U+FFFD stands for a broken character. */
  decode(tokens: readonly number[]): string;
  /**
   * Makes the constraint of a request that has a `grammar` or a `schema`; null where the model cannot be constrained so.
   * It throws `engine/grammar-invalid`.
   */
  readonly constrain: ((request: GenerateRequest) => TokenConstraint) | null;
  /** Runs the model until it ends, has written enough, or is told to stop. Runs do not overlap. */
  run(run: ModelRun): Promise<void>;
  /** Frees memory. */
  dispose(): Promise<void>;
}
