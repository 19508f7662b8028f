import { expect } from '@open-wc/testing';
import { testTurn } from '../../test/contract/responder.ts';
import { UnderstudyError } from '../contracts/errors.ts';
import type { Responder } from '../contracts/responder.ts';
import type { NoticeCode, TurnPart, TurnRequest } from '../contracts/turn.ts';
import { MAX_TURN_LENGTH } from '../contracts/turn.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import { findSlots } from '../text/slots/find-slots.ts';
import { ManualClock } from './manual-clock.ts';
import { script, ScriptedLead, ScriptedResponder } from './scripted-responder.ts';
import type { Session, SessionDependencies } from './session.ts';
import { createSession } from './session.ts';

const { text, end, fail } = script;
const unreachable = new UnderstudyError('lead/unreachable', 'x');

/** A device with a session on it. */
class Device {
  readonly clock = new ManualClock();
  readonly store = createMemoryStore();
  readonly lead = new ScriptedLead(this.clock);
  readonly understudy = new ScriptedResponder('understudy', this.clock);
  readonly notices: NoticeCode[] = [];
  readonly faults: string[] = [];
  readonly posted: string[] = [];
  changes = 0;
  postStatus = 200;

  open(options: Partial<SessionDependencies> = {}): Session {
    return createSession({
      lead: this.lead,
      understudy: () => Promise.resolve<Responder | null>(this.understudy),
      store: this.store,
      clock: this.clock,
      random: () => 0.5,
      fetch: (_url, init) => {
        this.posted.push(new Headers(init.headers).get('Idempotency-Key') ?? '');
        return Promise.resolve(new Response('', { status: this.postStatus }));
      },
      outboxUrl: null,
      privacy: 'hybrid',
      onChange: () => {
        this.changes += 1;
      },
      onNotice: (code) => this.notices.push(code),
      onFault: ({ code }) => this.faults.push(code),
      ...options,
    });
  }

  /** Asks and lets time pass until the answer is there. */
  async ask(
    session: Session,
    turn: TurnRequest = testTurn(),
    signal?: AbortSignal,
  ): Promise<readonly TurnPart[]> {
    const parts: TurnPart[] = [];
    const run = async (): Promise<void> => {
      for await (const part of session.ask(turn, signal === undefined ? {} : { signal })) parts.push(part);
    };
    const reading = run();
    for (let count = 0; count < 40 && !isOver(parts); count += 1)
      await this.clock.advance(count < 10 ? 10 : 500);
    await reading;
    return parts;
  }
}

const isOver = (parts: readonly TurnPart[]): boolean => {
  const last = parts.at(-1)?.type;
  return last === 'end' || last === 'error';
};
const shown = (parts: readonly TurnPart[]): string =>
  parts.map((part) => (part.type === 'text-delta' ? part.text : '')).join('');
const route = (parts: readonly TurnPart[]): string => {
  const [first] = parts;
  return first?.type === 'route-decided' ? `${first.responder} ${first.reason}` : '';
};
const codeOf = (parts: readonly TurnPart[]): string => {
  const last = parts.at(-1);
  return last?.type === 'error' ? last.error.code : '';
};

describe('a session', () => {
  let device: Device;
  beforeEach(() => {
    device = new Device();
    device.lead.steps = [text('From above.'), end()];
    device.understudy.steps = [text('From here.'), end()];
  });

  it('answers with the lead, goes to the device when the lead is gone, and comes back to it without a reload', async () => {
    const session = device.open();
    expect(route(await device.ask(session))).to.equal('lead lead-reachable');
    expect(session.reach).to.equal('reachable');

    device.lead.steps = [fail(unreachable)];
    device.lead.probeError = unreachable;
    expect(route(await device.ask(session))).to.equal('understudy lead-unreachable');
    expect(session.reach).to.equal('unreachable');
    const asked = device.lead.asked.length;
    expect(route(await device.ask(session))).to.equal('understudy lead-unreachable');
    expect(device.lead.asked.length, 'an open circuit is not asked').to.equal(asked);

    await device.clock.advance(20_000);
    expect(device.lead.probeCount).to.be.at.least(2);
    expect(session.reach).to.equal('unreachable');
    device.lead.steps = [text('From above.'), end()];
    device.lead.probeError = null;
    await device.clock.advance(30_000);
    expect(session.reach).to.equal('reachable');
    expect(route(await device.ask(session))).to.equal('lead lead-reachable');
    session.dispose();
    await device.clock.advance(0);
    expect(device.clock.sleeperCount).to.equal(0);
  });

  it('tries the lead again with a turn once its open time is over, also without a probe', async () => {
    const session = device.open();
    device.lead.steps = [fail(unreachable)];
    await device.ask(session);
    device.lead.steps = [text('From above.'), end()];
    await device.clock.advance(1500);
    expect(route(await device.ask(session))).to.equal('lead lead-reachable');
    expect(session.reach).to.equal('reachable');
  });

  it('finds out at once whether a lead that broke off is gone', async () => {
    const session = device.open();
    device.lead.steps = [text('From '), fail(new UnderstudyError('lead/interrupted', 'x'))];
    await device.ask(session);
    expect(session.reach).to.equal('degraded');
    device.lead.probeError = unreachable;
    await device.ask(session, testTurn());
    await device.clock.advance(0);
    expect(session.reach).to.equal('unreachable');
    session.dispose();
  });

  it('leaves a lead alone for as long as it asks', async () => {
    const session = device.open();
    device.lead.steps = [fail(new UnderstudyError('lead/refused', 'x', { facts: { retryAfterMs: 60_000 } }))];
    expect(route(await device.ask(session))).to.equal('understudy lead-refused');
    device.lead.steps = [text('From above.'), end()];
    await device.clock.advance(50_000);
    await session.probeNow();
    expect(route(await device.ask(session))).to.equal('understudy lead-refused');
    expect(device.lead.probeCount).to.equal(0);
    await device.clock.advance(60_000);
    expect(route(await device.ask(session))).to.equal('lead lead-reachable');
  });

  it('stops looking for the lead ten minutes after the last turn when nothing waits', async () => {
    const session = device.open();
    device.lead.steps = [fail(unreachable)];
    device.lead.probeError = unreachable;
    await device.ask(session);
    await device.clock.advance(11 * 60_000);
    const { probeCount } = device.lead;
    expect(probeCount).to.be.within(15, 60);
    await device.clock.advance(60 * 60_000);
    expect(device.lead.probeCount).to.equal(probeCount);
    expect(device.clock.sleeperCount).to.equal(0);
    session.dispose();
  });

  it('never sends a question anywhere in device-only mode', async () => {
    const session = device.open({ privacy: 'device-only' });
    expect(route(await device.ask(session))).to.equal('understudy device-only');
    await session.probeNow();
    expect(await session.leaveMessage({ id: 'm', text: 'Hi', contact: '' })).to.deep.equal({ state: 'kept' });
    await device.clock.advance(60_000);
    expect(device.lead.asked).to.have.length(0);
    expect(device.lead.probeCount).to.equal(0);
    expect(device.lead.delivered).to.have.length(0);
    expect(session.reach).to.equal('none');
  });

  it('refuses empty and too long questions without asking anybody', async () => {
    const session = device.open();
    expect(codeOf(await device.ask(session, testTurn('  \n ')))).to.equal('turn/empty');
    expect(codeOf(await device.ask(session, testTurn('x'.repeat(MAX_TURN_LENGTH + 1))))).to.equal(
      'turn/too-long',
    );
    expect(device.lead.asked).to.have.length(0);
    expect(await session.transcript()).to.have.length(0);
  });

  it('makes one turn of an id that is sent twice, while it runs and after', async () => {
    const session = device.open();
    device.lead.steps = [text('From above.', 300), end()];
    const turn = testTurn();
    const [first, second] = await Promise.all([device.ask(session, turn), device.ask(session, turn)]);
    expect(shown(first)).to.equal('From above.');
    expect(codeOf(second)).to.equal('turn/aborted');
    const again = await device.ask(session, turn);
    expect(shown(again)).to.equal('From above.');
    expect(again.at(-1)?.type).to.equal('end');
    expect(device.lead.asked).to.have.length(1);
    expect(await session.transcript()).to.have.length(1);
  });

  it('keeps a turn before it asks, then its answer, and tells later turns of it', async () => {
    const session = device.open();
    device.lead.steps = [text('From '), text('above.', 5000), end()];
    const turn = testTurn('How long?');
    const asking = device.ask(session, turn);
    await device.clock.advance(100);
    const kept = await device.store.get('transcript', turn.id);
    expect(kept).to.include({ state: 'pending', question: 'How long?' });
    await asking;
    const [entry] = await session.transcript();
    expect(entry).to.include({ state: 'answered', answer: 'From above.' });
    await device.ask(session);
    expect(device.lead.asked[1]?.history).to.deep.equal([
      { question: 'How long?', answer: 'From above.', responder: 'lead' },
    ]);
  });

  it('shows a turn that was cut by a reload as pending, and answers it under its id', async () => {
    const turn = testTurn('How long?');
    await device.store.set('transcript', turn.id, {
      id: turn.id,
      question: 'How long?',
      askedAtMs: 5,
      state: 'pending',
      answer: 'Fr',
      summary: null,
    });
    await device.store.set('transcript', 'broken', { id: 7 });
    const session = device.open();
    expect((await session.transcript()).map(({ state }) => state)).to.deep.equal(['pending']);
    await device.ask(session, turn);
    expect(await session.transcript()).to.have.length(1);
    expect((await session.transcript())[0]).to.include({ state: 'answered', askedAtMs: 5 });
  });

  it('marks a turn that was stopped as failed and keeps what was shown', async () => {
    const session = device.open();
    device.lead.steps = [text('From '), text('above.', 5000), end()];
    const abort = new AbortController();
    const asking = device.ask(session, testTurn(), abort.signal);
    await device.clock.advance(100);
    abort.abort();
    expect(codeOf(await asking)).to.equal('turn/aborted');
    expect((await session.transcript())[0]).to.include({ state: 'failed', answer: 'From ' });
  });

  it('keeps 200 turns', async () => {
    for (let count = 0; count < 205; count += 1) {
      const id = `turn-${String(count)}`;
      const entry = { id, question: 'q', askedAtMs: count, state: 'failed', answer: '', summary: null };
      await device.store.set('transcript', id, entry);
    }
    const session = device.open();
    await device.ask(session);
    const entries = await session.transcript();
    expect(entries).to.have.length(200);
    expect(entries[0]?.id).to.equal('turn-6');
    expect(entries.at(-1)?.state).to.equal('answered');
  });

  it('answers on a device that keeps nothing, and tells the owner', async () => {
    device.store.close();
    const session = device.open();
    expect(shown(await device.ask(session))).to.equal('From above.');
    expect(await session.transcript()).to.have.length(1);
    expect(device.faults).to.include('store/failed');
  });

  it('delivers a left message to the lead at once', async () => {
    const session = device.open();
    await device.ask(session);
    expect(await session.leaveMessage({ id: 'm', text: ' Call me ', contact: 'a@b.c' })).to.deep.equal({
      state: 'delivered',
    });
    expect(device.lead.delivered).to.deep.equal(['m']);
    expect(device.notices).to.deep.equal(['outbox-delivered']);
  });

  it('keeps a left message while the lead is gone and delivers it when it is back', async () => {
    const session = device.open();
    device.lead.steps = [fail(unreachable)];
    device.lead.probeError = unreachable;
    await device.ask(session);
    expect(await session.leaveMessage({ id: 'm', text: 'Call me', contact: '' })).to.deep.equal({
      state: 'kept',
    });
    expect(session.outboxCount).to.equal(1);
    await device.clock.advance(60 * 60_000);
    expect(device.lead.delivered).to.deep.equal([]);
    device.lead.probeError = null;
    await device.clock.advance(31_000);
    expect(device.lead.delivered).to.deep.equal(['m']);
    expect(session.outboxCount).to.equal(0);
    expect(device.notices).to.deep.equal(['outbox-kept', 'outbox-delivered']);
  });

  it('delivers at once when the network says it is back', async () => {
    const session = device.open();
    device.lead.steps = [fail(unreachable)];
    device.lead.probeError = unreachable;
    await device.ask(session);
    await session.leaveMessage({ id: 'm', text: 'Call me', contact: '' });
    device.lead.probeError = null;
    await session.probeNow();
    expect(device.lead.delivered).to.deep.equal(['m']);
    expect(session.reach).to.equal('reachable');
  });

  it('posts to an outbox address whether the lead is there or not, and again after a reload', async () => {
    const first = device.open({ outboxUrl: 'https://shop.example/outbox', lead: null });
    device.postStatus = 503;
    expect(await first.leaveMessage({ id: 'm', text: 'Call me', contact: '' })).to.deep.equal({
      state: 'kept',
    });
    first.dispose();
    device.postStatus = 200;
    const next = device.open({ outboxUrl: 'https://shop.example/outbox', lead: null });
    await device.clock.advance(10_000);
    expect(device.posted).to.deep.equal(['m', 'm']);
    expect(next.outboxCount).to.equal(0);
  });

  it('tells people what the visitor wrote of themselves, out of nothing but what is sent anyway', async () => {
    const bodies: unknown[] = [];
    const fetch = (_url: string, init: RequestInit): Promise<Response> => {
      bodies.push(typeof init.body === 'string' ? JSON.parse(init.body) : null);
      return Promise.resolve(new Response(''));
    };
    const outboxUrl = 'https://shop.example/outbox';
    const session = device.open({ outboxUrl, fetch, findSlots: () => Promise.resolve(findSlots) });
    const ask = async (id: string, text: string): Promise<unknown> =>
      device.ask(session, { ...testTurn(), id, text });
    await ask('1', 'Order FB-123456 costs $20, I am a@b.example');
    await ask('2', 'order fb-123456, or 订单号202611030001');
    await session.leaveMessage({ id: 'm', text: 'Call +44 20 7946 0958', contact: 'c@d.example' });
    expect(bodies).to.have.length(1);
    expect(bodies[0]).to.deep.include({
      slots: [
        { name: 'email', value: 'a@b.example' },
        { name: 'order', value: 'fb-123456' },
        { name: 'order', value: '202611030001' },
        { name: 'phone', value: '+44 20 7946 0958' },
      ],
    });
  });

  it('knows how the visitor can be reached, once they have written it', async () => {
    const session = device.open({ findSlots: () => Promise.resolve(findSlots) });
    expect(await session.contact()).to.equal(null);
    const said = ['I am a@b.example', 'my number is +44 20 7946 0958', 'no, c@d.example'];
    for (const [at, text] of said.slice(1).entries())
      await device.ask(session, { ...testTurn(), id: String(at), text });
    expect(await session.contact()).to.equal('c@d.example');
    expect(device.lead.delivered).to.deep.equal([]);
    await session.erase();
    expect(await session.contact()).to.equal(null);
  });

  it('delivers a message without slots when their reader cannot be loaded, or does not come', async () => {
    const failing = device.open({ findSlots: () => Promise.reject(new TypeError('Failed to fetch')) });
    await failing.leaveMessage({ id: 'm1', text: 'order FB-123456', contact: '' });
    failing.dispose();
    const hanging = device.open({ findSlots: () => new Promise(() => undefined) });
    const leaving = hanging.leaveMessage({ id: 'm2', text: 'order FB-123456', contact: '' });
    await device.clock.advance(2000);
    await leaving;
    expect(device.lead.delivered).to.deep.equal(['m1', 'm2']);
    expect(device.faults).to.deep.equal([]);
  });

  it('loads the reader of slots with the first turn, and again after it failed', async () => {
    let count = 0;
    const session = device.open({
      findSlots: () => {
        count += 1;
        return count === 1 ? Promise.reject(new TypeError('Failed to fetch')) : Promise.resolve(findSlots);
      },
    });
    expect(count).to.equal(0);
    await device.ask(session, { ...testTurn(), text: 'I am a@b.example' });
    expect(count).to.equal(1);
    expect(await session.contact()).to.equal('a@b.example');
    await session.contact();
    expect(count).to.equal(2);
  });

  it('refuses messages that are empty or too long', async () => {
    const session = device.open();
    for (const message of ['  ', 'x'.repeat(MAX_TURN_LENGTH + 1)]) {
      let code = '';
      await session.leaveMessage({ id: 'm', text: message, contact: '' }).catch((error: unknown) => {
        code = error instanceof UnderstudyError ? error.code : '';
      });
      expect(code).to.match(/^turn\//);
    }
  });

  it('forgets everything when told to', async () => {
    const session = device.open({ lead: null });
    await device.ask(session);
    await session.leaveMessage({ id: 'm', text: 'Call me', contact: '' });
    await session.erase();
    expect(await session.transcript()).to.deep.equal([]);
    expect(session.outboxCount).to.equal(0);
    expect(await device.store.keys('transcript')).to.deep.equal([]);
    expect(await device.store.keys('outbox')).to.deep.equal([]);
  });

  it('ends open turns when it is disposed, and answers none after', async () => {
    const session = device.open();
    device.lead.steps = [text('From '), text('above.', 5000), end()];
    const asking = device.ask(session);
    await device.clock.advance(50);
    session.dispose();
    session.dispose();
    expect(codeOf(await asking)).to.match(/^(turn\/aborted|client\/disposed)$/);
    expect(codeOf(await device.ask(session))).to.equal('client/disposed');
  });

  it('tells figures and no text', async () => {
    const session = device.open();
    await device.ask(session, testTurn('a secret'));
    const told = JSON.stringify(session.diagnostics());
    expect(told).to.contain('"lead":1');
    expect(told).not.to.contain('secret');
    expect(told).not.to.contain('above');
  });
});
