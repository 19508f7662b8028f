import { expect } from '@open-wc/testing';
import type { WorkerMessage } from '../contracts/protocol.ts';
import type { TurnPart } from '../contracts/turn.ts';
import { UnderstudyError } from '../contracts/errors.ts';
import type { Agent } from './serve-port.ts';
import { servePort } from './serve-port.ts';

/** The page's end of a port. */
class FakePage {
  readonly received: WorkerMessage[] = [];
  #deliver: (event: MessageEvent<unknown>) => void = () => undefined;
  #waiting: {
    readonly matches: (message: WorkerMessage) => boolean;
    readonly resolve: (message: WorkerMessage) => void;
  }[] = [];

  postMessage(message: WorkerMessage): void {
    this.received.push(message);
    this.#waiting = this.#waiting.filter(({ matches, resolve }) => {
      if (matches(message)) resolve(message);
      return !matches(message);
    });
  }
  addEventListener(_type: 'message', listener: (event: MessageEvent<unknown>) => void): void {
    this.#deliver = listener;
  }
  send(data: unknown): void {
    this.#deliver(new MessageEvent('message', { data }));
  }
  next(matches: (message: WorkerMessage) => boolean): Promise<WorkerMessage> {
    const found = this.received.find(matches);
    if (found !== undefined) return Promise.resolve(found);
    return new Promise((resolve) => this.#waiting.push({ matches, resolve }));
  }
}
const turn = { id: 't', text: 'hi', language: 'en', pageUrl: null, inputs: {} };

function served(changes: Partial<Agent> = {}): FakePage {
  const page = new FakePage();
  const agent: Agent = {
    call: async (name) => ({ name }),
    async *ask(): AsyncGenerator<TurnPart> {
      for (let count = 0; count < 5; count += 1) yield { type: 'text-delta', text: String(count) };
    },
    dispose: () => undefined,
    ...changes,
  };
  servePort(page, () => agent);
  return page;
}
const isError = (message: WorkerMessage): boolean => message.type === 'part' && message.part.type === 'error';
const texts = (page: FakePage): string[] =>
  page.received.flatMap((message) =>
    message.type === 'part' && message.part.type === 'text-delta' ? [message.part.text] : [],
  );

describe('servePort', () => {
  it('gives a sign of life before anything is asked', () => {
    expect(served().received).to.deep.equal([{ type: 'pong', nonce: 0 }]);
  });

  it('answers a call by its id', async () => {
    const page = served();
    page.send({ type: 'call', callId: 4, name: 'transcript', request: null });
    expect(await page.next((message) => message.type === 'reply')).to.deep.equal({
      type: 'reply',
      callId: 4,
      reply: { name: 'transcript' },
    });
  });

  it('tells the code of a call that fails', async () => {
    const page = served({ call: () => Promise.reject(new UnderstudyError('store/failed', 'Broken.')) });
    page.send({ type: 'call', callId: 1, name: 'erase', request: null });
    const failure = await page.next((message) => message.type === 'failure');
    expect(failure.type === 'failure' ? failure.error.code : null).to.equal('store/failed');
  });

  it('posts no more parts than the page gave credit for', async () => {
    const page = served();
    page.send({ type: 'ask', callId: 1, turn });
    page.send({ type: 'credit', callId: 1, credit: 2 });
    await page.next(
      (message) => message.type === 'part' && message.part.type === 'text-delta' && message.part.text === '1',
    );
    page.send({ type: 'ping', nonce: 9 });
    await page.next((message) => message.type === 'pong' && message.nonce === 9);
    expect(texts(page)).to.deep.equal(['0', '1']);
    page.send({ type: 'credit', callId: 1, credit: 10 });
    await page.next(isError);
    expect(texts(page)).to.deep.equal(['0', '1', '2', '3', '4']);
  });

  it('ends a stream that the agent left open with an error', async () => {
    const page = served();
    page.send({ type: 'ask', callId: 1, turn });
    page.send({ type: 'credit', callId: 1, credit: 64 });
    const last = await page.next(isError);
    expect(last.type === 'part' && last.part.type === 'error' ? last.part.error.code : null).to.equal(
      'internal/unexpected',
    );
  });

  it('aborts the turn when the page cancels, even while it waits for credit', async () => {
    const page = served({
      async *ask(_turn, signal): AsyncGenerator<TurnPart> {
        yield { type: 'text-delta', text: 'a' };
        signal.throwIfAborted();
        yield { type: 'text-delta', text: 'b' };
      },
    });
    page.send({ type: 'ask', callId: 1, turn });
    page.send({ type: 'cancel', callId: 1 });
    const last = await page.next(isError);
    expect(last.type === 'part' && last.part.type === 'error' ? last.part.error.code : null).to.equal(
      'turn/aborted',
    );
  });

  it('reports what is no message of the protocol and goes on', async () => {
    const page = served();
    for (const junk of [
      null,
      1,
      { type: 'call', callId: -1, name: 'hello' },
      { type: 'call', callId: 1, name: 'eval' },
    ])
      page.send(junk);
    expect(page.received.filter((message) => message.type === 'fault')).to.have.length(4);
    page.send({ type: 'ping', nonce: 3 });
    await page.next((message) => message.type === 'pong' && message.nonce === 3);
  });
});
