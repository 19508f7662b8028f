/** Says which tokens may follow, step by step; asked before each token is chosen and told which one was. */
export interface TokenConstraint {
  /**
   * Writes the set of tokens that may follow: bit i & 31 of word i >> 5 for token i, all other bits 0. End tokens are in
   * it when the output may end here.
   *
   * @param mask - Shape [⌈vocabulary / 32⌉ or more].
   */
  allow(mask: Uint32Array): void;
  /**
   * Goes on behind a token.
   *
   * @throws UnderstudyError `engine/failed` when the token may not follow; the constraint stands where it stood.
   */
  accept(token: number): void;
  /** Whether the output so far is whole: it may end here, though it may be able to go on. */
  readonly isComplete: boolean;
}
