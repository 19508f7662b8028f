import { expect } from '@open-wc/testing';
import { HeldLocks } from '../../test/fixtures/held-locks.ts';
import { UnderstudyError } from '../contracts/errors.ts';
import { INITIAL_STATUS } from '../contracts/parse-status.ts';
import type { TurnPart, TurnSummary } from '../contracts/turn.ts';
import { connect } from './connect.ts';
import type { Locks } from './life-lock.ts';
import type { Port } from './port.ts';

const summary: TurnSummary = {
  text: 'ok',
  responder: 'understudy',
  reason: 'no-lead',
  isWorded: false,
  isRefusal: false,
  intent: 'none',
  confidence: 1,
  citations: [],
  metrics: { firstTextMs: 1, totalMs: 2, tokensPerSecond: 0, memoryBytes: 0 },
};

interface Message {
  readonly type: string;
  readonly callId: number;
  readonly name?: string;
  readonly credit?: number;
  readonly request?: { readonly lifeLock?: string | null };
}

/** A worker whose replies the test writes. */
class FakeWorker implements Port {
  readonly place = 'worker';
  readonly received: Message[] = [];
  isClosed = false;
  #tell: (message: unknown) => void = () => undefined;
  #die: (reason: string) => void = () => undefined;
  readonly #answer: (message: Message, worker: FakeWorker) => void;

  constructor(answer: (message: Message, worker: FakeWorker) => void = () => undefined) {
    this.#answer = answer;
  }
  postMessage(message: unknown): void {
    const received = message as Message;
    this.received.push(received);
    queueMicrotask(() => {
      if (received.name === 'hello')
        this.tell({ type: 'reply', callId: received.callId, reply: { protocol: 1, status: INITIAL_STATUS } });
      else this.#answer(received, this);
    });
  }
  onMessage(listener: (message: unknown) => void): void {
    this.#tell = listener;
  }
  onDeath(listener: (reason: string) => void): void {
    this.#die = listener;
  }
  close(): void {
    this.isClosed = true;
  }
  tell(message: unknown): void {
    this.#tell(message);
  }
  die(): void {
    this.#die('crashed');
  }
  part(callId: number, part: TurnPart): void {
    this.tell({ type: 'part', callId, part });
  }
}

/** A worker that holds the lock its page names, in the locks of the test. */
class HoldingWorker extends FakeWorker {
  lifeLock: string | null = null;
  readonly #locks: HeldLocks;

  constructor(locks: HeldLocks, parts: readonly TurnPart[] = []) {
    super((message, worker) => {
      if (message.type === 'ask') for (const part of parts) worker.part(message.callId, part);
    });
    this.#locks = locks;
  }
  override postMessage(message: unknown): void {
    const { name, callId, request } = message as Message;
    if (name !== 'hello') {
      super.postMessage(message);
      return;
    }
    this.lifeLock = request?.lifeLock ?? null;
    if (this.lifeLock !== null) this.#locks.hold(this.lifeLock);
    const reply = { protocol: 1, status: INITIAL_STATUS, lifeLock: this.lifeLock };
    queueMicrotask(() => this.tell({ type: 'reply', callId, reply }));
  }
}

async function take(parts: AsyncIterable<TurnPart>): Promise<TurnPart[]> {
  const taken: TurnPart[] = [];
  for await (const part of parts) taken.push(part);
  return taken;
}

function starting(...workers: FakeWorker[]) {
  const left = [...workers];
  return {
    start: async () => {
      const port = left.shift();
      if (port === undefined) throw new Error('no more workers');
      return { port, fault: null };
    },
  };
}
const answering = (parts: readonly TurnPart[]) =>
  new FakeWorker((message, worker) => {
    if (message.type === 'ask') for (const part of parts) worker.part(message.callId, part);
  });
const routed: TurnPart = { type: 'route-decided', responder: 'understudy', reason: 'no-lead' };
const finished: TurnPart[] = [routed, { type: 'text-delta', text: 'ok' }, { type: 'end', summary }];

describe('connect', () => {
  it('streams the parts of an answer and ends after the end', async () => {
    const connection = await connect({ bundle: '/b/' }, starting(answering(finished)));
    expect((await take(connection.ask('hi'))).map((part) => part.type)).to.deep.equal([
      'route-decided',
      'text-delta',
      'end',
    ]);
    connection.dispose();
  });

  it('refuses a lead it cannot read and names the option', async () => {
    let code = '';
    try {
      await connect({ bundle: '/b/', lead: 'telnet:somewhere' }, starting(new FakeWorker()));
    } catch (error) {
      code = (error as { code: string }).code;
    }
    expect(code).to.equal('client/bad-option');
  });

  it('refuses a worker of another release', async () => {
    const other = new FakeWorker();
    other.postMessage = (message) => {
      const { callId } = message as Message;
      queueMicrotask(() =>
        other.tell({ type: 'reply', callId, reply: { protocol: 99, status: INITIAL_STATUS } }),
      );
    };
    let code = '';
    try {
      await connect({ bundle: '/b/' }, starting(other));
    } catch (error) {
      code = (error as { code: string }).code;
    }
    expect(code).to.equal('worker/protocol-mismatch');
    expect(other.isClosed).to.be.true;
  });

  it('submits a form and says whether it was still waited for', async () => {
    const worker = new FakeWorker((message, port) => {
      const { callId, name, request } = message;
      const isKnown = JSON.stringify(request) === '{"formId":"f","action":"ok","values":{"a":1}}';
      if (name === 'submitForm') port.tell({ type: 'reply', callId, reply: { isAccepted: isKnown } });
    });
    const connection = await connect({ bundle: '/b/' }, starting(worker));
    expect(await connection.submitForm('f', 'ok', { a: 1 })).to.equal(true);
    expect(await connection.submitForm('g', 'ok', {})).to.equal(false);
    connection.dispose();
  });

  it('asks again in a new worker when the first one dies before it said anything', async () => {
    const first = new FakeWorker((message, worker) => {
      if (message.type === 'ask') worker.die();
    });
    const connection = await connect({ bundle: '/b/' }, starting(first, answering(finished)));
    const faults: string[] = [];
    connection.on('fault', (fault) => faults.push(fault.code));
    expect((await take(connection.ask('hi'))).at(-1)?.type).to.equal('end');
    expect(faults).to.deep.equal(['worker/crashed']);
    expect(first.isClosed).to.be.true;
    connection.dispose();
  });

  it('does not ask a lead twice by itself', async () => {
    const first = new FakeWorker((message, worker) => {
      if (message.type !== 'ask') return;
      worker.part(message.callId, { type: 'route-decided', responder: 'lead', reason: 'lead-reachable' });
      worker.die();
    });
    const second = answering(finished);
    const connection = await connect({ bundle: '/b/' }, starting(first, second));
    const last = (await take(connection.ask('hi'))).at(-1);
    expect(last?.type === 'error' ? last.error.code : null).to.equal('worker/crashed');
    expect(second.received.some((message) => message.type === 'ask')).to.be.false;
    connection.dispose();
  });

  it('starts a silent worker again', async () => {
    const silent = new FakeWorker();
    const environment = { ...starting(silent, answering(finished)), silenceLimitMs: 5, pingIntervalMs: 2 };
    const connection = await connect({ bundle: '/b/' }, environment);
    expect((await take(connection.ask('hi'))).at(-1)?.type).to.equal('end');
    expect(silent.isClosed).to.be.true;
    connection.dispose();
  });

  it('starts a worker again whose lock is free, without waiting for a silence', async () => {
    const locks = new HeldLocks();
    const first = new HoldingWorker(locks);
    const second = new HoldingWorker(locks, finished);
    const connection = await connect(
      { bundle: '/b/' },
      { ...starting(first, second), locks, silenceLimitMs: Number.POSITIVE_INFINITY },
    );
    const faults: string[] = [];
    connection.on('fault', (fault) => faults.push(fault.code));
    const parts = take(connection.ask('hi'));
    locks.end(await locks.nextInLine());
    expect((await parts).map(({ type }) => type)).to.deep.equal(['route-decided', 'text-delta', 'end']);
    expect(faults).to.deep.equal(['worker/crashed']);
    expect(first.isClosed).to.be.true;
    expect(second.received.filter(({ type }) => type === 'ask')).to.have.length(1);
    expect(first.lifeLock).to.not.equal(second.lifeLock);
    expect(locks.waitedFor).to.deep.equal([second.lifeLock]);
    connection.dispose();
    expect(locks.waitedFor).to.deep.equal([]);
  });

  it('leaves the line for the lock of a worker that died in another way', async () => {
    const locks = new HeldLocks();
    const first = new HoldingWorker(locks);
    const second = new HoldingWorker(locks);
    const connection = await connect({ bundle: '/b/' }, { ...starting(first, second), locks });
    await locks.nextInLine();
    first.die();
    expect(await locks.nextInLine()).to.equal(second.lifeLock);
    expect(locks.waitedFor).to.deep.equal([second.lifeLock]);
    connection.dispose();
  });

  it('waits for no lock that the worker does not say it holds', async () => {
    const locks = new HeldLocks();
    let hasAsked = false;
    const noting: Locks = {
      query: () => {
        hasAsked = true;
        return locks.query();
      },
      request: (...request) => locks.request(...request),
    };
    for (const lifeLock of [undefined, null, true, 'understudy page of another']) {
      const worker = new FakeWorker();
      worker.postMessage = (message) => {
        const { callId } = message as Message;
        const reply = { protocol: 1, status: INITIAL_STATUS, lifeLock };
        queueMicrotask(() => worker.tell({ type: 'reply', callId, reply }));
      };
      const connection = await connect({ bundle: '/b/' }, { ...starting(worker), locks: noting });
      connection.dispose();
    }
    expect(hasAsked).to.be.false;
  });

  it('takes no worker for dead whose lock this page does not see', async () => {
    const worker = new HoldingWorker(new HeldLocks(), finished);
    const connection = await connect({ bundle: '/b/' }, { ...starting(worker), locks: new HeldLocks() });
    expect(worker.lifeLock).to.be.a('string');
    expect((await take(connection.ask('hi'))).at(-1)?.type).to.equal('end');
    expect(worker.isClosed).to.be.false;
    connection.dispose();
  });

  it('names no lock where the browser has none', async () => {
    const worker = new HoldingWorker(new HeldLocks());
    const connection = await connect({ bundle: '/b/' }, { ...starting(worker), locks: null });
    expect(worker.lifeLock).to.be.null;
    connection.dispose();
  });

  it('names no lock for code that runs in the page', async () => {
    const locks = new HeldLocks();
    const worker = new HoldingWorker(locks);
    const port: Port = {
      place: 'page',
      postMessage: (message) => worker.postMessage(message),
      onMessage: (listener) => worker.onMessage(listener),
      onDeath: (listener) => worker.onDeath(listener),
      close: () => worker.close(),
    };
    const connection = await connect(
      { bundle: '/b/' },
      { start: async () => ({ port, fault: null }), locks },
    );
    expect(worker.lifeLock).to.be.null;
    connection.dispose();
  });

  it('cancels the turn when the page stops taking parts', async () => {
    const worker = answering([routed]);
    const connection = await connect({ bundle: '/b/' }, starting(worker));
    for await (const part of connection.ask('hi')) {
      expect(part.type).to.equal('route-decided');
      break;
    }
    expect(worker.received.some((message) => message.type === 'cancel')).to.be.true;
    connection.dispose();
  });

  it('ends open streams when it is disposed', async () => {
    const connection = await connect({ bundle: '/b/' }, starting(answering([routed])));
    const parts = take(connection.ask('hi'));
    connection.dispose();
    const last = (await parts).at(-1);
    expect(last?.type === 'error' ? last.error.code : null).to.equal('client/disposed');
  });

  it('tells a fault of the start to the first who listens', async () => {
    const blocked = new UnderstudyError('worker/blocked', 'No workers here.');
    const start = async () => ({ port: answering(finished), fault: blocked });
    const connection = await connect({ bundle: '/b/' }, { start });
    const told = new Promise((resolve) => connection.on('fault', (fault) => resolve(fault.code)));
    expect(await told).to.equal('worker/blocked');
    connection.dispose();
  });

  it('drops what is no message of the protocol', async () => {
    const worker = answering(finished);
    const connection = await connect({ bundle: '/b/' }, starting(worker));
    for (const junk of [
      null,
      7,
      'x',
      {},
      { type: 'part', callId: 1, part: { type: 'html' } },
      { type: 'reply' },
    ])
      worker.tell(junk);
    expect((await take(connection.ask('hi'))).at(-1)?.type).to.equal('end');
    connection.dispose();
  });
});
