/** Ids of tokens with a role; null when the model names none. */
export interface SpecialTokens {
  readonly begin: number | null;
  /** The one that is written after a text, `eos_token` of templates; one of `ends`. */
  readonly end: number | null;
  /** Ends an answer: end of text, end of turn. May be empty for encoders. */
  readonly ends: ReadonlySet<number>;
  readonly pad: number | null;
  readonly unknown: number | null;
  /** `[CLS]` and `[SEP]` of encoders. */
  readonly classify: number | null;
  readonly separator: number | null;
}

/** Options of {@link Tokenizer.encode}. */
export interface EncodeOptions {
  /**
   * Whether texts of special tokens (`<|im_start|>`) stand for the tokens. Never for what a visitor or a page wrote: it
   * could end its own turn. Default false.
   */
  readonly special?: boolean;
  /** Whether the tokens that the model wants around every text (begin, `[CLS]` … `[SEP]`) are added. Default false. */
  readonly frame?: boolean;
}

/** Text to tokens and back, as one model wants it. */
export interface Tokenizer {
  readonly vocabularySize: number;
  /** Whether the token is for control alone: it stands for no text, and a model may not be asked to write it. */
  isControl(token: number): boolean;
  /** How the token is written in the vocabulary, as templates and diagnostics name it; empty outside. */
  tokenText(token: number): string;
  readonly special: SpecialTokens;
  encode(text: string, options?: EncodeOptions): number[];
  /**
   * The bytes a token stands for; empty for control tokens. UTF-8 sequences may be cut across tokens.
   * The view is valid for ever and must not be written to.
   */
  tokenBytes(token: number): Uint8Array;
  /**
   * Text of tokens; control tokens are left out, broken UTF-8 becomes U+FFFD, and where the model puts a space before
   * every text it is taken off the first token.
   */
  decode(tokens: readonly number[]): string;
}
