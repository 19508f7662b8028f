import type { PromptMessage } from '../../contracts/engine.ts';

/** Characters of scripts that models know one by one. */
const DENSE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Extended_Pictographic}]/gu;
/** Characters of other scripts to a token; models do better on plain prose. */
const CHARACTERS_A_TOKEN = 3.3;
/** What the format of a chat adds to each message. */
const TOKENS_A_MESSAGE = 6;

/** Estimates, rather too high than too low, how many tokens a text has: engines have no tokenizer to ask. */
export function estimateTokens(text: string): number {
  const dense = (text.match(DENSE) ?? []).length;
  return Math.ceil(dense + (text.length - dense) / CHARACTERS_A_TOKEN);
}

/** The same for the messages of a prompt. */
export function estimatePrompt(messages: readonly PromptMessage[]): number {
  return messages.reduce((sum, { content }) => sum + TOKENS_A_MESSAGE + estimateTokens(content), 0);
}
