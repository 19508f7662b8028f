import type { Json, JsonObject } from '../../../src/contracts/json.ts';
import type { ApiCall, ApiResult, ApiRoute } from './api-call.ts';
import { nowSeconds, param, userOf } from './api-call.ts';
import { ApiError, invalidParam, notFound } from './api-error.ts';
import type { StoredConversation, StoredMessage } from './conversation-store.ts';
import { limitOf, textField } from './read-request.ts';

/** Routes of conversations and their messages. */
export const CONVERSATION_ROUTES: readonly ApiRoute[] = [
  ['GET', '/conversations', listConversations],
  ['DELETE', '/conversations/:id', deleteConversation],
  ['POST', '/conversations/:id/name', renameConversation],
  ['PATCH', '/conversations/:id/pin', pinConversation],
  ['PATCH', '/conversations/:id/unpin', pinConversation],
  ['GET', '/conversations/:id/variables', listVariables],
  ['PUT', '/conversations/:id/variables/:name', writeVariable],
  ['GET', '/messages', listMessages],
  ['GET', '/messages/:id/suggested', suggestQuestions],
  ['GET', '/messages/:id/suggested-questions', suggestQuestions],
  ['POST', '/messages/:id/feedbacks', rateMessage],
];

const SUCCESS = { json: { result: 'success' } } as const;

/** Only apps that answer messages have conversations. */
function refuseWorkflow(call: ApiCall): void {
  if (call.state.host.app.mode === 'workflow')
    throw new ApiError(400, 'not_chat_app', 'Please check if your app mode matches the right API route.');
}

function listConversations(call: ApiCall): ApiResult {
  refuseWorkflow(call);
  const limit = limitOf(call.query);
  const all = [...call.state.conversations.list(userOf(call, null))];
  const order = call.query.get('sort_by') ?? '-updated_at';
  const key = order.replace(/^-/, '');
  if (key === 'created_at') all.sort((a, b) => b.createdAt - a.createdAt);
  else if (key !== 'updated_at') throw invalidParam('sort_by must be created_at or updated_at, or one of them with -');
  if (!order.startsWith('-')) all.reverse();
  const lastId = call.query.get('last_id') ?? '';
  const start = lastId === '' ? 0 : all.findIndex(({ id }) => id === lastId) + 1;
  if (lastId !== '' && start === 0) throw notFound('Last Conversation');
  const page = all.slice(start, start + limit);
  return { json: { limit, has_more: start + limit < all.length, data: page.map((each) => toAnswer(call, each)) } };
}

function toAnswer(call: ApiCall, conversation: StoredConversation): JsonObject {
  const { id, name, inputs, createdAt, updatedAt } = conversation;
  const introduction = call.state.host.app.greeting;
  return { id, name, inputs, status: 'normal', introduction, created_at: createdAt, updated_at: updatedAt };
}

async function deleteConversation(call: ApiCall): Promise<ApiResult> {
  call.state.conversations.delete(param(call, 0), userOf(call, await call.readBody()));
  return { status: 204 };
}

async function renameConversation(call: ApiCall): Promise<ApiResult> {
  const body = await call.readBody();
  const conversation = call.state.conversations.get(param(call, 0), userOf(call, body));
  const name = textField(body, 'name', '').trim();
  if (name === '' && body['auto_generate'] !== true) throw invalidParam('name is required when auto_generate is false');
  conversation.name = name === '' ? (conversation.messages[0]?.query.slice(0, 60) ?? conversation.name) : name.slice(0, 200);
  call.state.conversations.touch(conversation, nowSeconds(call.state.clock));
  return { json: toAnswer(call, conversation) };
}

function pinConversation(call: ApiCall): ApiResult {
  call.state.conversations.get(param(call, 0), userOf(call, null));
  return SUCCESS;
}

function listVariables(call: ApiCall): ApiResult {
  const conversation = call.state.conversations.get(param(call, 0), userOf(call, null));
  const limit = limitOf(call.query);
  const values = { ...call.state.host.app.variables, ...conversation.variables };
  const data = Object.entries(values).map(([name, value]) => toVariable(name, value, conversation));
  return { json: { limit, has_more: data.length > limit, data: data.slice(0, limit) } };
}

async function writeVariable(call: ApiCall): Promise<ApiResult> {
  const body = await call.readBody();
  const conversation = call.state.conversations.get(param(call, 0), userOf(call, body));
  const name = param(call, 1);
  const before = conversation.variables[name] ?? call.state.host.app.variables[name];
  const value = body['value'];
  if (before === undefined) throw notFound('Conversation variable');
  if (value === undefined || valueType(value) !== valueType(before))
    throw invalidParam(`Type mismatch: variable '${name}' is a ${valueType(before)}`);
  conversation.variables[name] = value;
  return { json: toVariable(name, value, conversation) };
}

function toVariable(name: string, value: Json, { createdAt, updatedAt }: StoredConversation): JsonObject {
  // There is nothing but the name to tell variables apart: it is the id, too.
  return { id: name, name, value_type: valueType(value), value, description: '', created_at: createdAt, updated_at: updatedAt };
}

function valueType(value: Json): string {
  if (Array.isArray(value)) return 'array';
  return typeof value;
}

/** The latest messages, oldest first; `first_id` asks for those before it. */
function listMessages(call: ApiCall): ApiResult {
  refuseWorkflow(call);
  const limit = limitOf(call.query);
  const id = call.query.get('conversation_id') ?? '';
  if (id === '') throw invalidParam('conversation_id is required');
  const { messages } = call.state.conversations.get(id, userOf(call, null));
  const firstId = call.query.get('first_id') ?? '';
  const end = firstId === '' ? messages.length : messages.findIndex((message) => message.id === firstId);
  if (end < 0) throw notFound('First Message');
  const start = Math.max(0, end - limit);
  return { json: { limit, has_more: start > 0, data: messages.slice(start, end).map((message) => toMessage(message, id)) } };
}

function toMessage(message: StoredMessage, conversationId: string): JsonObject {
  return {
    id: message.id,
    conversation_id: conversationId,
    parent_message_id: null,
    inputs: message.inputs,
    query: message.query,
    answer: message.answer,
    message_files: [],
    feedback: message.rating === null ? null : { rating: message.rating },
    retriever_resources: message.resources,
    agent_thoughts: [],
    created_at: message.createdAt,
    status: message.status,
    error: message.error,
  };
}

function suggestQuestions(call: ApiCall): ApiResult {
  const message = call.state.conversations.message(param(call, 0), userOf(call, null));
  return { json: { result: 'success', data: message.suggestions } };
}

async function rateMessage(call: ApiCall): Promise<ApiResult> {
  const body = await call.readBody();
  const message = call.state.conversations.message(param(call, 0), userOf(call, body));
  const rating = body['rating'] ?? null;
  if (rating !== null && rating !== 'like' && rating !== 'dislike')
    throw invalidParam('rating must be like, dislike or null');
  message.rating = rating;
  return SUCCESS;
}
