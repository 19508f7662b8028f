import type { Exchange, OutboxMessage } from '../../contracts/responder.ts';

/** Sentences the lead is told on the visitor's behalf; they are read by the agent and by people in its log. */
const TEXTS = {
  en: {
    earlier: 'Earlier in this conversation:',
    visitor: 'Visitor',
    agent: 'Agent',
    now: 'The question now:',
    left: 'Message left by a visitor:',
    contact: 'Contact:',
    none: 'not given',
    order: 'Number of the order or the like:',
    email: 'E-mail:',
    phone: 'Telephone:',
  },
  zh: {
    earlier: '此前的对话:',
    visitor: '访客',
    agent: '客服',
    now: '现在的问题:',
    left: '访客留言:',
    contact: '联系方式:',
    none: '未填写',
    order: '订单等编号:',
    email: '邮箱:',
    phone: '电话:',
  },
} as const;

type Texts = Readonly<Record<keyof (typeof TEXTS)['en'], string>>;

const MAX_EXCHANGES = 3;
const MAX_PART_LENGTH = 300;

function textsOf(language: string): Texts {
  return language.toLowerCase().startsWith('zh') ? TEXTS.zh : TEXTS.en;
}

function cut(text: string): string {
  const flat = text.replace(/\s+/g, ' ').trim();
  return flat.length <= MAX_PART_LENGTH ? flat : `${flat.slice(0, MAX_PART_LENGTH - 1)}…`;
}

function tell(history: readonly Exchange[], texts: Texts): readonly string[] {
  return history
    .slice(-MAX_EXCHANGES)
    .map(({ question, answer }) => `${texts.visitor}: ${cut(question)}\n${texts.agent}: ${cut(answer)}`);
}

/** The exchanges at the end that were answered on the device: the lead has not heard of them. */
export function unknownToLead(history: readonly Exchange[]): readonly Exchange[] {
  const lastKnown = history.findLastIndex(({ responder }) => responder !== 'understudy');
  return history.slice(lastKnown + 1);
}

/** Puts a short account of the history before a question, for a server that does not know it (any longer). */
export function summarizeBefore(question: string, history: readonly Exchange[], language: string): string {
  if (history.length === 0) return question;
  const texts = textsOf(language);
  return [texts.earlier, ...tell(history, texts), texts.now, question].join('\n');
}

/** Words a left message as a chat message. */
export function wordLeftMessage(message: OutboxMessage, language: string): string {
  const texts = textsOf(language);
  const lines = [`${texts.left} ${message.text}`, `${texts.contact} ${message.contact || texts.none}`];
  for (const name of ['order', 'email', 'phone'] as const) {
    const values = message.slots.filter((slot) => slot.name === name && slot.value !== message.contact);
    if (values.length > 0) lines.push(`${texts[name]} ${values.map(({ value }) => value).join(', ')}`);
  }
  if (message.transcript.length > 0) lines.push(texts.earlier, ...tell(message.transcript, texts));
  return lines.join('\n');
}
