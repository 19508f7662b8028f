import { expect } from '@open-wc/testing';
import { expectCode, readAnswer, testTurn, thrownBy } from '../../../test/contract/responder.ts';
import { failure, FakeDify, json, leadOf } from './fake-dify.ts';
import type { PassportStore } from './passport-store.ts';
import { createMemoryPassportStore, MAX_KEPT_ANSWERS, NO_STANDING, parseStanding } from './passport-store.ts';

describe('A connection to a Dify app', () => {
  let server: FakeDify;
  beforeEach(() => {
    server = new FakeDify();
  });

  it('settles its passport before the first question and sends it the way the Web API wants', async () => {
    const lead = leadOf(server);
    await readAnswer(lead, { ...testTurn('Hi there'), inputs: { plan: 'gold' } });
    expect(server.paths()).to.deep.equal(['GET /passport', 'GET /parameters', 'POST /chat-messages']);
    const [chat] = server.sent('/chat-messages');
    expect(chat?.headers.get('X-App-Code')).to.equal('code');
    expect(chat?.headers.get('X-App-Passport')).to.equal('passport-1');
    expect(chat?.headers.has('Authorization')).to.equal(false);
    expect(chat?.body).to.include({ query: 'Hi there', response_mode: 'streaming', conversation_id: '' });
    expect(chat?.body['inputs']).to.deep.equal({ plan: 'gold' });
  });

  it('works with a store that fails and with one that holds nonsense', async () => {
    const broken: PassportStore = {
      get: () => Promise.reject(new Error('no storage')),
      set: () => Promise.reject(new Error('no storage')),
    };
    expect((await readAnswer(leadOf(server, { passportStore: broken }), testTurn())).text).to.equal('Hello.');
    const kept = createMemoryPassportStore();
    const nonsense: PassportStore = {
      get: async () => ((await kept.get()) === null ? [1] : kept.get()),
      set: (standing) => kept.set(standing),
    };
    expect((await readAnswer(leadOf(server, { passportStore: nonsense }), testTurn())).text).to.equal(
      'Hello.',
    );
  });

  it('begins as a stranger after its standing was erased', async () => {
    let kept: unknown = null;
    const lead = leadOf(server, {
      passportStore: {
        get: () => Promise.resolve(kept),
        set: (standing) => {
          kept = standing;
          return Promise.resolve();
        },
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
    const lead = leadOf(server);
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
    expect((await readAnswer(leadOf(server), testTurn())).text).to.equal('Hello.');
  });

  it('renews a refused passport once and sends the question again', async () => {
    const kept = createMemoryPassportStore();
    await readAnswer(leadOf(server, { passportStore: kept }), testTurn());
    server.passports.push('another');
    expect((await readAnswer(leadOf(server, { passportStore: kept }), testTurn())).text).to.equal('Hello.');
    expect(server.sent('/chat-messages')).to.have.length(3);
    server.chat = () => failure(403, 'forbidden');
    await expectCode(readAnswer(leadOf(server, { passportStore: kept }), testTurn()), 'lead/auth');
    expect(server.sent('/chat-messages')).to.have.length(5);
  });

  it('throws lead/misconfigured for an app code nobody knows, and lead/auth for an app behind a login', async () => {
    server.answers['/passport'] = () => failure(404, 'not_found');
    await expectCode(readAnswer(leadOf(server), testTurn()), 'lead/misconfigured');
    server.answers['/passport'] = () => failure(401, 'web_sso_auth_required');
    await expectCode(readAnswer(leadOf(server), testTurn()), 'lead/auth');
    server.answers['/passport'] = () => json({ token: 'x' });
    await expectCode(readAnswer(leadOf(server), testTurn()), 'lead/bad-response');
  });

  it('is one visitor however many things are asked at once', async () => {
    const lead = leadOf(server);
    const abort = new AbortController();
    const aborted = thrownBy(lead.probe({ signal: abort.signal }));
    const others = [lead.probe(), lead.describe(), readAnswer(lead, testTurn())];
    const reason = new Error('enough');
    abort.abort(reason);
    expect(await aborted).to.equal(reason);
    await Promise.all(others);
    expect(server.passports).to.have.length(1);
  });

  it('speaks the service API without a key, in the name of a visitor it makes up once', async () => {
    server.flavor = 'service';
    server.parameters = { suggested_questions_after_answer: { enabled: true } };
    const kept = createMemoryPassportStore();
    const names = ['first', 'second'];
    const lead = leadOf(server, { passportStore: kept, createUser: () => names.shift() ?? '' });
    await readAnswer(lead, testTurn());
    await readAnswer(leadOf(server, { passportStore: kept }), testTurn());
    expect(server.paths()).to.deep.equal([
      'GET /parameters',
      'POST /chat-messages',
      'GET /messages/message-1/suggested',
      'POST /chat-messages',
      'GET /parameters',
      'GET /messages/message-1/suggested',
    ]);
    for (const { headers, method, query, body } of server.requests) {
      expect(headers.has('Authorization')).to.equal(false);
      expect(headers.has('X-App-Code')).to.equal(false);
      expect(method === 'GET' ? query.get('user') : body['user']).to.equal('first');
    }
  });

  it('does not try to renew anything at an endpoint that refuses the service API', async () => {
    server.flavor = 'service';
    server.chat = () => failure(401, 'unauthorized');
    await expectCode(readAnswer(leadOf(server), testTurn()), 'lead/auth');
    expect(server.sent('/chat-messages')).to.have.length(1);
  });

  it('tells the owner of a server that is there but withholds its answers, and once', async () => {
    const told: string[] = [];
    const modes: (string | undefined)[] = [];
    const lead = leadOf(server, {
      onFault: ({ code }) => told.push(code),
      fetch: (_url, { mode }) => {
        modes.push(mode);
        return mode === 'no-cors' ? Promise.resolve(new Response('')) : Promise.reject(new TypeError());
      },
    });
    for (let tries = 0; tries < 2; tries += 1) {
      await expectCode(lead.probe(), 'lead/unreachable');
      await new Promise((resolve) => setTimeout(resolve));
    }
    expect(told).to.deep.equal(['lead/cors']);
    expect(modes.filter((mode) => mode !== undefined)).to.deep.equal(['no-cors', 'cors']);
  });

  it('tells no such thing of a server that is gone, or that answers without the headers of the product', async () => {
    for (const answers of [() => Promise.reject(new TypeError()), () => Promise.resolve(new Response(''))]) {
      const told: string[] = [];
      const lead = leadOf(server, {
        onFault: ({ code }) => told.push(code),
        fetch: (_url, { mode }) => (mode === undefined ? Promise.reject(new TypeError()) : answers()),
      });
      await expectCode(lead.probe(), 'lead/unreachable');
      await new Promise((resolve) => setTimeout(resolve));
      expect(told).to.deep.equal([]);
    }
  });

  it('reads what an older release has kept, and nothing else', () => {
    const kept = { passport: 'p', style: 'bearer', conversationId: 'c' };
    expect(parseStanding(kept)).to.deep.equal({ ...NO_STANDING, ...kept });
    for (const nonsense of [
      null,
      7,
      [],
      { passport: 7, style: 'x', appKind: 'y', answers: [1, { turnId: 1 }] },
    ])
      expect(parseStanding(nonsense)).to.deep.equal(NO_STANDING);
    const answers = Array.from({ length: 90 }, (_, at) => ({ turnId: String(at), messageId: 'm' }));
    const { answers: read } = parseStanding({ answers });
    expect([read.length, read.at(-1)?.turnId]).to.deep.equal([MAX_KEPT_ANSWERS, '89']);
  });
});
