import type { Tokenizer } from './tokenizer.ts';

/** Tokens of a text with the model's frame; a long text is cut, the last token of the frame stays. */
export function frameWithin(tokenizer: Tokenizer, text: string, most: number): readonly number[] {
  const tokens = tokenizer.encode(text, { frame: true });
  return tokens.length <= most ? tokens : [...tokens.slice(0, most - 1), ...tokens.slice(-1)];
}
