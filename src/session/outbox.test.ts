import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { UnderstudyError } from '../contracts/errors.ts';
import type { OutboxMessage } from '../contracts/responder.ts';
import type { Store } from '../contracts/store.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import { ManualClock } from './manual-clock.ts';
import type { Lock, OutboxSender } from './outbox.ts';
import { MAX_OUTBOX_MESSAGES, Outbox } from './outbox.ts';
import { createUrlSender } from './outbox-senders.ts';

const message = (id: string, createdAtMs = 1): OutboxMessage => ({
  id,
  text: `text of ${id}`,
  contact: '',
  createdAtMs,
  transcript: [],
  slots: [],
});

/** Tabs of one site: they share a store and a lock. */
class Site {
  readonly clock = new ManualClock();
  readonly store: Store = { ...bind(createMemoryStore()), persistence: 'persistent' };
  readonly sent: string[] = [];
  readonly faults: unknown[] = [];
  deliveredCount = 0;
  canDedupe = true;
  answer: () => Promise<'delivered' | 'unconfirmed'> = () => Promise.resolve('delivered');
  #tail: Promise<void> = Promise.resolve();

  readonly lock: Lock = (_name, task) => {
    const turn = this.#tail.then(task);
    this.#tail = turn.catch(() => undefined);
    return turn;
  };

  open(): Outbox {
    const sender: OutboxSender = {
      canDedupe: this.canDedupe,
      send: ({ id }) => {
        this.sent.push(id);
        return this.answer();
      },
    };
    return new Outbox({
      store: this.store,
      clock: this.clock,
      random: () => 0.5,
      sender,
      lock: this.lock,
      onChange: () => undefined,
      onDelivered: () => {
        this.deliveredCount += 1;
      },
      onFault: (error) => this.faults.push(error),
    });
  }
}

function bind(store: Store): Store {
  return {
    contract: 1,
    persistence: store.persistence,
    get: (collection, key) => store.get(collection, key),
    set: (collection, key, value) => store.set(collection, key, value),
    delete: (collection, key) => store.delete(collection, key),
    keys: (collection) => store.keys(collection),
    transact: (writes) => store.transact(writes),
    clear: () => store.clear(),
    close: () => store.close(),
  };
}

describe('Outbox', () => {
  let site: Site;
  beforeEach(() => {
    site = new Site();
  });

  it('keeps a message before it sends it, and deletes it once it is delivered', async () => {
    const outbox = site.open();
    await outbox.add(message('a'));
    expect(outbox.count).to.equal(1);
    expect(await site.store.keys('outbox')).to.deep.equal(['a']);
    await outbox.flush();
    expect(site.sent).to.deep.equal(['a']);
    expect(outbox.count).to.equal(0);
    expect(outbox.stateOf('a')).to.equal('delivered');
    expect(await site.store.keys('outbox')).to.deep.equal([]);
    expect(site.deliveredCount).to.equal(1);
  });

  it('takes a message once', async () => {
    const outbox = site.open();
    await outbox.add(message('a'));
    await outbox.add(message('a'));
    await Promise.all([outbox.flush(), outbox.flush(true)]);
    expect(site.sent).to.deep.equal(['a']);
  });

  it('sends again after a while that grows, or at once when something has changed', async () => {
    site.answer = () => Promise.reject(new UnderstudyError('lead/unreachable', 'x'));
    const outbox = site.open();
    await outbox.add(message('a'));
    await outbox.flush();
    expect(outbox.stateOf('a')).to.equal('waiting');
    expect(outbox.nextAttemptAtMs).to.equal(site.clock.now() + 2000);
    await outbox.flush();
    expect(site.sent).to.have.length(1);
    await site.clock.advance(2000);
    await outbox.flush();
    expect(site.sent).to.have.length(2);
    expect(outbox.nextAttemptAtMs).to.equal(site.clock.now() + 4000);
    site.answer = () => Promise.resolve('delivered');
    await outbox.flush(true);
    expect(outbox.count).to.equal(0);
    expect(site.faults).to.have.length(1);
  });

  it('never sends a message of unknown fate again by itself', async () => {
    site.canDedupe = false;
    site.answer = () => Promise.resolve('unconfirmed');
    const outbox = site.open();
    await outbox.add(message('a'));
    await outbox.flush();
    expect(outbox.stateOf('a')).to.equal('unconfirmed');
    expect(outbox.count).to.equal(0);
    await outbox.flush(true);
    const next = site.open();
    await next.load();
    await next.flush(true);
    expect(next.stateOf('a')).to.equal('unconfirmed');
    expect(site.sent).to.have.length(1);
  });

  for (const [canDedupe, times] of [
    [true, 2],
    [false, 1],
  ] as const) {
    it(`${canDedupe ? 'sends' : 'does not send'} again what a page that crashed was sending, to a receiver that ${canDedupe ? 'dedupes' : 'does not'}`, async () => {
      site.canDedupe = canDedupe;
      const outbox = site.open();
      await outbox.add(message('a'));
      const kept = await site.store.get('outbox', 'a');
      await outbox.flush();
      await site.store.set('outbox', 'a', { ...(kept as object), state: 'sending' });
      const next = site.open();
      await next.load();
      await next.flush(true);
      expect(site.sent).to.have.length(times);
      expect(next.stateOf('a')).to.equal(canDedupe ? 'delivered' : 'unconfirmed');
    });
  }

  it('is not sent twice by two tabs', async () => {
    site.canDedupe = false;
    const first = site.open();
    await first.add(message('a'));
    const second = site.open();
    await second.load();
    await Promise.all([first.flush(true), second.flush(true)]);
    expect(site.sent).to.deep.equal(['a']);
    expect(second.count).to.equal(0);
  });

  it('does not send again what another tab sent without an answer', async () => {
    site.canDedupe = false;
    site.answer = () => Promise.resolve('unconfirmed');
    const first = site.open();
    await first.add(message('a'));
    const second = site.open();
    await second.load();
    await Promise.all([first.flush(true), second.flush(true)]);
    expect(site.sent).to.deep.equal(['a']);
    expect(second.stateOf('a')).to.equal('unconfirmed');
  });

  it('refuses one message too many', async () => {
    const outbox = site.open();
    for (let count = 0; count < MAX_OUTBOX_MESSAGES; count += 1) await outbox.add(message(String(count)));
    let code = '';
    await outbox.add(message('more')).catch((error: unknown) => {
      code = error instanceof UnderstudyError ? error.code : '';
    });
    expect(code).to.equal('outbox/full');
  });

  it('sends what the device has no room to keep', async () => {
    const store: Store = {
      ...site.store,
      set: () => Promise.reject(new UnderstudyError('store/quota', 'x')),
    };
    Object.assign(site, { store });
    const outbox = site.open();
    await outbox.add(message('a'));
    await outbox.flush();
    expect(site.sent).to.deep.equal(['a']);
  });

  it('passes over records it cannot read', async () => {
    await site.store.set('outbox', 'x', { id: 'x', text: 7 });
    await site.store.set('outbox', 'y', 'nothing');
    const outbox = site.open();
    await outbox.load();
    expect(outbox.count).to.equal(0);
  });

  it('forgets what is erased while it is being sent', async () => {
    const outbox = site.open();
    let deliver: () => void = () => undefined;
    site.answer = () =>
      new Promise((resolve) => {
        deliver = () => resolve('delivered');
      });
    await outbox.add(message('a'));
    const sent = outbox.flush();
    await site.clock.advance(0);
    await outbox.erase();
    deliver();
    await sent;
    expect(site.deliveredCount).to.equal(0);
    expect(await site.store.keys('outbox')).to.deep.equal([]);
  });

  it('loses and doubles nothing, whatever the receiver does and however often pages are reloaded', async () => {
    const act = fc.oneof(
      fc.constant({ type: 'add' } as const),
      fc.constant({ type: 'flush' } as const),
      fc.constant({ type: 'reload' } as const),
      fc.nat(400_000).map((durationMs) => ({ type: 'wait', durationMs }) as const),
      fc
        .constantFrom('delivered', 'unconfirmed', 'fails')
        .map((answer) => ({ type: 'answer', answer }) as const),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 20 }), async (acts) => {
        const model = new Site();
        model.canDedupe = false;
        const fates = new Map<string, 'delivered' | 'unconfirmed'>();
        let answer: 'delivered' | 'unconfirmed' | 'fails' = 'delivered';
        model.answer = () => {
          if (answer === 'fails') return Promise.reject(new Error('no'));
          const id = model.sent.at(-1) ?? '';
          expect(fates.has(id), `${id} is sent once`).to.equal(false);
          fates.set(id, answer);
          return Promise.resolve(answer);
        };
        let outbox = model.open();
        let added = 0;
        for (const one of acts) {
          if (one.type === 'add') {
            added += 1;
            await outbox.add(message(`m${String(added)}`, added));
          }
          if (one.type === 'flush') await outbox.flush(true);
          if (one.type === 'answer') answer = one.answer;
          if (one.type === 'wait') {
            await model.clock.advance(one.durationMs);
            await outbox.flush();
          }
          if (one.type === 'reload') {
            outbox.dispose();
            outbox = model.open();
            await outbox.load();
          }
        }
        answer = 'delivered';
        await outbox.flush(true);
        expect(fates.size, 'every message got somewhere').to.equal(added);
        expect(outbox.count).to.equal(0);
      }),
      { numRuns: 60 },
    );
  });
});

describe('createUrlSender', () => {
  const send = (respond: () => Promise<Response>): { requests: RequestInit[]; done: Promise<string> } => {
    const requests: RequestInit[] = [];
    const sender = createUrlSender('https://shop.example/outbox', {
      clock: new ManualClock(),
      fetch: (_url, init) => {
        requests.push(init);
        return respond();
      },
    });
    const done = sender
      .send(message('a'), new AbortController().signal)
      .catch((error: unknown) => String(error));
    return { requests, done };
  };

  it('posts JSON with the id as Idempotency-Key and takes any 2xx', async () => {
    const { requests, done } = send(() => Promise.resolve(new Response(null, { status: 202 })));
    expect(await done).to.equal('delivered');
    const headers = new Headers(requests[0]?.headers);
    expect(headers.get('Idempotency-Key')).to.equal('a');
    expect(JSON.parse(requests[0]?.body as string)).to.include({ id: 'a', text: 'text of a' });
  });

  it('throws for anything else', async () => {
    expect(await send(() => Promise.resolve(new Response('', { status: 500 }))).done).to.contain('500');
    expect(await send(() => Promise.reject(new TypeError('Failed to fetch'))).done).to.contain(
      'Failed to fetch',
    );
  });
});
