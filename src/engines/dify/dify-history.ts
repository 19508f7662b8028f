import { isInteger, isRecord } from '../../contracts/json.ts';
import type { PastExchange } from '../../contracts/responder.ts';
import { parseCitations } from './dify-citations.ts';

const MAX_MESSAGES = 100;
const MAX_TEXT_LENGTH = 100_000;

/** Reads a page of `/messages`; oldest first, whatever the order it came in. Failed messages are left out. */
export function parseMessages(value: unknown): readonly PastExchange[] {
  const list = isRecord(value) ? value['data'] : null;
  if (!Array.isArray(list)) return [];
  const exchanges: PastExchange[] = [];
  for (const item of list.slice(0, MAX_MESSAGES)) {
    if (!isRecord(item)) continue;
    const { id, query, answer, created_at: createdAt, status } = item;
    if (typeof id !== 'string' || id === '' || typeof query !== 'string' || typeof answer !== 'string')
      continue;
    if (status === 'error' || !isInteger(createdAt)) continue;
    exchanges.push({
      id,
      question: query.slice(0, MAX_TEXT_LENGTH),
      answer: answer.slice(0, MAX_TEXT_LENGTH),
      askedAtMs: createdAt * 1000,
      citations: parseCitations(item['retriever_resources']),
      responder: 'lead',
    });
  }
  if (!isOldestFirst(exchanges, list)) exchanges.reverse();
  return exchanges.toSorted((a, b) => a.askedAtMs - b.askedAtMs);
}

/** Servers are documented to list the newest first, but some do not; messages of one second must stay in their order. */
function isOldestFirst(exchanges: readonly PastExchange[], list: readonly unknown[]): boolean {
  const [first, last] = [exchanges[0], exchanges.at(-1)];
  if (first === undefined || last === undefined) return true;
  if (first.askedAtMs !== last.askedAtMs) return first.askedAtMs < last.askedAtMs;
  return list.some((item, at) => {
    const parent = isRecord(item) ? item['parent_message_id'] : null;
    const before = list[at - 1];
    return typeof parent === 'string' && isRecord(before) && before['id'] === parent;
  });
}

/** Reads the id of the latest conversation from `/conversations`; null when there is none. */
export function parseLatestConversation(value: unknown): string | null {
  const list = isRecord(value) ? value['data'] : null;
  const first: unknown = Array.isArray(list) ? list[0] : null;
  const id = isRecord(first) ? first['id'] : null;
  return typeof id === 'string' && /^[\w-]{1,100}$/.test(id) ? id : null;
}
