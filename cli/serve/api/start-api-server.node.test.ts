import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, afterEach, describe, it } from 'node:test';
import fc from 'fast-check';
import { isJson, isRecord } from '../../../src/contracts/json.ts';
import type { JsonObject } from '../../../src/contracts/json.ts';
import { systemClock } from '../../../src/session/system-clock.ts';
import type { RunningServer } from '../static-server.ts';
import { createAccess } from './access.ts';
import type { HostedApp } from './app-host.ts';
import { ConversationStore } from './conversation-store.ts';
import { FileStore } from './file-store.ts';
import type { ScriptedHost } from './scripted-host.ts';
import { field, scriptedHost } from './scripted-host.ts';
import { startApiServer } from './start-api-server.ts';

const running: RunningServer[] = [];
const faults: unknown[] = [];
afterEach(async () => {
  for (const server of running.splice(0)) await server.close();
});
after(() => assert.equal(running.length, 0));

interface Started {
  readonly host: ScriptedHost;
  readonly base: string;
  readonly post: (path: string, body: unknown, headers?: Record<string, string>) => Promise<Response>;
  readonly get: (path: string, headers?: Record<string, string>) => Promise<Response>;
}

async function start(
  changes: Partial<HostedApp> = {},
  options: { readonly keys?: readonly string[]; readonly origins?: readonly string[] } = {},
): Promise<Started> {
  const host = scriptedHost(changes);
  const { keys = [], origins = [] } = options;
  const server = await startApiServer({
    state: { host, clock: systemClock, conversations: new ConversationStore(), files: new FileStore(), runs: new Map() },
    access: createAccess({ keys, siteCode: 'site' }),
    clock: systemClock,
    hostname: '127.0.0.1',
    port: 0,
    origins,
    isLocalOnly: keys.length === 0,
    onError: (error) => faults.push(error),
  });
  running.push(server);
  const base = `http://127.0.0.1:${String(server.port)}`;
  return {
    host,
    base,
    post: (path, body, headers = {}) =>
      fetch(`${base}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    get: (path, headers = {}) => fetch(`${base}${path}`, { headers }),
  };
}

async function json(response: Response): Promise<JsonObject> {
  return toObject(await response.json());
}

function toObject(value: unknown): JsonObject {
  assert.ok(isRecord(value) && isJson(value));
  return value;
}

/** The text of a field. */
function text(value: unknown): string {
  assert.ok(typeof value === 'string');
  return value;
}

/** The events of a stream with how many pings came. */
async function events(response: Response): Promise<{ readonly events: JsonObject[]; readonly pings: number }> {
  const blocks = (await response.text()).split('\n\n').filter((block) => block !== '');
  const data = blocks.filter((block) => block.startsWith('data: '));
  return {
    events: data.map((block) => toObject(JSON.parse(block.slice('data: '.length)))),
    pings: blocks.length - data.length,
  };
}

const names = (list: readonly JsonObject[]): unknown[] => list.map(({ event }) => event);
const ask = (query: string, more: object = {}): object => ({ query, inputs: {}, user: 'u', ...more });

describe('the service API', () => {
  it('answers in one piece', async () => {
    const { post } = await start();
    const answer = await json(await post('/v1/chat-messages', ask('cite')));
    assert.equal(answer['event'], 'message');
    assert.equal(answer['answer'], 'You said: cite');
    assert.equal(answer['mode'], 'advanced-chat');
    assert.ok(isRecord(answer['metadata']));
    const resources = answer['metadata']['retriever_resources'];
    assert.ok(Array.isArray(resources) && isRecord(resources[0]));
    assert.equal(resources[0]['document_name'], 'Returns');
    assert.equal(resources[0]['content'], 'Thirty days.');
  });

  it('streams in the shapes and the order of Dify 1.14', async () => {
    const { post } = await start();
    const response = await post('/v1/chat-messages', ask('hello', { response_mode: 'streaming' }));
    assert.match(response.headers.get('content-type') ?? '', /^text\/event-stream/);
    const stream = await events(response);
    assert.deepEqual(names(stream.events), [
      'workflow_started',
      'node_started',
      'message',
      'message',
      'node_finished',
      'message_end',
      'workflow_finished',
    ]);
    assert.ok(stream.pings >= 1);
    const [started, node, first] = stream.events;
    assert.ok(started !== undefined && node !== undefined && first !== undefined);
    for (const event of stream.events) {
      assert.equal(event['task_id'], started['task_id']);
      assert.equal(event['conversation_id'], started['conversation_id']);
      assert.equal(event['message_id'], started['message_id']);
    }
    assert.equal(first['answer'], 'You said: ');
    assert.ok(isRecord(node['data']));
    assert.equal(node['data']['node_type'], 'answer');
    const last = stream.events.at(-1)?.['data'];
    assert.ok(isRecord(last));
    assert.equal(last['status'], 'succeeded');
    assert.deepEqual(last['outputs'], { answer: 'hello' });
  });

  it('goes on with a conversation: history, variables, inputs of its beginning', async () => {
    const { post, get, host } = await start({ form: [field('name')] });
    const first = await json(await post('/v1/chat-messages', ask('count', { inputs: { name: 'Ada' } })));
    const id = text(first['conversation_id']);
    const second = await json(
      await post('/v1/chat-messages', ask('count', { conversation_id: id, inputs: { name: 'Eve' } })),
    );
    assert.equal(second['answer'], 'You said: 2');
    assert.equal(second['conversation_id'], id);
    assert.deepEqual(host.turns[1]?.history, [{ question: 'count', answer: 'You said: 1' }]);
    assert.deepEqual(host.turns[1].turn.inputs, { name: 'Ada' });
    const messages = await json(await get(`/v1/messages?user=u&conversation_id=${id}`));
    assert.ok(Array.isArray(messages['data']));
    assert.deepEqual(
      messages['data'].map((message: JsonObject) => message['answer']),
      ['You said: 1', 'You said: 2'],
    );
    const variables = await json(await get(`/v1/conversations/${id}/variables?user=u`));
    assert.ok(Array.isArray(variables['data']) && isRecord(variables['data'][0]));
    assert.equal(variables['data'][0]['value'], 2);
    const put = (value: unknown): Promise<Response> =>
      fetch(`${running[0] === undefined ? '' : `http://127.0.0.1:${String(running[0].port)}`}/v1/conversations/${id}/variables/visits`, {
        method: 'PUT',
        body: JSON.stringify({ value, user: 'u' }),
      });
    assert.equal((await put('text')).status, 400);
    assert.equal((await put(40)).status, 200);
    const third = await json(await post('/v1/chat-messages', ask('count', { conversation_id: id })));
    assert.equal(third['answer'], 'You said: 41');
  });

  it('keeps the conversations of users apart, lists, renames and deletes them', async () => {
    const { post, get, base } = await start();
    const ids: string[] = [];
    for (const query of ['one', 'two', 'three'])
      ids.push(text((await json(await post('/v1/chat-messages', ask(query))))['conversation_id']));
    const list = async (more = ''): Promise<unknown[]> => {
      const { data } = await json(await get(`/v1/conversations?user=u${more}`));
      assert.ok(Array.isArray(data));
      return data.map((each: JsonObject) => each['name']);
    };
    assert.deepEqual(await list(), ['three', 'two', 'one']);
    assert.deepEqual(await list('&limit=1'), ['three']);
    assert.deepEqual(await list(`&last_id=${ids[2] ?? ''}&limit=1`), ['two']);
    assert.deepEqual(await list('&sort_by=created_at'), ['one', 'two', 'three']);
    assert.equal((await get('/v1/conversations?user=u&limit=0')).status, 400);
    const renamed = await json(await post(`/v1/conversations/${ids[0] ?? ''}/name`, { name: 'First', user: 'u' }));
    assert.equal(renamed['name'], 'First');
    assert.deepEqual(await list(), ['First', 'three', 'two']);
    const remove = (user: string): Promise<Response> =>
      fetch(`${base}/v1/conversations/${ids[1] ?? ''}`, { method: 'DELETE', body: JSON.stringify({ user }) });
    assert.equal((await remove('somebody else')).status, 404);
    assert.equal((await remove('u')).status, 204);
    assert.deepEqual(await list(), ['First', 'three']);
    assert.equal((await get(`/v1/messages?user=x&conversation_id=${ids[0] ?? ''}`)).status, 404);
  });

  it('stops a run, whose answer so far is kept', async () => {
    const { post, get } = await start();
    const response = await post('/v1/chat-messages', ask('wait', { response_mode: 'streaming' }));
    assert.ok(response.body !== null);
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    while (!text.includes('You said')) text += (await reader.read()).value ?? '';
    const [, task = ''] = /"task_id":"([^"]+)"/.exec(text) ?? [];
    const [, conversation = ''] = /"conversation_id":"([^"]+)"/.exec(text) ?? [];
    // Not by another user.
    assert.equal((await post(`/v1/chat-messages/${task}/stop`, { user: 'x' })).status, 200);
    assert.deepEqual(await json(await post(`/v1/chat-messages/${task}/stop`, { user: 'u' })), { result: 'success' });
    for (let read = await reader.read(); !read.done; read = await reader.read()) text += read.value;
    assert.match(text, /"event":"message_end"/);
    assert.match(text, /"status":"stopped"/);
    const messages = await json(await get(`/v1/messages?user=u&conversation_id=${conversation}`));
    assert.ok(Array.isArray(messages['data']) && isRecord(messages['data'][0]));
    assert.equal(messages['data'][0]['answer'], 'You said: ');
  });

  it('tells a failure as Dify does, and keeps details to the owner', async () => {
    const { post } = await start();
    const blocking = await post('/v1/chat-messages', ask('fail'));
    assert.equal(blocking.status, 500);
    assert.equal((await json(blocking))['code'], 'internal_server_error');
    const stream = await events(await post('/v1/chat-messages', ask('fail', { response_mode: 'streaming' })));
    assert.deepEqual(names(stream.events).slice(-2), ['workflow_finished', 'error']);
    assert.equal(stream.events.at(-1)?.['status'], 500);
  });

  it('refuses what it cannot use', async () => {
    const { post, get, base } = await start({
      form: [field('name', { isRequired: true, maxLength: 3 }), field('size', { type: 'select', options: ['S', 'L'] })],
    });
    const refused = async (response: Promise<Response>): Promise<unknown> => {
      const { status } = await response;
      const body = await json(await response);
      assert.equal(body['status'], status);
      return `${String(status)} ${text(body['code'])}`;
    };
    const inputs = { name: 'Ada' };
    for (const [body, expected] of [
      ['{', '400 bad_request'],
      ['[]', '400 invalid_param'],
      [{ query: 'x', inputs }, '400 invalid_param'],
      [ask('', { inputs }), '400 invalid_param'],
      [ask('x', { inputs: {} }), '400 invalid_param'],
      [ask('x', { inputs: { name: 'longer' } }), '400 invalid_param'],
      [ask('x', { inputs: { name: 7 } }), '400 invalid_param'],
      [ask('x', { inputs: { name: 'Ada', size: 'M' } }), '400 invalid_param'],
      [ask('x', { inputs, response_mode: 'fast' }), '400 invalid_param'],
      [ask('x', { inputs, files: [{}] }), '400 invalid_param'],
      [ask('x'.repeat(20_001), { inputs }), '400 invalid_param'],
      [ask('x', { inputs, conversation_id: 'none' }), '404 not_found'],
    ] as const)
      assert.equal(await refused(post('/v1/chat-messages', body)), expected, JSON.stringify(body).slice(0, 80));
    assert.equal(await refused(post('/v1/chat-messages', ask('x'.repeat(2_000_000)))), '413 file_too_large');
    assert.equal(await refused(post('/v1/workflows/run', ask('x'))), '400 not_workflow_app');
    assert.equal(await refused(get('/v1/nothing')), '404 not_found');
    assert.equal(await refused(get('/elsewhere')), '404 not_found');
    assert.equal(await refused(get('/v1/chat-messages')), '405 method_not_allowed');
    assert.equal(await refused(fetch(`${base}/v1/messages/%zz/feedbacks`, { method: 'POST', body: '{"user":"u"}' })), '404 not_found');
  });

  it('says what the app is', async () => {
    const { get } = await start({ form: [field('size', { type: 'select', options: ['S', 'L'], isRequired: true })] });
    const parameters = await json(await get('/v1/parameters'));
    assert.equal(parameters['opening_statement'], 'Hello!');
    assert.deepEqual(parameters['retriever_resource'], { enabled: true });
    assert.ok(Array.isArray(parameters['user_input_form']) && isRecord(parameters['user_input_form'][0]));
    assert.ok(isRecord(parameters['user_input_form'][0]['select']));
    assert.deepEqual(parameters['user_input_form'][0]['select']['options'], ['S', 'L']);
    assert.equal((await json(await get('/v1/info')))['mode'], 'advanced-chat');
    assert.equal((await json(await get('/v1/site')))['title'], 'Echo');
    assert.deepEqual(await json(await get('/v1/meta')), { tool_icons: {} });
  });

  it('takes ratings, and tells the questions that were offered', async () => {
    const { post, get } = await start();
    const answer = await json(await post('/v1/chat-messages', ask('cite')));
    const id = text(answer['message_id']);
    assert.deepEqual((await json(await get(`/v1/messages/${id}/suggested?user=u`)))['data'], ['And then?']);
    assert.equal((await post(`/v1/messages/${id}/feedbacks`, { rating: 'like', user: 'u' })).status, 200);
    assert.equal((await post(`/v1/messages/${id}/feedbacks`, { rating: 'great', user: 'u' })).status, 400);
    assert.equal((await post(`/v1/messages/${id}/feedbacks`, { rating: 'like', user: 'x' })).status, 404);
    const conversation = text(answer['conversation_id']);
    const messages = await json(await get(`/v1/messages?user=u&conversation_id=${conversation}`));
    assert.ok(Array.isArray(messages['data']) && isRecord(messages['data'][0]));
    assert.deepEqual(messages['data'][0]['feedback'], { rating: 'like' });
  });

  it('takes files and gives them to the run of their user only', async () => {
    const { post, base } = await start();
    const form = new FormData();
    form.set('file', new File(['seven b'], 'a.txt', { type: 'text/plain' }));
    form.set('user', 'u');
    const response = await fetch(`${base}/v1/files/upload`, { method: 'POST', body: form });
    assert.equal(response.status, 201);
    const { id, extension } = await json(response);
    assert.equal(extension, 'txt');
    const files = [{ type: 'document', transfer_method: 'local_file', upload_file_id: id }];
    assert.equal((await json(await post('/v1/chat-messages', ask('file', { files }))))['answer'], 'You said: 7');
    assert.equal((await post('/v1/chat-messages', ask('file', { files, user: 'x' }))).status, 404);
    assert.equal((await post('/v1/files/upload', {})).status, 400);
  });

  it('pauses for a form, and goes on when it is filled in', async () => {
    const { post, get } = await start();
    const paused = await events(await post('/v1/chat-messages', ask('form', { response_mode: 'streaming' })));
    assert.deepEqual(names(paused.events).slice(-2), ['human_input_required', 'workflow_paused']);
    const required = paused.events.at(-2);
    assert.ok(required !== undefined && isRecord(required['data']));
    assert.equal(required['data']['node_id'], 'ask');
    const token = text(required['data']['form_token']);
    assert.equal((await json(await get(`/v1/form/human_input/${token}`)))['form_content'], 'Who?');
    const path = `/v1/form/human_input/${token}`;
    assert.equal((await post(path, { action: 'drop', inputs: {}, user: 'u' })).status, 400);
    assert.equal((await post(path, { action: 'send', inputs: {}, user: 'u' })).status, 400);
    const run = text(required['workflow_run_id']);
    assert.equal((await get(`/v1/workflow/${run}/events?user=x`)).status, 404);
    const rest = get(`/v1/workflow/${run}/events?user=u`);
    assert.equal((await post(path, { action: 'send', inputs: { name: 'Ada' }, user: 'u' })).status, 200);
    const resumed = await events(await rest);
    assert.equal(names(resumed.events)[0], 'human_input_form_filled');
    assert.deepEqual(resumed.events.filter(({ event }) => event === 'message').map(({ answer }) => answer), ['hello "Ada"']);
    assert.equal(names(resumed.events).at(-1), 'workflow_finished');
    assert.equal((await post(path, { action: 'send', inputs: { name: 'Ada' }, user: 'u' })).status, 404);
  });
});

describe('a workflow app', () => {
  it('gives its results, in one piece and as a stream', async () => {
    const { post, get } = await start({ mode: 'workflow', form: [field('name')] });
    const body = { inputs: { name: 'Ada' }, user: 'u' };
    const answer = await json(await post('/v1/workflows/run', body));
    assert.ok(isRecord(answer['data']));
    assert.equal(answer['data']['status'], 'succeeded');
    assert.deepEqual(answer['data']['outputs'], { result: { name: 'Ada' } });
    const detail = await json(await get(`/v1/workflows/run/${text(answer['workflow_run_id'])}`));
    assert.deepEqual(detail['inputs'], { name: 'Ada' });
    const stream = await events(await post('/v1/workflows/run', { ...body, response_mode: 'streaming' }));
    assert.deepEqual(names(stream.events), [
      'workflow_started',
      'node_started',
      'text_chunk',
      'text_chunk',
      'node_finished',
      'workflow_finished',
    ]);
    assert.equal((await json(await post('/v1/chat-messages', ask('x'))))['code'], 'not_chat_app');
    assert.equal((await json(await get('/v1/conversations?user=u')))['code'], 'not_chat_app');
  });
});

describe('access', () => {
  it('needs one of the keys, where there are keys', async () => {
    const { get } = await start({}, { keys: ['app-one', 'app-two'] });
    assert.equal((await get('/v1/info')).status, 401);
    assert.equal((await get('/v1/info', { authorization: 'Bearer app-three' })).status, 401);
    assert.equal((await get('/v1/info', { authorization: 'app-one' })).status, 401);
    assert.equal((await get('/v1/info', { authorization: 'Bearer app-two' })).status, 200);
  });

  it('gives passports to browsers, in both headers, and none to another site', async () => {
    const { get, post } = await start({}, { keys: ['app-one'] });
    assert.equal((await get('/api/passport')).status, 401);
    assert.equal((await get('/api/passport', { 'x-app-code': 'other' })).status, 404);
    const { access_token: token } = await json(await get('/api/passport?user_id=ada', { 'x-app-code': 'site' }));
    assert.equal((await get('/api/parameters')).status, 401);
    assert.equal((await get('/api/parameters', { 'x-app-passport': `${text(token)}x` })).status, 401);
    assert.equal((await get('/api/parameters', { 'x-app-passport': text(token) })).status, 200);
    const headers = { authorization: `Bearer ${text(token)}` };
    const site = await json(await get('/api/site', headers));
    assert.equal(site['end_user_id'], 'ada');
    const stream = await events(await post('/api/chat-messages', { query: 'hello', inputs: {} }, headers));
    const finished = stream.events.find(({ event }) => event === 'node_finished');
    assert.ok(isRecord(finished?.['data']));
    // A browser is told nothing of what goes through nodes.
    assert.equal(finished['data']['outputs'], null);
    const conversations = await json(await get('/api/conversations', headers));
    assert.ok(Array.isArray(conversations['data']));
    assert.equal(conversations['data'].length, 1);
  });

  it('takes no passport that it did not sign', async () => {
    const { get } = await start();
    await fc.assert(
      fc.asyncProperty(fc.stringMatching(/^[\w-]{0,40}\.[\w-]{0,40}\.[\w-]{0,60}$/), async (token) => {
        assert.equal((await get('/api/parameters', { 'x-app-passport': token })).status, 401);
      }),
      { numRuns: 30 },
    );
  });

  it('lets pages of this machine read, and others only where they are named', async () => {
    const local = await start();
    const allowed = async (started: Started, origin: string): Promise<string | null> =>
      (await started.get('/v1/info', { origin })).headers.get('access-control-allow-origin');
    assert.equal(await allowed(local, 'http://localhost:3000'), 'http://localhost:3000');
    assert.equal(await allowed(local, 'https://evil.test'), null);
    const named = await start({}, { keys: ['k'], origins: ['https://shop.test'] });
    assert.equal(await allowed(named, 'https://shop.test'), 'https://shop.test');
    assert.equal(await allowed(named, 'https://evil.test'), null);
    const preflight = await fetch(`${named.base}/api/chat-messages`, {
      method: 'OPTIONS',
      headers: { origin: 'https://shop.test', 'access-control-request-method': 'POST' },
    });
    assert.equal(preflight.status, 204);
    assert.match(preflight.headers.get('access-control-allow-headers') ?? '', /X-App-Passport/);
  });

  it('refuses names of elsewhere that lead to this machine', async () => {
    const { base } = await start();
    const status = await new Promise<number | undefined>((resolve, reject) => {
      request(`${base}/v1/info`, { headers: { host: 'rebound.test' } }, (response) => resolve(response.statusCode))
        .on('error', reject)
        .end();
    });
    assert.equal(status, 403);
  });
});
