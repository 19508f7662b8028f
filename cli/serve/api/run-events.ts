import type { JsonObject } from '../../../src/contracts/json.ts';
import type { TurnForm } from '../../../src/contracts/form.ts';
import type { FormField } from '../../../src/contracts/plan-configs.ts';
import type { TraceEvent } from '../../../src/plan/step-handler.ts';
import type { ApiError } from './api-error.ts';
import type { ApiEvent } from './event-log.ts';
import { nodeType } from './node-types.ts';

/** Ids that the events of a run carry. */
export interface RunIds {
  readonly kind: 'chat' | 'completion' | 'workflow';
  readonly taskId: string;
  readonly runId: string;
  readonly workflowId: string;
  readonly messageId: string;
  readonly conversationId: string;
}

/** What became of a run. */
export type RunStatus = 'running' | 'succeeded' | 'partial-succeeded' | 'failed' | 'stopped';

/** What a finished run is told with. */
export interface RunFacts {
  readonly status: RunStatus;
  readonly outputs: JsonObject;
  readonly error: string | null;
  readonly elapsedMs: number;
  readonly steps: number;
  readonly exceptions: number;
  /** Seconds since 1970. */
  readonly startedAt: number;
}

/** A field of a form in the words of Dify's human-input node. */
const INPUT_TYPES: { readonly [Type in FormField['type']]: string } = {
  text: 'text-input',
  paragraph: 'paragraph',
  select: 'select',
  number: 'number',
  checkbox: 'checkbox',
  file: 'file',
  'file-list': 'file-list',
  json: 'json_object',
};

/** Makes the events of one run in the shapes of Dify 1.14; a browser is told nothing of what goes in and out of nodes. */
export class RunEvents {
  readonly #ids: RunIds;
  readonly #isSimple: boolean;
  readonly #nowMs: () => number;
  #index = 0;
  #previous: string | null = null;

  constructor(ids: RunIds, isSimple: boolean, nowMs: () => number) {
    this.#ids = ids;
    this.#isSimple = isSimple;
    this.#nowMs = nowMs;
  }

  runStarted(inputs: JsonObject): ApiEvent {
    const { runId: id, workflowId: workflow_id } = this.#ids;
    return this.#ofRun('workflow_started', { id, workflow_id, inputs, created_at: this.#now, reason: 'initial' });
  }

  runFinished(facts: RunFacts): ApiEvent {
    return this.#ofRun('workflow_finished', { ...runData(this.#ids, facts, this.#now), files: [] });
  }

  /** The event of a step; null for what Dify has none for. */
  step(event: TraceEvent): ApiEvent | null {
    switch (event.type) {
      case 'step-started': {
        this.#index += 1;
        const data = { ...this.#node(event.step, event.kind, event.title), inputs: null, extras: {} };
        this.#previous = event.step;
        return this.#ofRun('node_started', data);
      }
      case 'step-finished':
        return this.#ofRun('node_finished', {
          ...this.#node(event.step, '', ''),
          ...this.#done('succeeded', null, this.#isSimple ? null : event.outputs, event.elapsedMs),
        });
      case 'step-excepted':
      case 'step-failed': {
        const status = event.type === 'step-failed' ? 'failed' : 'exception';
        const error = this.#isSimple ? null : event.message;
        return this.#ofRun('node_finished', { ...this.#node(event.step, '', ''), ...this.#done(status, error, null, 0) });
      }
      case 'step-retried':
        return this.#ofRun('node_retry', {
          ...this.#node(event.step, '', ''),
          ...this.#done('retry', this.#isSimple ? null : event.message, null, 0),
          retry_index: event.attempt,
        });
      default:
        return null;
    }
  }

  text(text: string): ApiEvent {
    const { kind, messageId: id } = this.#ids;
    return kind === 'workflow'
      ? this.#ofRun('text_chunk', { text, from_variable_selector: [] })
      : this.#ofMessage('message', { id, answer: text });
  }

  replaced(text: string): ApiEvent {
    return this.#ids.kind === 'workflow'
      ? this.#ofRun('text_replace', { text })
      : this.#ofMessage('message_replace', { answer: text, reason: 'output_moderation' });
  }

  messageEnd(resources: readonly JsonObject[], elapsedMs: number): ApiEvent {
    const { messageId: id } = this.#ids;
    return this.#ofMessage('message_end', { id, metadata: messageMetadata(resources, elapsedMs), files: [] });
  }

  formRequired(form: TurnForm, token: string, nodeId: string): ApiEvent {
    const defaults = form.fields.flatMap(({ name, default: value }) => (value === null ? [] : [[name, value] as const]));
    return this.#ofRun('human_input_required', {
      form_id: form.id,
      node_id: nodeId,
      node_title: form.title,
      form_content: form.content,
      inputs: formInputs(form.fields),
      actions: formActions(form),
      display_in_ui: true,
      form_token: token,
      resolved_default_values: Object.fromEntries(defaults),
      expiration_time: form.expiresAtMs === null ? null : Math.round(form.expiresAtMs / 1000),
    });
  }

  paused(nodeId: string, elapsedMs: number): ApiEvent {
    return this.#ofRun('workflow_paused', {
      workflow_run_id: this.#ids.runId,
      paused_nodes: [nodeId],
      outputs: {},
      reasons: [{ TYPE: 'human_input_required', node_id: nodeId }],
      status: 'paused',
      created_at: this.#now,
      elapsed_time: elapsedMs / 1000,
      total_tokens: 0,
      total_steps: this.#index,
    });
  }

  formFilled(form: TurnForm, nodeId: string, action: string): ApiEvent {
    const action_text = form.actions.find(({ id }) => id === action)?.label ?? '';
    return this.#ofRun('human_input_form_filled', {
      node_id: nodeId,
      node_title: form.title,
      rendered_content: '',
      action_id: action,
      action_text,
    });
  }

  formTimeout(form: TurnForm, nodeId: string): ApiEvent {
    return this.#ofRun('human_input_form_timeout', {
      node_id: nodeId,
      node_title: form.title,
      expiration_time: form.expiresAtMs === null ? null : Math.round(form.expiresAtMs / 1000),
    });
  }

  error({ status, code, message }: ApiError): ApiEvent {
    return { event: 'error', ...this.#base, status, code, message };
  }

  get #now(): number {
    return Math.floor(this.#nowMs() / 1000);
  }

  get #base(): JsonObject {
    const { kind, taskId, runId, messageId, conversationId } = this.#ids;
    if (kind === 'workflow') return { task_id: taskId, workflow_run_id: runId };
    const message = { task_id: taskId, message_id: messageId, created_at: this.#now };
    return kind === 'chat' ? { conversation_id: conversationId, ...message } : message;
  }

  #ofRun(event: string, data: JsonObject): ApiEvent {
    return { event, ...this.#base, workflow_run_id: this.#ids.runId, data };
  }

  #ofMessage(event: string, fields: JsonObject): ApiEvent {
    return { event, ...this.#base, ...fields };
  }

  readonly #started = new Map<string, { readonly type: string; readonly title: string; readonly at: number; readonly index: number }>();

  #node(id: string, kind: string, title: string): JsonObject {
    if (kind !== '') this.#started.set(id, { type: nodeType(kind), title, at: this.#now, index: this.#index });
    const known = this.#started.get(id);
    return {
      id: `${this.#ids.runId}-${id}-${String(known?.index ?? 0)}`,
      node_id: id,
      node_type: known?.type ?? '',
      title: known?.title ?? '',
      index: known?.index ?? 0,
      predecessor_node_id: kind === '' ? null : this.#previous,
      created_at: known?.at ?? this.#now,
    };
  }

  #done(status: string, error: string | null, outputs: JsonObject | null, elapsedMs: number): JsonObject {
    return {
      inputs: null,
      process_data: null,
      outputs,
      status,
      error,
      elapsed_time: elapsedMs / 1000,
      execution_metadata: null,
      finished_at: this.#now,
      files: [],
    };
  }
}

/** `data` of a run, as blocking answers and the last event have it. */
export function runData(ids: RunIds, facts: RunFacts, finishedAt: number): JsonObject {
  return {
    id: ids.runId,
    workflow_id: ids.workflowId,
    status: facts.status,
    outputs: facts.outputs,
    error: facts.error,
    elapsed_time: facts.elapsedMs / 1000,
    total_tokens: 0,
    total_steps: facts.steps,
    exceptions_count: facts.exceptions,
    created_at: facts.startedAt,
    finished_at: finishedAt,
  };
}

/** `metadata` of a message: there are no tokens to count. */
export function messageMetadata(resources: readonly JsonObject[], elapsedMs: number): JsonObject {
  const usage = { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0, total_price: '0', currency: 'USD', latency: elapsedMs / 1000 };
  return { usage, retriever_resources: resources };
}

/** Fields of a form as `inputs` of a human-input node. */
export function formInputs(fields: readonly FormField[]): readonly JsonObject[] {
  return fields.map(({ name, label, type, options, default: value }) => ({
    type: INPUT_TYPES[type],
    output_variable_name: name,
    label,
    options,
    default: { type: 'constant', selector: [], value: value ?? '' },
  }));
}

/** Buttons of a form. */
export function formActions(form: TurnForm): readonly JsonObject[] {
  return form.actions.map(({ id, label, style }) => ({ id, title: label, button_style: style }));
}
