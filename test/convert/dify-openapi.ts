import { isRecord } from '../../src/contracts/json.ts';
import { ServerSentEventParser } from '../../src/bytes/read-server-sent-events.ts';
import type { PlanFile } from '../../src/contracts/plan-configs.ts';
import { AnswerStream } from '../../src/engines/dify/answer-stream.ts';
import type { DifyEvent } from '../../src/engines/dify/dify-events.ts';
import { parseDifyEvent } from '../../src/engines/dify/dify-events.ts';
import { parseLatestConversation, parseMessages } from '../../src/engines/dify/dify-history.ts';
import { parseDifyParameters, parseSuggestedQuestions } from '../../src/engines/dify/dify-parameters.ts';
import { parseUploadId } from '../../src/engines/dify/dify-question.ts';
import type { FakeRequest } from '../../src/engines/dify/fake-dify.ts';
import { events, failure, FakeDify, json, leadOf, sse } from '../../src/engines/dify/fake-dify.ts';
import type { OpenApiSchemas, Schema } from './openapi-schema.ts';

/** Where the document lies in a folder of Dify data. */
export const DIFY_DOCUMENT = 'fixtures/openapi/openapi_service.json';

/** What came of a check. */
export interface Proof {
  readonly count: number;
  readonly findings: readonly string[];
}

/** The events of the document and what the lead makes of each. */
const KINDS: Readonly<Record<string, DifyEvent['kind']>> = {
  message: 'text',
  agent_message: 'text',
  agent_thought: 'other',
  tts_message: 'other',
  tts_message_end: 'other',
  message_file: 'file',
  message_end: 'message-end',
  message_replace: 'replace',
  reasoning_chunk: 'other',
  workflow_started: 'run-started',
  workflow_finished: 'run-finished',
  node_started: 'other',
  node_finished: 'other',
  node_retry: 'other',
  iteration_started: 'other',
  iteration_next: 'other',
  iteration_completed: 'other',
  loop_started: 'other',
  loop_next: 'other',
  loop_completed: 'other',
  workflow_paused: 'run-paused',
  human_input_required: 'form-asked',
  human_input_form_filled: 'form-closed',
  human_input_form_timeout: 'form-closed',
  agent_log: 'other',
  text_chunk: 'text',
  error: 'failure',
  ping: 'other',
};

/** Every event of every kind of stream is read as what it is, with its text. */
export function proveEvents(schemas: OpenApiSchemas, rounds: number): Proof {
  const findings: string[] = [];
  let count = 0;
  for (const union of ['ChunkChatEvent', 'ChunkWorkflowEvent', 'ChunkCompletionEvent']) {
    const mapping = schemas.at('components', 'schemas', union, 'discriminator', 'mapping');
    for (const [name, reference] of Object.entries(mapping)) {
      const expected = KINDS[name];
      if (expected === undefined) findings.push(`${union}: "${name}" is not known`);
      for (let round = 0; round < rounds; round += 1) {
        count += 1;
        const example = schemas.exampleOf({ $ref: reference });
        const value = { ...(isRecord(example) ? example : {}), event: name };
        const event = parseDifyEvent(JSON.stringify(value));
        const problem = event === null ? 'it is refused' : problemOf(event, value, expected);
        if (problem !== null) findings.push(`${union}: ${name}: ${problem}`);
      }
    }
  }
  return { count, findings };
}

function problemOf(event: DifyEvent, value: Schema, expected: DifyEvent['kind'] | undefined): string | null {
  const data = isRecord(value['data']) ? value['data'] : {};
  // What lacks its one field is nothing: a file without an address, a form that nobody can submit.
  const isEmptyFile = expected === 'file' && typeof value['url'] !== 'string';
  const actions = Array.isArray(data['actions'])
    ? data['actions'].filter((one) => isRecord(one) && one['id'])
    : [];
  const isEmptyForm = expected === 'form-asked' && (actions.length === 0 || !data['form_id']);
  if (event.kind !== expected) {
    return event.kind === 'other' && (isEmptyFile || isEmptyForm) ? null : `it is read as ${event.kind}`;
  }
  for (const [name, read] of [
    ['task_id', event.taskId],
    ['conversation_id', event.conversationId],
    ['message_id', event.messageId],
  ] as const)
    if (typeof value[name] === 'string' && value[name] !== read) return `${name} is lost`;
  if (event.kind === 'text' || event.kind === 'replace')
    return event.text === (value['answer'] ?? data['text'] ?? '') ? null : 'its text is lost';
  if (event.kind === 'form-asked') {
    const inputs = Array.isArray(data['inputs']) ? data['inputs'] : [];
    const { form } = event.asked;
    if (form.fields.length > inputs.length || form.actions.length !== actions.length)
      return 'its form is not whole';
  }
  if (event.kind === 'message-end') {
    const metadata = isRecord(value['metadata']) ? value['metadata'] : {};
    const resources = Array.isArray(metadata['retriever_resources']) ? metadata['retriever_resources'] : [];
    const named = resources.filter(
      (one) => isRecord(one) && typeof one['document_name'] === 'string' && one['document_name'] !== '',
    );
    if (event.citations.length !== named.length) return 'its citations are lost';
  }
  return null;
}

/** Every reply that the lead reads is read. */
export function proveReplies(schemas: OpenApiSchemas, rounds: number): Proof {
  const findings: string[] = [];
  let count = 0;
  const check = (name: string, test: (value: Schema) => boolean): void => {
    for (let round = 0; round < rounds; round += 1) {
      count += 1;
      const value = schemas.exampleOf(schemas.named(name));
      if (!isRecord(value) || !test(value)) findings.push(`${name}: ${JSON.stringify(value).slice(0, 300)}`);
    }
  };
  const listOf = (value: Schema): readonly Schema[] =>
    Array.isArray(value['data']) ? value['data'].filter(isRecord) : [];
  check('AppParametersResponse', (value) => {
    const read = parseDifyParameters(value);
    const isEmpty = !['user_input_form', 'opening_statement', 'system_parameters'].some(
      (name) => name in value,
    );
    if (read === null) return isEmpty;
    const form = Array.isArray(value['user_input_form']) ? value['user_input_form'] : [];
    const named = form.filter(
      (item) => isRecord(item) && Object.values(item).some((one) => isRecord(one) && one['variable']),
    );
    return read.form.length <= named.length && (named.length === 0 || read.form.length > 0);
  });
  check('ConversationHistoryResponse', (value) => {
    const whole = listOf(value).filter(
      ({ id, query, answer, status, created_at: at }) =>
        typeof id === 'string' &&
        typeof query === 'string' &&
        typeof answer === 'string' &&
        status !== 'error' &&
        at !== undefined,
    );
    return parseMessages(value).length === whole.length;
  });
  check(
    'ConversationsListResponse',
    (value) => parseLatestConversation(value) === (listOf(value)[0]?.['id'] ?? null),
  );
  check('FileUploadResponse', (value) => parseUploadId(value) === (value['id'] ?? null));
  check('SuggestedQuestionsResponse', (value) => {
    const said = Array.isArray(value['data']) ? value['data'].filter((text) => text !== '') : [];
    return parseSuggestedQuestions(value).length === Math.min(3, said.length);
  });
  return { count, findings };
}

/** The streams that the document shows as examples are read to their end. */
export function proveExamples(schemas: OpenApiSchemas): Proof {
  const findings: string[] = [];
  let count = 0;
  for (const [path, method, kind] of [
    ['/chat-messages', 'post', 'chat'],
    ['/completion-messages', 'post', 'completion'],
    ['/workflows/run', 'post', 'workflow'],
    ['/workflow/{workflow_run_id}/events', 'get', 'any'],
  ] as const) {
    const streams = schemas.at('paths', path, method, 'responses', '200', 'content', 'text/event-stream');
    const examples = isRecord(streams['examples']) ? streams['examples'] : {};
    for (const [name, example] of Object.entries(examples)) {
      const text = isRecord(example) && typeof example['value'] === 'string' ? example['value'] : '';
      if (text === '') continue;
      count += 1;
      const isChat = text.includes('"message_end"') || text.includes('"message"');
      const stream = new AnswerStream(kind === 'any' ? (isChat ? 'chat' : 'workflow') : kind);
      // In the document the frames of a stream stand side by side.
      const framed = text.replace(/\s+(?=data: \{|event: ping)/g, '\n\n');
      try {
        for (const { event, data } of new ServerSentEventParser().push(`${framed}\n\n`)) {
          const read = event === 'ping' ? null : parseDifyEvent(data);
          if (read === null && event !== 'ping') findings.push(`${path}: ${name}: ${data.slice(0, 200)}`);
          if (read !== null) stream.take(read);
        }
        const isDone = stream.isOver || stream.isPaused || stream.hasFinishedRun;
        if (!isDone && !text.includes('"error"')) findings.push(`${path}: ${name}: it does not end`);
      } catch (error) {
        if (!text.includes('"event": "error"') && !text.includes('"failed"'))
          findings.push(`${path}: ${name}: ${String(error)}`);
      }
    }
  }
  return { count, findings };
}

const FILE: PlanFile = {
  kind: 'file',
  id: 'f',
  name: 'a.png',
  type: 'image',
  sizeBytes: 3,
  extension: '.png',
  mimeType: 'image/png',
  url: '',
};

/** Everything that the lead sends through the service API stands in the document and satisfies it. */
export async function proveRequests(schemas: OpenApiSchemas): Promise<Proof> {
  const sent = [
    ...(await chatRequests()),
    ...(await otherRequests('completion')),
    ...(await otherRequests('workflow')),
  ];
  const findings = sent.flatMap((request) => violationsOf(schemas, request));
  const paths = new Set(sent.map(({ method, path }) => `${method} ${path}`));
  if (paths.size < 14) findings.push(`only ${String(paths.size)} addresses were asked`);
  return { count: sent.length, findings };
}

async function chatRequests(): Promise<readonly FakeRequest[]> {
  const server = new FakeDify();
  server.flavor = 'service';
  server.parameters = { suggested_questions_after_answer: { enabled: true } };
  server.answers['/files/upload'] = () => json({ id: 'upload' }, 201);
  server.answers['/conversations'] = () => json({ data: [{ id: 'c' }] });
  server.answers['/messages'] = () => json({ data: [] });
  server.answers['/site'] = () => json({ title: 'X' });
  server.answers['/form/human_input/token-1'] = () => json({});
  server.answers['/workflow/run-1/events'] = () =>
    sse([events.formFilled(), events.message('x'), events.messageEnd()]);
  const readFile = (): Promise<Uint8Array> => Promise.resolve(new Uint8Array(3));
  const lead = leadOf(server, { readFile });
  const turn = {
    id: 't',
    text: 'Q',
    language: 'en',
    pageUrl: null,
    inputs: { proof: { ...FILE } },
    files: [FILE],
  };
  await lead.history();
  await readAll(lead.respond(turn));
  await lead.feedback('t', 'like');
  await lead.feedback('t', null);
  await lead.describe();
  server.chat = () => sse([events.started, events.formAsked(), events.paused]);
  for await (const part of lead.respond(turn)) {
    if (part.type !== 'form') continue;
    const submission = { formId: part.form.id, action: 'send', values: { street: 'x' } };
    setImmediate(() => void lead.submitForm(submission));
  }
  server.chat = () => sse([events.message('x')], 'hang');
  await readFirst(lead.respond(turn));
  return server.requests;
}

async function otherRequests(kind: 'completion' | 'workflow'): Promise<readonly FakeRequest[]> {
  const server = new FakeDify();
  server.flavor = 'service';
  server.chat = () => failure(400, 'not_chat_app');
  server.answers['/info'] = () => json({ mode: kind });
  const hanging = (): Response => sse([events.textChunk('x'), events.message('x')], 'hang');
  server.answers[kind === 'workflow' ? '/workflows/run' : '/completion-messages'] = hanging;
  const turn = { id: 't', text: 'Q', language: 'en', pageUrl: null, inputs: { topic: 'x' } };
  await readFirst(leadOf(server).respond(turn));
  return server.requests;
}

async function readAll(parts: AsyncIterable<unknown>): Promise<void> {
  const reading = parts[Symbol.asyncIterator]();
  for (let next = await reading.next(); next.done !== true; next = await reading.next());
}

/** Reads one part and leaves, as a visitor who stops the answer. */
async function readFirst(parts: AsyncIterable<unknown>): Promise<void> {
  const reading = parts[Symbol.asyncIterator]();
  await reading.next();
  await reading.return?.();
}

function violationsOf(schemas: OpenApiSchemas, request: FakeRequest): readonly string[] {
  const method = request.method.toLowerCase();
  const paths = Object.keys(schemas.at('paths'));
  const fits = (path: string): boolean => {
    const pattern = path.split('/').map((name) => (name.startsWith('{') ? '[^/]+' : name));
    return new RegExp(`^${pattern.join('/')}$`).test(request.path);
  };
  // An address without a place for an id goes before one with.
  const path = paths.filter(fits).toSorted((a, b) => a.split('{').length - b.split('{').length)[0];
  const where = `${request.method} ${request.path}`;
  if (path === undefined || !isRecord(schemas.at('paths', path)[method]))
    return [`${where} is not in the document`];
  const operation = schemas.at('paths', path, method);
  const findings: string[] = [];
  const parameters = Array.isArray(operation['parameters']) ? operation['parameters'] : [];
  const known = new Map<string, Schema>();
  for (const item of parameters) {
    const parameter = schemas.resolve(isRecord(item) ? item : {});
    if (parameter['in'] === 'query') known.set(String(parameter['name']), parameter);
  }
  for (const [name, parameter] of known)
    if (parameter['required'] === true && !request.query.has(name))
      findings.push(`${where}: ${name} is missing`);
  // A visitor's name that an operation does not ask for does no harm.
  for (const name of request.query.keys())
    if (!known.has(name) && name !== 'user') findings.push(`${where}: ${name} is not known`);
  const body = isRecord(operation['requestBody']) ? schemas.resolve(operation['requestBody']) : null;
  const content = isRecord(body?.['content']) ? body['content'] : {};
  const type = request.form === null ? 'application/json' : 'multipart/form-data';
  const media = content[type];
  if (method === 'post' && !isRecord(media)) findings.push(`${where}: it takes no ${type}`);
  if (request.form !== null) {
    const names = [...request.form.keys()];
    if (!names.includes('file') || !names.includes('user')) findings.push(`${where}: the form is not whole`);
  } else if (isRecord(media)) {
    findings.push(...schemas.violations(request.body, media['schema'], where));
  }
  return findings;
}
