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
import type { Lead } from '../../contracts/responder.ts';
import { ManualClock } from '../../session/manual-clock.ts';
import { systemClock } from '../../session/system-clock.ts';
import { createOpenAiLead } from './create-openai-lead.ts';

type Ending = 'close' | 'error' | 'hang';

interface Sent {
  readonly url: string;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

const sse = (data: readonly string[], ending: Ending = 'close', onCancel?: () => void): Response => {
  const pieces = data.map((piece) => new TextEncoder().encode(`data: ${piece}\n\n`));
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      const piece = pieces.shift();
      if (piece !== undefined) controller.enqueue(piece);
      else if (ending === 'close') controller.close();
      else if (ending === 'error') controller.error(new TypeError('network error'));
      else return new Promise(() => undefined);
      return undefined;
    },
    cancel: () => onCancel?.(),
  });
  return new Response(body, { headers: { 'Content-Type': 'text/event-stream' } });
};

const delta = (content: string | null, finishReason: string | null = null): string =>
  JSON.stringify({
    choices: [{ index: 0, delta: { role: 'assistant', content }, finish_reason: finishReason }],
  });

const json = (value: unknown, status = 200, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify(value), {
    status,
    headers: { 'Content-Type': 'application/json', ...headers },
  });

const html = (): Response => new Response('<p>Sign in', { headers: { 'Content-Type': 'text/html' } });

class FakeGateway {
  readonly sent: Sent[] = [];
  answer: () => Response | Promise<Response> = () => sse([delta('Hi'), delta(null, 'stop'), '[DONE]']);

  readonly fetch = async (url: string, init: RequestInit): Promise<Response> => {
    init.signal?.throwIfAborted();
    const body = typeof init.body === 'string' ? (JSON.parse(init.body) as Record<string, unknown>) : {};
    this.sent.push({ url, headers: new Headers(init.headers), body });
    return this.answer();
  };

  lead(clock: ManualClock = new ManualClock()): Lead {
    return createOpenAiLead({
      baseUrl: 'https://gateway.example/v1/',
      model: 'small',
      fetch: this.fetch,
      clock,
      headers: { 'X-Site': 'shop' },
    });
  }
}

runResponderContract('The OpenAI lead', (): ScriptedResponder => {
  const gateway = new FakeGateway();
  let isReleased = false;
  let wake: () => void = () => undefined;
  const release = (): void => {
    isReleased = true;
    wake();
  };
  const toAnswer = (script: ResponderScript): FakeGateway['answer'] => {
    switch (script.type) {
      case 'answer':
        return () => sse([...script.pieces.map((piece) => delta(piece)), delta(null, 'stop'), '[DONE]']);
      case 'break':
        return () =>
          sse(
            script.pieces.map((piece) => delta(piece)),
            'error',
          );
      case 'hang':
        return () =>
          sse(
            script.pieces.map((piece) => delta(piece)),
            'hang',
            release,
          );
      case 'unreachable':
        return () => Promise.reject(new TypeError('Failed to fetch'));
      case 'status':
        return () => json({ error: { message: 'No.', type: 'some_error' } }, script.status);
      case 'html':
        return html;
    }
  };
  return {
    responder: createOpenAiLead({
      baseUrl: 'https://gateway.example/v1',
      model: 'small',
      fetch: gateway.fetch,
      clock: systemClock,
    }),
    script: (script) => {
      gateway.answer = toAnswer(script);
    },
    released: () =>
      new Promise<void>((resolve) => {
        wake = resolve;
        if (isReleased) resolve();
      }),
  };
});

describe('createOpenAiLead', () => {
  let gateway: FakeGateway;
  beforeEach(() => {
    gateway = new FakeGateway();
  });

  it('sends the last 6 exchanges and the question, and no key', async () => {
    const history = [1, 2, 3, 4, 5, 6, 7].map((count) => ({
      question: `question ${String(count)}`,
      answer: `answer ${String(count)}`,
    }));
    await readAnswer(gateway.lead(), testTurn('And now?'), { history });
    const [sent] = gateway.sent;
    expect(sent?.url).to.equal('https://gateway.example/v1/chat/completions');
    expect(sent?.headers.get('X-Site')).to.equal('shop');
    expect(sent?.headers.has('Authorization')).to.equal(false);
    expect(sent?.body).to.include({ model: 'small', stream: true });
    const messages = sent?.body['messages'] as readonly { readonly role: string; readonly content: string }[];
    expect(messages).to.have.length(13);
    expect(messages[0]).to.deep.equal({ role: 'user', content: 'question 2' });
    expect(messages.at(-1)).to.deep.equal({ role: 'user', content: 'And now?' });
  });

  const endings: readonly [string, readonly string[]][] = [
    ['[DONE] without a reason to finish', [delta('Yes.'), '[DONE]']],
    ['a reason to finish without [DONE]', [delta('Yes.'), delta(null, 'stop')]],
    ['the length as the reason', [delta('Yes.'), delta(null, 'length'), '[DONE]']],
    ['a chunk of figures without choices', [delta('Yes.', 'stop'), '{"choices":[],"usage":{}}', '[DONE]']],
    ['anything after [DONE]', [delta('Yes.'), '[DONE]', delta('More.')]],
  ];
  for (const [what, data] of endings) {
    it(`ends with ${what}`, async () => {
      gateway.answer = () => sse(data);
      expect((await readAnswer(gateway.lead(), testTurn())).text).to.equal('Yes.');
    });
  }

  it('throws lead/interrupted when neither came', async () => {
    gateway.answer = () => sse([delta('Yes.')]);
    await expectCode(readAnswer(gateway.lead(), testTurn()), 'lead/interrupted');
  });

  it('throws lead/refused for an error object in the stream, and for an answer a filter held back', async () => {
    gateway.answer = () => sse([delta('Ye'), '{"error":{"message":"overloaded","type":"server_error"}}']);
    await expectCode(readAnswer(gateway.lead(), testTurn()), 'lead/refused');
    gateway.answer = () => sse([delta(null, 'content_filter'), '[DONE]']);
    await expectCode(readAnswer(gateway.lead(), testTurn()), 'lead/refused');
  });

  it('throws lead/bad-response for chunks that are no JSON and for answers that are no stream', async () => {
    gateway.answer = () => sse(['{"choices":']);
    await expectCode(readAnswer(gateway.lead(), testTurn()), 'lead/bad-response');
    gateway.answer = () => json({ choices: [{ message: { content: 'Yes.' } }] });
    await expectCode(readAnswer(gateway.lead(), testTurn()), 'lead/bad-response');
  });

  it('tells how long to wait and counts a spent quota as a refusal', async () => {
    gateway.answer = () => json({ error: { message: 'Slow down.' } }, 429, { 'Retry-After': '7' });
    const error = await thrownBy(readAnswer(gateway.lead(), testTurn()));
    expect(isUnderstudyError(error) && error.facts['retryAfterMs']).to.equal(7000);
    gateway.answer = () => json({ error: { code: 'insufficient_quota' } }, 402);
    await expectCode(readAnswer(gateway.lead(), testTurn()), 'lead/refused');
  });

  it('throws lead/timeout after 25 s of silence', async () => {
    const clock = new ManualClock();
    gateway.answer = () => sse([delta('Ye')], 'hang');
    const silent = expectCode(readAnswer(gateway.lead(clock), testTurn()), 'lead/timeout');
    await clock.advance(25_000);
    await silent;
  });

  it('probes by asking for the models, which a gateway need not have', async () => {
    gateway.answer = () => json({ data: [] });
    await gateway.lead().probe();
    expect(gateway.sent[0]?.url).to.equal('https://gateway.example/v1/models');
    gateway.answer = () => json({ error: {} }, 404);
    await gateway.lead().probe();
    gateway.answer = html;
    await expectCode(gateway.lead().probe(), 'lead/bad-response');
    gateway.answer = () => json({ error: {} }, 401);
    await expectCode(gateway.lead().probe(), 'lead/auth');
    gateway.answer = () => Promise.reject(new TypeError('Failed to fetch'));
    await expectCode(gateway.lead().probe(), 'lead/unreachable');
  });

  it('takes no left messages', async () => {
    const message = { id: '1', text: 'Hi', contact: '', createdAtMs: 1, transcript: [], slots: [] };
    await expectCode(gateway.lead().deliver(message), 'lead/misconfigured');
    expect(gateway.sent).to.have.length(0);
  });
});
