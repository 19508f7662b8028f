import { expect } from '@open-wc/testing';
import type { ResponderScript, ScriptedResponder } from '../../../test/contract/responder.ts';
import {
  expectCode,
  readAnswer,
  runResponderContract,
  testTurn,
  thrownBy,
} from '../../../test/contract/responder.ts';
import { isUnderstudyError } from '../../contracts/errors.ts';
import type { Lead, OutboxMessage, ResponderPart } from '../../contracts/responder.ts';
import { ManualClock } from '../../session/manual-clock.ts';
import { systemClock } from '../../session/system-clock.ts';
import { createDifyLead } from './create-dify-lead.ts';
import type { PassportStore } from './passport-store.ts';
import { createMemoryPassportStore } from './passport-store.ts';

type Handler = (request: FakeRequest) => Response | Promise<Response>;

interface FakeRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
  readonly signal: AbortSignal | null;
}

const json = (value: unknown, status = 200, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify(value), {
    status,
    headers: { 'Content-Type': 'application/json', ...headers },
  });

const failure = (status: number, code: string, headers: Record<string, string> = {}): Response =>
  json({ code, message: `${code} it is.`, status }, status, headers);

const html = (): Response =>
  new Response('<!doctype html><p>Sign in', { headers: { 'Content-Type': 'text/html; charset=utf-8' } });

type Ending = 'close' | 'error' | 'hang';

const sse = (events: readonly unknown[], ending: Ending = 'close', onCancel?: () => void): Response => {
  const pieces = ['event: ping\n\n', ...events.map((event) => `data: ${JSON.stringify(event)}\n\n`)];
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      const piece = pieces.shift();
      if (piece !== undefined) controller.enqueue(encoder.encode(piece));
      else if (ending === 'close') controller.close();
      else if (ending === 'error') controller.error(new TypeError('network error'));
      else return new Promise(() => undefined);
      return undefined;
    },
    cancel: () => onCancel?.(),
  });
  return new Response(body, { headers: { 'Content-Type': 'text/event-stream; charset=utf-8' } });
};

const IDS = { task_id: 'task-1', conversation_id: 'conversation-1', message_id: 'message-1', created_at: 1 };
const message = (answer: string): unknown => ({ event: 'message', ...IDS, id: 'message-1', answer });
const messageEnd = (metadata: unknown = {}): unknown => ({
  event: 'message_end',
  ...IDS,
  id: 'message-1',
  metadata,
});
const started = { event: 'workflow_started', ...IDS, workflow_run_id: 'run-1', data: { id: 'run-1' } };
const finished = (status = 'succeeded', error: string | null = null): unknown => ({
  event: 'workflow_finished',
  ...IDS,
  workflow_run_id: 'run-1',
  data: { id: 'run-1', status, error },
});

/** A Dify server of one app, as far as leads see it; every path can be given another answer. */
class FakeDify {
  readonly requests: FakeRequest[] = [];
  readonly passports: string[] = [];
  /** How this server takes passports. */
  style: 'header' | 'bearer' = 'header';
  suggestsQuestions = false;
  answers: Record<string, Handler> = {};
  chat: Handler = () => sse([message('Hello.'), messageEnd()]);

  readonly fetch = async (url: string, init: RequestInit): Promise<Response> => {
    init.signal?.throwIfAborted();
    const path = url.replace('https://dify.example/api', '');
    const request: FakeRequest = {
      method: init.method ?? 'GET',
      path,
      headers: new Headers(init.headers),
      body: typeof init.body === 'string' ? (JSON.parse(init.body) as Record<string, unknown>) : {},
      signal: init.signal ?? null,
    };
    this.requests.push(request);
    const special = this.answers[path];
    if (special !== undefined) return special(request);
    if (request.headers.get('X-App-Code') !== 'code') return failure(404, 'not_found');
    if (path === '/passport') {
      const passport = `passport-${String(this.passports.length + 1)}`;
      this.passports.push(passport);
      return json({ access_token: passport });
    }
    const shown =
      this.style === 'header'
        ? request.headers.get('X-App-Passport')
        : request.headers.get('Authorization')?.replace('Bearer ', '');
    if (shown !== this.passports.at(-1)) return failure(401, 'unauthorized');
    if (path === '/parameters') {
      return json({
        user_input_form: [],
        suggested_questions_after_answer: { enabled: this.suggestsQuestions },
      });
    }
    if (path === '/chat-messages') return this.chat(request);
    if (path.endsWith('/suggested-questions')) return json({ data: ['And then?', '', 7] });
    if (path.endsWith('/stop')) return json({ result: 'success' });
    return failure(404, 'not_found');
  };

  paths(): readonly string[] {
    return this.requests.map(({ method, path }) => `${method} ${path}`);
  }

  sent(path: string): readonly FakeRequest[] {
    return this.requests.filter((request) => request.path === path);
  }
}

const create = (
  server: FakeDify,
  passportStore: PassportStore = createMemoryPassportStore(),
  clock: ManualClock = new ManualClock(),
): Lead =>
  createDifyLead({
    baseUrl: 'https://dify.example/api/',
    appCode: 'code',
    fetch: server.fetch,
    clock,
    passportStore,
  });

const leftMessage: OutboxMessage = {
  id: 'left-1',
  text: 'Please call me.',
  contact: 'ann@example.com',
  createdAtMs: 1,
  transcript: [{ question: 'Is it broken?', answer: 'I do not know.' }],
};

runResponderContract('The Dify lead', (): ScriptedResponder => {
  const server = new FakeDify();
  let isReleased = false;
  let wake: () => void = () => undefined;
  const release = (): void => {
    isReleased = true;
    wake();
  };
  const events = (pieces: readonly string[]): readonly unknown[] => pieces.map(message);
  const toHandler = (script: ResponderScript): Handler => {
    switch (script.type) {
      case 'answer':
        return () => sse([...events(script.pieces), messageEnd()]);
      case 'break':
        return () => sse(events(script.pieces), 'error');
      case 'hang':
        return () => sse(events(script.pieces), 'hang', release);
      case 'unreachable':
        return () => Promise.reject(new TypeError('Failed to fetch'));
      case 'status':
        return () => failure(script.status, 'some_code');
      case 'html':
        return html;
    }
  };
  return {
    responder: createDifyLead({
      baseUrl: 'https://dify.example/api',
      appCode: 'code',
      fetch: server.fetch,
      clock: systemClock,
    }),
    script: (script) => {
      server.chat = toHandler(script);
    },
    released: () =>
      new Promise<void>((resolve) => {
        wake = resolve;
        if (isReleased) resolve();
      }),
  };
});

describe('createDifyLead', () => {
  let server: FakeDify;
  beforeEach(() => {
    server = new FakeDify();
  });

  it('settles its passport before the first question and sends it the way the Web API wants', async () => {
    const lead = create(server);
    await readAnswer(lead, { ...testTurn('Hi there'), inputs: { plan: 'gold' } });
    expect(server.paths()).to.deep.equal(['GET /passport', 'GET /parameters', 'POST /chat-messages']);
    const [chat] = server.sent('/chat-messages');
    expect(chat?.headers.get('X-App-Code')).to.equal('code');
    expect(chat?.headers.get('X-App-Passport')).to.equal('passport-1');
    expect(chat?.headers.has('Authorization')).to.equal(false);
    expect(chat?.body).to.include({ query: 'Hi there', response_mode: 'streaming', conversation_id: '' });
    expect(chat?.body['inputs']).to.deep.equal({ plan: 'gold' });
  });

  it('goes on in the same conversation, also after a reload', async () => {
    const kept = createMemoryPassportStore();
    await readAnswer(create(server, kept), testTurn());
    await readAnswer(create(server, kept), testTurn());
    expect(server.passports).to.have.length(1);
    expect(server.sent('/chat-messages').map(({ body }) => body['conversation_id'])).to.deep.equal([
      '',
      'conversation-1',
    ]);
  });

  it('works with a store that fails and with one that holds nonsense', async () => {
    const broken: PassportStore = {
      get: () => Promise.reject(new Error('no storage')),
      set: () => Promise.reject(new Error('no storage')),
    };
    expect((await readAnswer(create(server, broken), testTurn())).text).to.equal('Hello.');
    const kept = createMemoryPassportStore();
    const nonsense: PassportStore = {
      get: async () => ((await kept.get()) === null ? [1] : kept.get()),
      set: (standing) => kept.set(standing),
    };
    expect((await readAnswer(create(server, nonsense), testTurn())).text).to.equal('Hello.');
  });

  it('begins as a stranger after its standing was erased', async () => {
    let kept: unknown = null;
    const lead = create(server, {
      get: () => Promise.resolve(kept),
      set: (standing) => {
        kept = standing;
        return Promise.resolve();
      },
    });
    await readAnswer(lead, testTurn());
    kept = undefined;
    await readAnswer(lead, testTurn());
    expect(server.passports).to.have.length(2);
    expect(server.sent('/chat-messages')[1]?.body['conversation_id']).to.equal('');
  });

  it('presents the passport to older servers as a bearer token, found out without a question', async () => {
    server.style = 'bearer';
    const lead = create(server);
    expect((await readAnswer(lead, testTurn())).text).to.equal('Hello.');
    expect(server.sent('/chat-messages')).to.have.length(1);
    expect(server.sent('/chat-messages')[0]?.headers.get('Authorization')).to.equal('Bearer passport-1');
  });

  it('finds older servers whose CORS rules make the browser refuse the header', async () => {
    server.style = 'bearer';
    server.answers['/parameters'] = ({ headers }) => {
      if (headers.has('X-App-Passport')) throw new TypeError('Failed to fetch');
      return json({ user_input_form: [] });
    };
    expect((await readAnswer(create(server), testTurn())).text).to.equal('Hello.');
  });

  it('renews a refused passport once and sends the question again', async () => {
    const kept = createMemoryPassportStore();
    await readAnswer(create(server, kept), testTurn());
    server.passports.push('another');
    expect((await readAnswer(create(server, kept), testTurn())).text).to.equal('Hello.');
    expect(server.sent('/chat-messages')).to.have.length(3);
    server.chat = () => failure(403, 'forbidden');
    await expectCode(readAnswer(create(server, kept), testTurn()), 'lead/auth');
    expect(server.sent('/chat-messages')).to.have.length(5);
  });

  it('throws lead/misconfigured for an app code nobody knows, and lead/auth for an app behind a login', async () => {
    server.answers['/passport'] = () => failure(404, 'not_found');
    await expectCode(readAnswer(create(server), testTurn()), 'lead/misconfigured');
    server.answers['/passport'] = () => failure(401, 'web_sso_auth_required');
    await expectCode(readAnswer(create(server), testTurn()), 'lead/auth');
    server.answers['/passport'] = () => json({ token: 'x' });
    await expectCode(readAnswer(create(server), testTurn()), 'lead/bad-response');
  });

  it('begins a forgotten conversation anew, once, with a short account of the history', async () => {
    const kept = createMemoryPassportStore();
    await kept.set({ passport: null, style: null, conversationId: 'forgotten' });
    server.chat = ({ body }) =>
      body['conversation_id'] === 'forgotten'
        ? failure(404, 'not_found')
        : sse([message('Again.'), messageEnd()]);
    const history = [1, 2, 3, 4].map((count) => ({
      question: `question ${String(count)}`,
      answer: `answer ${String(count)} ${'long '.repeat(200)}`,
    }));
    const { text } = await readAnswer(create(server, kept), testTurn('Why?'), { history });
    expect(text).to.equal('Again.');
    const query = String(server.sent('/chat-messages')[1]?.body['query']);
    expect(query).to.match(/^Earlier in this conversation:\nVisitor: question 2\n/);
    expect(query).to.match(/\nWhy\?$/);
    expect(query.length).to.be.below(1500);
    server.chat = () => failure(404, 'not_found');
    await expectCode(readAnswer(create(server, kept), testTurn()), 'lead/misconfigured');
  });

  const orders: readonly [string, readonly unknown[]][] = [
    ['Dify 1.14 with the end of the run last', [started, message('Yes.'), messageEnd(), finished()]],
    [
      'Dify 0.15 to 1.12 with the end of the message last',
      [started, message('Yes.'), finished(), messageEnd()],
    ],
    ['apps without a workflow', [message('Yes.'), messageEnd()]],
    ['runs whose end never comes', [started, message('Yes.'), messageEnd()]],
  ];
  for (const [what, events] of orders) {
    it(`understands ${what}`, async () => {
      server.chat = () => sse([...events, { event: 'tts_message', audio: '' }, { event: 'of the future' }]);
      const { text, parts } = await readAnswer(create(server), testTurn());
      expect(text).to.equal('Yes.');
      expect(parts.at(-1)?.type).to.equal('end');
    });
  }

  it('does not wait for long for the end of a run whose message is over', async () => {
    const clock = new ManualClock();
    server.chat = () => sse([started, message('Yes.'), messageEnd()], 'hang');
    const reading = readAnswer(create(server, createMemoryPassportStore(), clock), testTurn());
    await clock.advance(3000);
    expect((await reading).text).to.equal('Yes.');
    expect(server.sent('/chat-messages/task-1/stop')).to.have.length(0);
  });

  it('keeps an answer whose connection breaks after its end', async () => {
    server.chat = () => sse([started, message('Yes.'), messageEnd()], 'error');
    expect((await readAnswer(create(server), testTurn())).text).to.equal('Yes.');
  });

  it('does not repeat the answer that newer agents repeat at their end', async () => {
    const agent = (answer: string): unknown => ({ event: 'agent_message', ...IDS, answer });
    server.chat = () => sse([agent('Two '), agent('years.'), message('Two years.'), messageEnd()]);
    const { parts } = await readAnswer(create(server), testTurn());
    const texts = parts.filter((part) => part.type === 'text-delta' || part.type === 'text-replace');
    expect(texts.map(({ text }) => text)).to.deep.equal(['Two ', 'years.']);
  });

  it('passes on what moderation replaces', async () => {
    server.chat = () =>
      sse([message('Bad.'), { event: 'message_replace', ...IDS, answer: 'No.' }, messageEnd()]);
    expect((await readAnswer(create(server), testTurn())).text).to.equal('No.');
  });

  it('turns retrieved segments into citations, and leaves out what is none', async () => {
    const resources = [
      { position: 7, document_name: 'Warranty', content: `a  b\n${'x'.repeat(1000)}` },
      { position: 8, content: 'no name' },
      null,
      { position: 9, document_name: 'Returns' },
    ];
    server.chat = () => sse([message('Yes.'), messageEnd({ retriever_resources: resources })]);
    const { parts } = await readAnswer(create(server), testTurn());
    const citations = parts.flatMap((part: ResponderPart) =>
      part.type === 'citation' ? [part.citation] : [],
    );
    expect(citations.map(({ index, title }) => [index, title])).to.deep.equal([
      [1, 'Warranty'],
      [2, 'Returns'],
    ]);
    expect(citations[0]?.snippet).to.have.length(400);
    expect(citations[0]?.snippet).to.match(/^a b x+…$/);
    expect(citations[0]?.passageId).to.equal(null);
  });

  it('asks for suggestions only where the app has them, and does without when they fail', async () => {
    server.suggestsQuestions = true;
    const lead = create(server);
    const suggestions = async (): Promise<readonly string[]> =>
      (await readAnswer(lead, testTurn())).parts.flatMap((part) =>
        part.type === 'suggestion' ? [part.text] : [],
      );
    expect(await suggestions()).to.deep.equal(['And then?']);
    server.answers['/messages/message-1/suggested-questions'] = () => failure(500, 'internal_server_error');
    expect(await suggestions()).to.deep.equal([]);
  });

  const told: readonly [number, string, Record<string, string>, string, number | undefined][] = [
    [400, 'provider_quota_exceeded', {}, 'lead/refused', undefined],
    [400, 'app_unavailable', {}, 'lead/refused', undefined],
    [400, 'invalid_param', {}, 'lead/misconfigured', undefined],
    [429, 'too_many_requests', { 'Retry-After': '3' }, 'lead/refused', 3000],
    [503, '', { 'Retry-After': '86400' }, 'lead/refused', 600_000],
  ];
  for (const [status, code, headers, expected, retryAfterMs] of told) {
    it(`throws ${expected} for status ${String(status)} ${code}`, async () => {
      server.chat = () => failure(status, code, headers);
      const error = await thrownBy(readAnswer(create(server), testTurn()));
      if (!isUnderstudyError(error)) throw error;
      expect(error.code).to.equal(expected);
      expect(error.facts['status']).to.equal(status);
      expect(error.facts['retryAfterMs']).to.equal(retryAfterMs);
    });
  }

  it('throws lead/refused for a failure told in the stream, and for a run that fails without a word', async () => {
    const error = {
      event: 'error',
      ...IDS,
      status: 400,
      code: 'invalid_param',
      message: 'Run failed: no model',
    };
    server.chat = () => sse([started, finished('failed', 'no model'), error]);
    await expectCode(readAnswer(create(server), testTurn()), 'lead/refused');
    server.chat = () => sse([started, finished('failed', 'no model')]);
    await expectCode(readAnswer(create(server), testTurn()), 'lead/refused');
  });

  it('throws lead/interrupted when the stream ends before the message, lead/bad-response for garbage', async () => {
    server.chat = () => sse([message('Two ')]);
    await expectCode(readAnswer(create(server), testTurn()), 'lead/interrupted');
    server.chat = () =>
      new Response('data: {"event":\n\n', { headers: { 'Content-Type': 'text/event-stream' } });
    await expectCode(readAnswer(create(server), testTurn()), 'lead/bad-response');
  });

  it('throws lead/timeout after 25 s of silence, before and after the first byte', async () => {
    const clock = new ManualClock();
    const lead = create(server, createMemoryPassportStore(), clock);
    server.chat = () => new Promise<Response>(() => undefined);
    const silent = expectCode(readAnswer(lead, testTurn()), 'lead/timeout');
    await clock.advance(25_000);
    await silent;
    server.chat = () => sse([message('Two ')], 'hang');
    const stalled = expectCode(readAnswer(lead, testTurn()), 'lead/timeout');
    await clock.advance(25_000);
    await stalled;
  });

  it('tells the server to stop when it is aborted', async () => {
    const abort = new AbortController();
    server.chat = () => sse([message('Two ')], 'hang');
    const run = async (): Promise<void> => {
      for await (const part of create(server).respond(testTurn(), { signal: abort.signal })) {
        if (part.type === 'text-delta') abort.abort(new Error('enough'));
      }
    };
    await thrownBy(run());
    await new Promise((resolve) => setTimeout(resolve));
    expect(server.sent('/chat-messages/task-1/stop')).to.have.length(1);
  });

  it('probes within 4 s by asking for the parameters', async () => {
    const clock = new ManualClock();
    const lead = create(server, createMemoryPassportStore(), clock);
    await lead.probe();
    expect(server.paths()).to.deep.equal(['GET /passport', 'GET /parameters']);
    await lead.probe();
    expect(server.sent('/parameters')).to.have.length(2);
    server.answers['/parameters'] = html;
    await expectCode(lead.probe(), 'lead/bad-response');
    server.answers['/parameters'] = () => new Promise<Response>(() => undefined);
    const silent = expectCode(lead.probe(), 'lead/timeout');
    await clock.advance(4000);
    await silent;
  });

  it('delivers a left message as a chat message', async () => {
    expect(await create(server).deliver(leftMessage)).to.equal('delivered');
    const query = String(server.sent('/chat-messages')[0]?.body['query']);
    expect(query).to.match(/^Message left by a visitor: Please call me\.\nContact: ann@example\.com\n/);
    expect(query).to.contain('Is it broken?');
  });

  it('throws when a left message surely did not arrive, and says unconfirmed when it may have', async () => {
    const lead = create(server);
    server.answers['/parameters'] = () => Promise.reject(new TypeError('Failed to fetch'));
    await expectCode(lead.deliver(leftMessage), 'lead/unreachable');
    server.answers = {};
    server.chat = () => failure(429, 'too_many_requests');
    await expectCode(lead.deliver(leftMessage), 'lead/refused');
    server.chat = () => Promise.reject(new TypeError('Failed to fetch'));
    expect(await lead.deliver(leftMessage)).to.equal('unconfirmed');
    server.chat = () => failure(504, '');
    expect(await lead.deliver(leftMessage)).to.equal('unconfirmed');
    server.chat = () => sse([message('Thank')], 'error');
    expect(await lead.deliver(leftMessage)).to.equal('delivered');
  });
});
