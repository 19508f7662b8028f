/** Bytes of the longest UTF-8 character: after as many tokens, an incomplete one is broken for good. */
const MOST_TOKENS_A_CHARACTER = 4;
const REPLACEMENT = '\uFFFD';

/** Turns tokens into text as they come; waits while the last character is incomplete. */
export class TokenText {
  readonly #decode: (tokens: readonly number[]) => string;
  #tokens: number[] = [];

  /** @param decode - Gives the text of tokens; U+FFFD stands for bytes that are no UTF-8. */
  constructor(decode: (tokens: readonly number[]) => string) {
    this.#decode = decode;
  }

  /** Takes the next token and gives back the text that is complete with it. */
  push(token: number): string {
    this.#tokens.push(token);
    const text = this.#decode(this.#tokens);
    if (text.endsWith(REPLACEMENT) && this.#tokens.length < MOST_TOKENS_A_CHARACTER) return '';
    this.#tokens = [];
    return text;
  }

  /** Gives back the text of what is left, without a broken last character. */
  flush(): string {
    const text = this.#tokens.length === 0 ? '' : this.#decode(this.#tokens);
    this.#tokens = [];
    return text.replace(/\uFFFD+$/, '');
  }
}
