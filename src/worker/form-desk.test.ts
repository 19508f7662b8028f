import { expect } from '@open-wc/testing';
import type { TurnForm } from '../contracts/form.ts';
import { ManualClock } from '../session/manual-clock.ts';
import { FormDesk } from './form-desk.ts';

const form = (expiresAtMs: number | null = null): TurnForm => ({
  id: 'f1',
  title: 'Return',
  content: '',
  fields: [
    {
      name: 'order',
      label: 'Order',
      type: 'text',
      isRequired: true,
      maxLength: null,
      options: [],
      default: null,
    },
  ],
  actions: [{ id: 'send', label: 'Send', style: 'primary' }],
  expiresAtMs,
});
const { signal } = new AbortController();

describe('FormDesk', () => {
  it('hands a form to the turn that waits for it, with the fields it has and nothing else', async () => {
    const desk = new FormDesk(new ManualClock());
    const waiting = desk.await(form(), signal);
    expect(desk.submit('f1', 'send', { order: '17', admin: true })).to.equal(true);
    expect(await waiting).to.deep.equal({ action: 'send', values: { order: '17' } });
    expect(desk.submit('f1', 'send', {})).to.equal(false);
    expect(desk.count).to.equal(0);
  });

  it('refuses forms that nobody waits for, and buttons they do not have', async () => {
    const desk = new FormDesk(new ManualClock());
    expect(desk.submit('f1', 'send', {})).to.equal(false);
    const waiting = desk.await(form(), signal);
    expect(desk.submit('f1', '__timeout', {})).to.equal(false);
    expect(desk.submit('f1', 'send', 'none')).to.equal(true);
    expect(await waiting).to.deep.equal({ action: 'send', values: {} });
  });

  it('gives up a form whose time runs out', async () => {
    const clock = new ManualClock();
    const desk = new FormDesk(clock);
    const waiting = desk.await(form(clock.now() + 1000), signal);
    await clock.advance(1000);
    expect(await waiting).to.deep.equal({ action: '__timeout', values: {} });
    expect(desk.submit('f1', 'send', {})).to.equal(false);
  });

  it('lets a form die with its turn', async () => {
    const clock = new ManualClock();
    const desk = new FormDesk(clock);
    const stop = new AbortController();
    const waiting = desk.await(form(clock.now() + 1000), stop.signal);
    stop.abort(new Error('over'));
    let message = '';
    await waiting.catch((error: unknown) => {
      message = String(error);
    });
    expect(message).to.equal('Error: over');
    expect(desk.submit('f1', 'send', {})).to.equal(false);
    expect(clock.sleeperCount).to.equal(0);
  });
});
