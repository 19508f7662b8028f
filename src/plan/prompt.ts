import type { PromptMessage } from '../contracts/engine.ts';
import type { Passage } from '../contracts/passage.ts';
import type { Exchange } from '../contracts/responder.ts';
import { plainText } from '../text/plain-text.ts';

/** What a generator writes when the passages do not answer; see models/README.md. */
export const NO_ANSWER = 'NONE';

/** Longest passage text in a prompt, in characters; a passage is about 120 words. */
const MAX_PASSAGE_CHARACTERS = 900;

/**
 * Words the prompt of a grounded answer: numbered passages, then the question.
 *
 * The form is the one the default model was trained on (models/README.md); larger chat models understand it as well.
 * Only the last exchange is told, and only when the question is short enough to lean on it.
 */
export function groundedPrompt(
  question: string,
  passages: readonly Passage[],
  language: string,
  history: readonly Exchange[],
): PromptMessage[] {
  const blocks = passages.map((passage, index) => {
    const place = [passage.title, ...passage.headings].join(' > ');
    return `[${index + 1}] ${place}\n${plainText(passage.text).slice(0, MAX_PASSAGE_CHARACTERS)}`;
  });
  const label = language.startsWith('zh') ? '问题：' : 'Question: ';
  const previous = history.at(-1);
  const isFollowUp = previous !== undefined && question.length < 40;
  const told: PromptMessage[] = isFollowUp
    ? [
        { role: 'user', content: previous.question.slice(0, 200) },
        { role: 'assistant', content: previous.answer.slice(0, 300) },
      ]
    : [];
  return [...told, { role: 'user', content: `${blocks.join('\n\n')}\n\n${label}${question}` }];
}
