import type { PromptMessage } from '../../contracts/engine.ts';
import type { PlanMemory } from '../../contracts/plan-configs.ts';
import type { Exchange } from '../../contracts/responder.ts';
import { estimatePrompt } from './estimate-tokens.ts';
import { harmlessText } from './harmless-text.ts';

/** Most exchanges of a memory without a window. */
const MAX_EXCHANGES = 500;

/**
 * The earlier exchanges that a prompt tells, oldest first: as many of the latest as window and tokens allow.
 * @param tokens - How many of them there is room for; what is longer is left out, the oldest first.
 */
export function tellHistory(
  history: readonly Exchange[],
  memory: PlanMemory,
  tokens: number,
): readonly PromptMessage[] {
  const count = memory.window ?? MAX_EXCHANGES;
  let room = tokens;
  let told: readonly PromptMessage[] = [];
  for (const exchange of count > 0 ? history.slice(-count).reverse() : []) {
    const messages = messagesOf(exchange);
    room -= estimatePrompt(messages);
    if (room < 0) break;
    told = [...messages, ...told];
  }
  return told;
}

/** Words for the two sides where the owner has none. */
const ROLES = { user: 'Human', assistant: 'Assistant' };

/** Writes told exchanges as one text, for prompts that are one. */
export function historyText(told: readonly PromptMessage[], memory: PlanMemory): string {
  const roles = memory.roles ?? ROLES;
  return told
    .map(({ role, content }) => `${role === 'user' ? roles.user : roles.assistant}: ${content}`)
    .join('\n');
}

function messagesOf({ question, answer }: Exchange): PromptMessage[] {
  const messages: PromptMessage[] = [
    { role: 'user', content: harmlessText(question) },
    { role: 'assistant', content: harmlessText(answer) },
  ];
  return messages.filter(({ content }) => content.trim() !== '');
}
