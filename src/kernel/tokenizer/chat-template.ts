import type { PromptMessage } from '../../contracts/engine.ts';
import type { GgufMetadata } from '../gguf/metadata.ts';
import type { Renderer } from './render-template.ts';
import { compileTemplate } from './render-template.ts';
import { SpecialTexts } from './special-texts.ts';
import type { Tokenizer } from './tokenizer.ts';

/** Options of {@link createChatTemplate}. */
export interface ChatTemplateOptions {
  /** The time that templates may ask for. Default: the system's. */
  readonly now?: () => Date;
}

/** Conversations as one model was trained on them. */
export interface ChatTemplate {
  /**
   * Gives the tokens of a conversation, at whose end the model is to answer.
   *
   * Tokens for control come from the template alone: where a message has the text of one, it stays plain text.
   * @throws UnderstudyError `engine/model-invalid` when the template fails, refuses these messages, or does not end.
   */
  encode(messages: readonly PromptMessage[]): number[];
}

/**
 * Reads the chat template of a model (`tokenizer.chat_template`); a model without one gets the roles in plain words.
 * @throws UnderstudyError `engine/model-invalid` for a template that cannot be read.
 */
export function createChatTemplate(
  metadata: GgufMetadata,
  tokenizer: Tokenizer,
  { now = () => new Date() }: ChatTemplateOptions = {},
): ChatTemplate {
  const source = metadata.text('tokenizer.chat_template', null);
  const render = source === null ? renderPlainly : compileTemplate(source, now);
  const controls = controlTexts(tokenizer);
  const { begin, end } = tokenizer.special;
  const textOf = (token: number | null): string => (token === null ? '' : tokenizer.tokenText(token));
  const frame = tokenizer.encode('', { frame: true });

  return {
    encode(messages) {
      const guard = unusedMark([source ?? '', ...messages.map(({ content }) => content)]);
      const rendered = render({
        messages: messages.map(({ role, content }) => ({
          role,
          content: guardControls(content, controls, guard),
        })),
        add_generation_prompt: true,
        bos_token: textOf(begin),
        eos_token: textOf(end),
      });
      const tokens: number[] = [];
      for (const piece of controls.split(rendered)) {
        if (typeof piece === 'number') tokens.push(piece);
        else for (const token of tokenizer.encode(piece.replaceAll(guard, ''))) tokens.push(token);
      }
      const isBegun = begin === null || tokens[0] === begin || frame[0] !== begin;
      return isBegun ? tokens : [begin, ...tokens];
    },
  };
}

const renderPlainly: Renderer = ({ messages }) => {
  const lines = Array.isArray(messages)
    ? messages.map(({ role, content }: PromptMessage) => `${role}: ${content}\n`)
    : [];
  return `${lines.join('')}assistant:`;
};

/** Characters that Unicode will never give a meaning. */
const MARKS = /[\ufdd0-\ufdef]/u;

function controlTexts(tokenizer: Tokenizer): SpecialTexts {
  const texts: [string, number][] = [];
  for (let token = 0; token < tokenizer.vocabularySize; token += 1) {
    if (!tokenizer.isControl(token)) continue;
    const text = tokenizer.tokenText(token);
    // One letter cannot be told from the same letter in a message, nor can what has our marks.
    if (text.length > 1 && !MARKS.test(text)) texts.push([text, token]);
  }
  return new SpecialTexts(texts);
}

/** Finds one of the marks that none of the texts has. */
function unusedMark(texts: readonly string[]): string {
  for (let code = 0xfdd0; code <= 0xfdef; code += 1) {
    const mark = String.fromCharCode(code);
    if (!texts.some((text) => text.includes(mark))) return mark;
  }
  // Who writes all 32 of them loses the last one.
  return '\ufdef';
}

/**
 * Puts a mark into every text of a control token, and at both ends, lest one be completed by what the template writes
 * before or after; white space stays outside, so that a template can trim it.
 */
function guardControls(content: string, controls: SpecialTexts, guard: string): string {
  const inner = content.trim();
  if (inner === '') return content;
  const start = content.indexOf(inner);
  let guarded = guard;
  for (let at = 0; at < inner.length; at += 1) {
    guarded += inner.charAt(at);
    if (controls.standsAt(inner, at)) guarded += guard;
  }
  return content.slice(0, start) + guarded + guard + content.slice(start + inner.length);
}
