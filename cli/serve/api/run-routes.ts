import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../../../src/contracts/json.ts';
import { isRecord } from '../../../src/contracts/json.ts';
import type { PlanFile } from '../../../src/contracts/plan-configs.ts';
import type { Exchange } from '../../../src/contracts/responder.ts';
import type { TurnRequest } from '../../../src/contracts/turn.ts';
import type { ConversationVariables } from '../../../src/plan/step-handler.ts';
import type { ApiCall, ApiResult, ApiRoute, ApiState } from './api-call.ts';
import { nowSeconds, param, userOf } from './api-call.ts';
import { ApiError, invalidParam, notFound } from './api-error.ts';
import { ApiRun } from './api-run.ts';
import type { StoredConversation } from './conversation-store.ts';
import { variablesOf } from './conversation-store.ts';
import { readFiles, readInputs } from './read-inputs.ts';
import { textField } from './read-request.ts';
import type { RunIds } from './run-events.ts';
import { messageMetadata, runData } from './run-events.ts';

/** Most runs at once. */
const MAX_RUNS = 32;
/** Runs that are remembered after their end. */
const MAX_KEPT_RUNS = 1000;
/** Longest question, in UTF-16 code units. */
const MAX_QUERY_LENGTH = 20_000;
/** Exchanges of a conversation that a run is told. */
const MAX_HISTORY = 250;

/** Routes that run the plan, stop a run, and take it up again. */
export const RUN_ROUTES: readonly ApiRoute[] = [
  ['POST', '/chat-messages', (call) => startMessage(call, 'chat')],
  ['POST', '/completion-messages', (call) => startMessage(call, 'completion')],
  ['POST', '/workflows/run', startWorkflow],
  ['POST', '/workflows/:id/run', startWorkflow],
  ['POST', '/chat-messages/:task/stop', stopRun],
  ['POST', '/completion-messages/:task/stop', stopRun],
  ['POST', '/workflows/tasks/:task/stop', stopRun],
  ['GET', '/workflows/run/:run', describeRun],
  ['GET', '/workflow/:run/events', resumeRun],
];

async function startMessage(call: ApiCall, kind: 'chat' | 'completion'): Promise<ApiResult> {
  const { state } = call;
  const { app } = state.host;
  if (app.mode === 'workflow') {
    throw kind === 'chat'
      ? new ApiError(400, 'not_chat_app', 'Please check if your app mode matches the right API route.')
      : new ApiError(400, 'not_completion_app', 'Please check if your app mode matches the right API route.');
  }
  const body = await call.readBody();
  const user = userOf(call, body);
  const isStreaming = readMode(body, call);
  const text = kind === 'chat' ? textField(body, 'query') : completionQuery(body);
  if (kind === 'chat' && text.trim() === '') throw invalidParam('query is required');
  if (text.length > MAX_QUERY_LENGTH) throw invalidParam(`query must be at most ${String(MAX_QUERY_LENGTH)} characters`);
  const find = (id: string): ReturnType<ApiState['files']['get']> => state.files.get(id, user);
  const files = readFiles(body['files'], find);
  const conversationId = kind === 'chat' ? textField(body, 'conversation_id', '') : '';
  const known = conversationId === '' ? null : state.conversations.get(conversationId, user);
  // The inputs of a conversation are those it began with.
  const inputs = known === null ? readInputs(app.form, body['inputs'], find) : known.inputs;
  refuseCrowd(state);
  const at = nowSeconds(state.clock);
  const conversation =
    known ?? state.conversations.create({ id: randomUUID(), user, inputs, name: nameOf(text), at });
  const ids = newIds(kind, app.appId, conversation.id);
  const turn = turnOf(ids.messageId, text, app.language, inputs, files);
  const run = new ApiRun({
    host: state.host,
    ids,
    user,
    isSimple: call.webUser !== null,
    clock: state.clock,
    turn: {
      turn,
      files,
      history: historyOf(conversation),
      conversation: variablesOf(conversation),
      sessionId: conversation.id,
      readFile: (file) => Promise.resolve(state.files.read(file.id)),
    },
    onEnd: (ended) => keepMessage(state, conversation, ended, text),
  });
  return finishStart(state, run, isStreaming, () => ({
    event: 'message',
    task_id: ids.taskId,
    id: ids.messageId,
    message_id: ids.messageId,
    ...(kind === 'chat' ? { conversation_id: conversation.id } : {}),
    mode: kind === 'chat' ? 'advanced-chat' : 'completion',
    answer: run.answer,
    metadata: messageMetadata(app.showsCitations ? run.resources : [], run.elapsedMs),
    created_at: run.startedAt,
  }));
}

function turnOf(
  id: string,
  text: string,
  language: string,
  inputs: JsonObject,
  files: readonly PlanFile[],
): TurnRequest {
  return { id, text, language, pageUrl: null, inputs, ...(files.length === 0 ? {} : { files }) };
}

async function startWorkflow(call: ApiCall): Promise<ApiResult> {
  const { state } = call;
  const { app } = state.host;
  if (app.mode !== 'workflow')
    throw new ApiError(400, 'not_workflow_app', 'Please check if your app mode matches the right API route.');
  const body = await call.readBody();
  const user = userOf(call, body);
  const isStreaming = readMode(body, call);
  const find = (id: string): ReturnType<ApiState['files']['get']> => state.files.get(id, user);
  const inputs = readInputs(app.form, body['inputs'] ?? {}, find);
  const files = readFiles(body['files'], find);
  refuseCrowd(state);
  const ids = newIds('workflow', app.appId, '');
  const turn = turnOf(ids.messageId, '', app.language, inputs, files);
  const run = new ApiRun({
    host: state.host,
    ids,
    user,
    isSimple: call.webUser !== null,
    clock: state.clock,
    turn: {
      turn,
      files,
      history: [],
      conversation: NO_VARIABLES,
      sessionId: ids.runId,
      readFile: (file) => Promise.resolve(state.files.read(file.id)),
    },
    onEnd: () => undefined,
  });
  return finishStart(state, run, isStreaming, () => ({
    task_id: ids.taskId,
    workflow_run_id: ids.runId,
    data: runData(ids, run.facts, nowSeconds(state.clock)),
  }));
}

const NO_VARIABLES: ConversationVariables = {
  read: () => Promise.resolve({}),
  write: () => Promise.resolve(),
};

/** Streams a run, or waits for it: then a failed one is an error, but a failed workflow is told as what it is. */
async function finishStart(
  state: ApiState,
  run: ApiRun,
  isStreaming: boolean,
  answer: () => JsonObject,
): Promise<ApiResult> {
  state.runs.set(run.ids.runId, run);
  for (const [id, { status }] of state.runs) {
    if (state.runs.size <= MAX_KEPT_RUNS) break;
    if (status !== 'running') state.runs.delete(id);
  }
  if (isStreaming) return { run, from: 0 };
  await run.finished;
  if (run.error !== null && run.ids.kind !== 'workflow') throw run.error;
  return { json: answer() };
}

/** `response_mode`; browsers stream where they do not say. @throws ApiError 400. */
function readMode(body: JsonObject, call: ApiCall): boolean {
  const mode = textField(body, 'response_mode', call.webUser === null ? 'blocking' : 'streaming');
  if (mode === 'streaming' || mode === 'blocking') return mode === 'streaming';
  throw invalidParam('response_mode must be streaming or blocking');
}

function completionQuery(body: JsonObject): string {
  const { inputs, query } = body;
  const named = isRecord(inputs) ? (inputs['query'] ?? query) : query;
  return typeof named === 'string' ? named : '';
}

function refuseCrowd(state: ApiState): void {
  const running = [...state.runs.values()].filter(({ status }) => status === 'running').length;
  if (running >= MAX_RUNS)
    throw new ApiError(429, 'too_many_requests', 'Too many requests. Please try again later.');
}

function newIds(kind: RunIds['kind'], workflowId: string, conversationId: string): RunIds {
  return { kind, taskId: randomUUID(), runId: randomUUID(), messageId: randomUUID(), workflowId, conversationId };
}

function nameOf(query: string): string {
  const line = query.replace(/\s+/g, ' ').trim();
  return line.length <= 60 ? line : `${line.slice(0, 59)}…`;
}

function historyOf({ messages }: StoredConversation): readonly Exchange[] {
  return messages
    .filter(({ status }) => status === 'normal')
    .slice(-MAX_HISTORY)
    .map(({ query, answer }) => ({ question: query, answer }));
}

function keepMessage(state: ApiState, conversation: StoredConversation, run: ApiRun, query: string): void {
  state.conversations.add(conversation, {
    id: run.ids.messageId,
    query,
    inputs: run.inputs,
    createdAt: run.startedAt,
    answer: run.answer,
    status: run.error === null ? 'normal' : 'error',
    error: run.error?.message ?? null,
    rating: null,
    resources: run.resources,
    suggestions: run.suggestions,
  });
  state.conversations.touch(conversation, nowSeconds(state.clock));
}

async function stopRun(call: ApiCall): Promise<ApiResult> {
  const user = userOf(call, await call.readBody());
  const run = [...call.state.runs.values()].find(({ ids }) => ids.taskId === param(call, 0));
  // As in Dify, a task that is over or unknown is stopped already.
  if (run?.user === user) run.stop();
  return { json: { result: 'success' } };
}

function ownRun(call: ApiCall, user: string | null): ApiRun {
  const run = call.state.runs.get(param(call, 0));
  if (run === undefined || (user !== null && run.user !== user)) throw notFound('Workflow run');
  return run;
}

function describeRun(call: ApiCall): ApiResult {
  const run = ownRun(call, call.webUser);
  const { outputs, ...data } = runData(run.ids, run.facts, nowSeconds(call.state.clock));
  return { json: { ...data, inputs: run.inputs, outputs: outputs ?? {} } };
}

/** The events after the latest pause, or all where there was none or `include_state_snapshot` asks for them. */
function resumeRun(call: ApiCall): ApiResult {
  const run = ownRun(call, userOf(call, null));
  const isWhole = call.query.get('include_state_snapshot') === 'true';
  return { run, from: isWhole ? 0 : (run.pauses.at(-1) ?? 0) };
}
