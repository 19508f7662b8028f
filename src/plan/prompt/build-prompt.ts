import type { PromptMessage } from '../../contracts/engine.ts';
import { UnderstudyError } from '../../contracts/errors.ts';
import type { Json, JsonObject } from '../../contracts/json.ts';
import { isJson } from '../../contracts/json.ts';
import type { LlmConfig, PlanMessage, Selector, Template } from '../../contracts/plan-configs.ts';
import type { PlanValue } from '../plan-value.ts';
import { asText } from '../plan-value.ts';
import type { StepRun } from '../step-handler.ts';
import { renderTemplate } from '../values/render-template.ts';
import { estimatePrompt } from './estimate-tokens.ts';
import { harmlessText, harmlessValue } from './harmless-text.ts';
import { contextPieces, joinContext } from './read-context.ts';
import { historyText, tellHistory } from './tell-history.ts';

/** Where `{{#context#}}` is bound in templates. */
const CONTEXT: Selector = ['context', 'text'];
const HISTORIES = /\{\{#histories#\}\}|#histories#/g;
const SYSTEM_QUERY = /#sys\.query#/g;

/**
 * Writes the messages of an `llm` step for an engine: the rendered prompt, then what the memory tells, then the visitor's message of
 * this turn where there is a memory. Passages that do not fit are left out, the last first; then the oldest exchanges.
 *
 * Texts of visitors, passages and services cannot end a message or begin one: see {@link harmlessText}.
 * @param roomTokens - For the prompt, by estimate.
 * @throws UnderstudyError `plan/value-invalid` when nothing is left to ask, and for a context without content.
 */
export async function buildPrompt(
  run: StepRun,
  config: LlmConfig,
  roomTokens: number,
): Promise<readonly PromptMessage[]> {
  const pieces = config.context === null ? [] : contextPieces(run.pool.get(config.context));
  const render = config.isCompletion ? renderCompletion : renderChat;
  let messages = await render(run, config, pieces, roomTokens);
  // The best passage is never left out: an engine that cannot read it says so.
  for (let count = pieces.length - 1; count > 0 && estimatePrompt(messages) > roomTokens; count -= 1)
    messages = await render(run, config, pieces.slice(0, count), roomTokens);
  const asked = messages.filter(({ content }) => content.trim() !== '');
  if (asked.length > 0) return withUser(asked);
  throw new UnderstudyError('plan/value-invalid', `The prompt of step "${run.step.id}" is empty.`, {
    facts: { step: run.step.id },
  });
}

async function renderChat(
  run: StepRun,
  config: LlmConfig,
  pieces: readonly string[],
  roomTokens: number,
): Promise<readonly PromptMessage[]> {
  const prompt: PromptMessage[] = [];
  for (const message of config.messages)
    prompt.push({ role: message.role, content: await renderMessage(run, message, pieces) });
  const { memory } = config;
  if (memory === null) return prompt;
  const turn: PromptMessage = { role: 'user', content: visitorText(run, config) };
  const room = roomTokens - estimatePrompt([...prompt, turn]);
  return [...prompt, ...tellHistory(run.history, memory, room), turn];
}

/** A prompt that is one text: the history stands where it is named, else before everything. */
async function renderCompletion(
  run: StepRun,
  config: LlmConfig,
  pieces: readonly string[],
  roomTokens: number,
): Promise<readonly PromptMessage[]> {
  const { memory } = config;
  const [message] = config.messages;
  if (message === undefined) return [];
  const fill = async (history: string): Promise<string> =>
    renderMessage(run, message, pieces, (text) =>
      text.replace(HISTORIES, () => history).replace(SYSTEM_QUERY, () => visitorText(run, config)),
    );
  const bare = await fill('');
  if (memory === null) return [{ role: 'user', content: bare }];
  const room = roomTokens - estimatePrompt([{ role: 'user', content: bare }]);
  const history = historyText(tellHistory(run.history, memory, room), memory);
  const isNamed = namesHistories(message.text);
  const content = isNamed ? await fill(history) : history === '' ? bare : `${history}\n${bare}`;
  return [{ role: 'user', content }];
}

function namesHistories(text: PlanMessage['text']): boolean {
  const own = 'jinja' in text ? [text.jinja] : text.filter((piece) => typeof piece === 'string');
  return own.some((piece) => piece.includes('#histories#'));
}

/**
 * Renders one message.
 * @param prepare - Changes what the owner wrote, before any value stands in it. Default: nothing.
 */
async function renderMessage(
  run: StepRun,
  message: PlanMessage,
  pieces: readonly string[],
  prepare: (text: string) => string = (text) => text,
): Promise<string> {
  const { text } = message;
  if ('jinja' in text) return renderJinja(run, prepare(text.jinja));
  const prepared = text.map((piece) => (typeof piece === 'string' ? prepare(piece) : piece));
  return renderSafely(prepared, (selector) =>
    isContext(selector) ? joinContext(pieces) : run.pool.get(selector),
  );
}

function isContext([scope, name]: Selector): boolean {
  return scope === CONTEXT[0] && name === CONTEXT[1];
}

/** As a template is rendered, with the values made harmless. */
function renderSafely(template: Template, get: (selector: Selector) => PlanValue | undefined): string {
  return template
    .map((piece) => (typeof piece === 'string' ? piece : harmlessText(renderTemplate([piece], get, 'text'))))
    .join('');
}

async function renderJinja(run: StepRun, source: string): Promise<string> {
  const { sandbox = null } = run.services;
  if (sandbox === null) {
    throw new UnderstudyError(
      'sandbox/unavailable',
      `The prompt of step "${run.step.id}" is a Jinja template.`,
      {
        facts: { step: run.step.id },
      },
    );
  }
  const values: readonly (readonly [string, Json])[] = Object.keys(run.step.inputs).map((name) => {
    const value: unknown = run.input(name);
    return [name, isJson(value) ? harmlessValue(value) : ''];
  });
  const inputs: JsonObject = Object.fromEntries(values);
  return sandbox.renderTemplate(source, inputs);
}

/** The visitor's message of this turn, as the memory asks for it. */
function visitorText(run: StepRun, { memory }: LlmConfig): string {
  const query = memory?.query ?? null;
  if (query !== null && query.length > 0) {
    // The context stands in the prompt, and nowhere else.
    return renderSafely(query, (selector) => (isContext(selector) ? '' : run.pool.get(selector)));
  }
  const sent = run.pool.get(['sys', 'query']);
  return harmlessText(sent === undefined ? run.turn.text : asText(sent));
}

/** Chat formats want somebody who asks: where nobody does, the last instruction is told as the visitor's. */
function withUser(messages: readonly PromptMessage[]): readonly PromptMessage[] {
  if (messages.some(({ role }) => role === 'user')) return messages;
  const last = messages.findLastIndex(({ role }) => role === 'system');
  return messages.map((message, at) => (at === last ? { ...message, role: 'user' } : message));
}
