import type { Citation } from '../../contracts/passage.ts';
import { isRecord } from '../../contracts/json.ts';
import type { DifyFailure } from './dify-errors.ts';
import { parseDifyFailure } from './dify-errors.ts';

/** The events of a chat stream that matter to a visitor; all others count as `other`. */
export type DifyEvent = DifyEventIds &
  (
    | { readonly kind: 'text'; readonly text: string; readonly isAgent: boolean }
    | { readonly kind: 'replace'; readonly text: string }
    | { readonly kind: 'message-end'; readonly citations: readonly Citation[] }
    | { readonly kind: 'run-started' }
    | { readonly kind: 'run-finished'; readonly isFailed: boolean; readonly error: string }
    | { readonly kind: 'failure'; readonly failure: DifyFailure }
    | { readonly kind: 'other' }
  );

/** Ids that most events carry; null where they do not. */
export interface DifyEventIds {
  readonly taskId: string | null;
  readonly conversationId: string | null;
  readonly messageId: string | null;
}

const MAX_CITATIONS = 20;
const MAX_SNIPPET_LENGTH = 400;

/** Reads the data of one server-sent event; null when it is no JSON object. */
export function parseDifyEvent(data: string): DifyEvent | null {
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch {
    return null;
  }
  if (!isRecord(value)) return null;
  const ids: DifyEventIds = {
    taskId: readId(value['task_id']),
    conversationId: readId(value['conversation_id']),
    messageId: readId(value['message_id']) ?? readId(value['id']),
  };
  const answer = typeof value['answer'] === 'string' ? value['answer'] : '';
  switch (value['event']) {
    case 'message':
      return { ...ids, kind: 'text', text: answer, isAgent: false };
    case 'agent_message':
      return { ...ids, kind: 'text', text: answer, isAgent: true };
    case 'message_replace':
      return { ...ids, kind: 'replace', text: answer };
    case 'message_end':
      return { ...ids, kind: 'message-end', citations: parseCitations(value['metadata']) };
    case 'workflow_started':
      return { ...ids, kind: 'run-started', messageId: readId(value['message_id']) };
    case 'workflow_finished': {
      const run = isRecord(value['data']) ? value['data'] : {};
      const error = typeof run['error'] === 'string' ? run['error'] : '';
      return { ...ids, kind: 'run-finished', isFailed: run['status'] === 'failed', error };
    }
    case 'error':
      return { ...ids, kind: 'failure', failure: parseDifyFailure(value, 500) };
    default:
      return { ...ids, kind: 'other' };
  }
}

function readId(value: unknown): string | null {
  return typeof value === 'string' && /^[\w-]{1,100}$/.test(value) ? value : null;
}

function parseCitations(metadata: unknown): readonly Citation[] {
  const resources = isRecord(metadata) ? metadata['retriever_resources'] : null;
  if (!Array.isArray(resources)) return [];
  const citations: Citation[] = [];
  for (const resource of resources.slice(0, MAX_CITATIONS)) {
    if (!isRecord(resource)) continue;
    const { document_name: title, content } = resource;
    if (typeof title !== 'string' || title === '') continue;
    const snippet = typeof content === 'string' ? toSnippet(content) : '';
    citations.push({ index: citations.length + 1, passageId: null, title, headings: [], url: null, snippet });
  }
  return citations;
}

function toSnippet(content: string): string {
  const text = content.replace(/\s+/g, ' ').trim();
  return text.length <= MAX_SNIPPET_LENGTH ? text : `${text.slice(0, MAX_SNIPPET_LENGTH - 1)}…`;
}
