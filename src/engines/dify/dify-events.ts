import { isRecord } from '../../contracts/json.ts';
import type { Citation } from '../../contracts/passage.ts';
import { parseCitations } from './dify-citations.ts';
import type { DifyFailure } from './dify-errors.ts';
import { parseDifyFailure } from './dify-errors.ts';
import type { DifyForm } from './dify-forms.ts';
import { parseHumanInputForm } from './dify-forms.ts';

/** A file that the app made. */
export interface DifyAnswerFile {
  readonly name: string;
  /** As it was sent: absolute, or relative to the server. */
  readonly url: string;
}

/**
 * The events of a stream that matter to a visitor; all others count as `other`: steps of the run (`node_*`, `iteration_*`,
 * `loop_*`), what an agent or a model thinks (`agent_thought`, `agent_log`, `reasoning_chunk`), speech (`tts_*`), `ping`,
 * and whatever later versions add.
 */
export type DifyEvent = DifyEventIds &
  (
    | { readonly kind: 'text'; readonly text: string; readonly isAgent: boolean }
    | { readonly kind: 'replace'; readonly text: string }
    | { readonly kind: 'file'; readonly file: DifyAnswerFile }
    | {
        readonly kind: 'message-end';
        readonly citations: readonly Citation[];
        readonly files: readonly DifyAnswerFile[];
      }
    | { readonly kind: 'run-started' }
    | {
        readonly kind: 'run-finished';
        readonly isFailed: boolean;
        readonly error: string;
        /** As they were sent; null in streams that leave them out. */
        readonly outputs: Readonly<Record<string, unknown>> | null;
        readonly files: readonly DifyAnswerFile[];
      }
    | { readonly kind: 'run-paused' }
    | { readonly kind: 'form-asked'; readonly asked: DifyForm }
    | { readonly kind: 'form-closed'; readonly nodeId: string; readonly label: string }
    | { readonly kind: 'failure'; readonly failure: DifyFailure }
    | { readonly kind: 'other' }
  );

/** Ids that most events carry; null where they do not. */
export interface DifyEventIds {
  readonly taskId: string | null;
  readonly conversationId: string | null;
  readonly messageId: string | null;
  readonly runId: string | null;
}

const MAX_FILES = 20;

/** Reads the data of one server-sent event; null when it is no JSON object. */
export function parseDifyEvent(data: string): DifyEvent | null {
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch {
    return null;
  }
  if (!isRecord(value)) return null;
  const name = value['event'];
  const body = isRecord(value['data']) ? value['data'] : {};
  const ids: DifyEventIds = {
    taskId: readId(value['task_id']),
    conversationId: readId(value['conversation_id']),
    messageId: readId(value['message_id']),
    runId: readId(value['workflow_run_id']),
  };
  switch (name) {
    case 'message':
    case 'agent_message': {
      const messageId = ids.messageId ?? readId(value['id']);
      return {
        ...ids,
        messageId,
        kind: 'text',
        text: readText(value['answer']),
        isAgent: name === 'agent_message',
      };
    }
    case 'text_chunk':
      return { ...ids, kind: 'text', text: readText(body['text']), isAgent: false };
    case 'message_replace':
      return { ...ids, kind: 'replace', text: readText(value['answer']) };
    case 'text_replace':
      return { ...ids, kind: 'replace', text: readText(body['text']) };
    case 'message_file': {
      const file = value['belongs_to'] === 'user' ? null : parseFile(value);
      return file === null ? { ...ids, kind: 'other' } : { ...ids, kind: 'file', file };
    }
    case 'message_end': {
      const metadata = isRecord(value['metadata']) ? value['metadata'] : {};
      const messageId = ids.messageId ?? readId(value['id']);
      const citations = parseCitations(metadata['retriever_resources']);
      return { ...ids, messageId, kind: 'message-end', citations, files: parseFiles(value['files']) };
    }
    case 'workflow_started':
      return { ...ids, runId: ids.runId ?? readId(body['id']), kind: 'run-started' };
    case 'workflow_finished':
      return {
        ...ids,
        runId: ids.runId ?? readId(body['id']),
        kind: 'run-finished',
        isFailed: body['status'] === 'failed',
        error: readText(body['error']),
        outputs: isRecord(body['outputs']) ? body['outputs'] : null,
        files: parseFiles(body['files']),
      };
    case 'workflow_paused':
      return { ...ids, runId: ids.runId ?? readId(body['workflow_run_id']), kind: 'run-paused' };
    case 'human_input_required': {
      const asked = parseHumanInputForm(body);
      return asked === null ? { ...ids, kind: 'other' } : { ...ids, kind: 'form-asked', asked };
    }
    case 'human_input_form_filled':
    case 'human_input_form_timeout':
      return {
        ...ids,
        kind: 'form-closed',
        nodeId: readText(body['node_id']),
        label: readText(body['action_text']).slice(0, 100),
      };
    case 'error':
      return { ...ids, kind: 'failure', failure: parseDifyFailure(value, 500) };
    default:
      return { ...ids, kind: 'other' };
  }
}

function readId(value: unknown): string | null {
  return typeof value === 'string' && /^[\w-]{1,100}$/.test(value) ? value : null;
}

function readText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function parseFiles(value: unknown): readonly DifyAnswerFile[] {
  if (!Array.isArray(value)) return [];
  return value
    .slice(0, MAX_FILES)
    .map(parseFile)
    .filter((file) => file !== null);
}

function parseFile(value: unknown): DifyAnswerFile | null {
  if (!isRecord(value)) return null;
  const url = readText(value['url']) || readText(value['remote_url']);
  if (url === '' || url.length > 4000) return null;
  return { name: readText(value['filename']) || readText(value['type']) || 'file', url };
}
