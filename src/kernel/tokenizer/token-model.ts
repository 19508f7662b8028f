/** The part of a tokenizer that knows how plain text is cut; special tokens are none of its business. */
export interface TokenModel {
  /**
   * Appends the tokens of a text.
   * @param text - Well-formed.
   * @param isFirst - Whether nothing, or a special token, stands before it.
   */
  append(text: string, isFirst: boolean, tokens: number[]): void;
  /** The bytes of a token that is not special. */
  bytesOf(token: number): Uint8Array;
  /** Whether texts begin with a space that nobody wrote; decoding takes it off again. */
  readonly addsSpace: boolean;
}
