import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { after, before, beforeEach, describe, it } from 'node:test';
import { createStandInLead } from '../../demo/lead/server.mjs';
import { isUnderstudyError } from '../../src/contracts/errors.ts';
import type { Lead, Responder, ResponderPart } from '../../src/contracts/responder.ts';
import { createDifyLead } from '../../src/engines/dify/create-dify-lead.ts';
import { ROUTE_LIMITS } from '../../src/session/route-limits.ts';
import { createSession } from '../../src/session/session.ts';
import { systemClock } from '../../src/session/system-clock.ts';
import { createMemoryStore } from '../../src/store/memory-store.ts';

/** The stand-in over real sockets, asked by the lead of the product: two programs that share no code. */
describe('the stand-in lead', () => {
  let server: Server;
  let base = '';
  let lead: Lead;

  before(async () => {
    const listener = createStandInLead({ pace: 0.06 });
    await listener.ready;
    server = createServer((request, response) => {
      listener(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    assert.ok(typeof address === 'object' && address !== null);
    base = `http://127.0.0.1:${String(address.port)}/lead`;
  });

  after(() => {
    server.closeAllConnections();
    server.close();
  });

  beforeEach(async () => {
    await setMode('up');
    lead = createDifyLead({ baseUrl: `${base}/api`, appCode: 'fenbrook-demo', clock: systemClock });
  });

  const setMode = async (mode: string): Promise<void> => {
    const response = await fetch(`${base}/control`, { method: 'POST', body: JSON.stringify({ mode }) });
    assert.equal(response.status, 200);
  };

  const ask = async (
    text: string,
  ): Promise<{ text: string; parts: readonly ResponderPart[]; code: string | null }> => {
    const parts: ResponderPart[] = [];
    let answer = '';
    try {
      const turn = { id: text, text, language: 'en', pageUrl: null, inputs: {} };
      for await (const part of lead.respond(turn)) {
        parts.push(part);
        if (part.type === 'text-delta') answer += part.text;
      }
      return { text: answer, parts, code: null };
    } catch (error) {
      if (!isUnderstudyError(error)) throw error;
      return { text: answer, parts, code: error.code };
    }
  };

  it('answers in English and Chinese from the articles, with sources and suggestions', async () => {
    const english = await ask('How long is the warranty of the jug?');
    assert.match(english.text, /warranty of 2 years/);
    assert.ok(
      english.parts.some((part) => part.type === 'citation' && part.citation.title.includes('Warranty')),
    );
    assert.ok(english.parts.some((part) => part.type === 'suggestion'));
    assert.equal(english.parts.at(-1)?.type, 'end');
    assert.match((await ask('滤水壶的滤芯怎么换？')).text, /更换滤水壶的滤芯/);
    assert.match((await ask('Hello!')).text, /^Hello!/);
    assert.match((await ask('Who wrote the Iliad?')).text, /could not find/);
  });

  it('gives the same answer for the same question', async () => {
    const first = await ask('How do I clean the jug?');
    assert.equal((await ask('How do I clean the jug?')).text, first.text);
  });

  it('refuses strangers the way Dify does', async () => {
    const get = (path: string, headers: Record<string, string>): Promise<Response> =>
      fetch(`${base}/api${path}`, { headers });
    assert.equal((await get('/passport', {})).status, 401);
    assert.equal((await get('/passport', { 'X-App-Code': 'other' })).status, 404);
    const refused = await get('/parameters', { 'X-App-Code': 'fenbrook-demo' });
    assert.deepEqual(await refused.json(), {
      code: 'unauthorized',
      message: 'The passport is not valid.',
      status: 401,
    });
    const { access_token: passport } = (await (
      await get('/passport', { 'X-App-Code': 'fenbrook-demo' })
    ).json()) as { access_token: string };
    const headers = { 'X-App-Code': 'fenbrook-demo', Authorization: `Bearer ${passport}` };
    for (const path of ['/parameters', '/site', '/meta'])
      assert.equal((await get(path, headers)).status, 200);
    const body = JSON.stringify({
      query: 'hi',
      inputs: {},
      conversation_id: 'gone',
      response_mode: 'blocking',
    });
    const gone = await fetch(`${base}/api/chat-messages`, { method: 'POST', headers, body });
    assert.equal(gone.status, 404);
    const blocking = await fetch(`${base}/api/chat-messages`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ query: 'Hello', inputs: {}, response_mode: 'blocking' }),
    });
    assert.match(((await blocking.json()) as { answer: string }).answer, /^Hello!/);
  });

  it('misbehaves on demand and comes back', async () => {
    const question = 'How long is the warranty of the jug?';
    const whole = await ask(question);
    await setMode('kill-mid-answer');
    const killed = await ask(question);
    assert.equal(killed.code, 'lead/interrupted');
    assert.ok(killed.text !== '' && whole.text.startsWith(killed.text));
    assert.ok(killed.text.length < whole.text.length / 2);
    for (const [mode, code] of [
      ['error-500', 'lead/refused'],
      ['html', 'lead/bad-response'],
      ['cut', 'lead/unreachable'],
    ] as const) {
      await setMode(mode);
      assert.equal((await ask(question)).code, code);
    }
    await setMode('up');
    assert.equal((await ask(question)).text, whole.text);
  });

  it('cuts running streams too', async () => {
    const turn = { id: '1', text: 'How do I clean the jug?', language: 'en', pageUrl: null, inputs: {} };
    const run = async (): Promise<void> => {
      for await (const part of lead.respond(turn)) if (part.type === 'text-delta') await setMode('cut');
    };
    await assert.rejects(run(), (error) => isUnderstudyError(error, 'lead/interrupted'));
  });

  it('and the device take turns in one session, which ends every turn and comes back by itself', async () => {
    const understudy: Responder = {
      contract: 1,
      id: 'device',
      kind: 'understudy',
      respond: async function* (): AsyncGenerator<ResponderPart> {
        yield { type: 'text-delta', text: 'From the device.' };
        const figures = { intent: 'none', confidence: 0.9, tokensPerSecond: 0, memoryBytes: 0 };
        await Promise.resolve();
        yield { type: 'end', outcome: { isWorded: false, isRefusal: false, ...figures } };
      },
    };
    const session = createSession({
      lead,
      understudy: () => Promise.resolve(understudy),
      store: createMemoryStore(),
      clock: systemClock,
      random: () => 0,
      fetch: (url, init) => fetch(url, init),
      outboxUrl: `${base}/outbox`,
      privacy: 'hybrid',
      onChange: () => undefined,
      onNotice: () => undefined,
      onFault: () => undefined,
      limits: { ...ROUTE_LIMITS, hedgeAfterMs: 300 },
    });
    const turn = async (id: string): Promise<string> => {
      const told: string[] = [];
      for await (const part of session.ask({ ...question, id })) {
        if (part.type === 'route-decided') told.push(`${part.responder} ${part.reason}`);
        if (part.type === 'end' || part.type === 'error') told.push(part.type);
      }
      return told.join(', ');
    };
    const question = { text: 'How do I clean the jug?', language: 'en', pageUrl: null, inputs: {} };
    // The passport is no part of the race.
    await lead.probe();
    try {
      assert.equal(await turn('1'), 'lead lead-reachable, end');
      await setMode('kill-mid-answer');
      assert.equal(await turn('2'), 'lead lead-reachable, understudy lead-interrupted, end');
      await setMode('slow');
      assert.equal(await turn('3'), 'understudy lead-slow, end');
      await setMode('cut');
      assert.equal(await turn('4'), 'understudy lead-unreachable, end');
      assert.equal(session.reach, 'unreachable');
      assert.deepEqual(await session.leaveMessage({ id: 'left-2', text: 'Call me', contact: '' }), {
        state: 'kept',
      });
      await setMode('up');
      await session.probeNow();
      assert.equal(session.reach, 'reachable');
      assert.equal(session.outboxCount, 0);
      assert.equal(await turn('5'), 'lead lead-reachable, end');
    } finally {
      session.dispose();
    }
  });

  it('takes a left message once however often it is sent', async () => {
    const send = (): Promise<Response> =>
      fetch(`${base}/outbox`, {
        method: 'POST',
        headers: { 'Idempotency-Key': 'left-1', 'Content-Type': 'application/json' },
        body: JSON.stringify({ text: 'Call me', contact: 'ann@example.com' }),
      });
    assert.equal((await send()).status, 201);
    assert.equal((await send()).status, 200);
    const kept = (await (await fetch(`${base}/outbox`)).json()) as readonly { id: string; times: number }[];
    assert.equal(kept.find(({ id }) => id === 'left-1')?.times, 2);
  });
});
