import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { ManualClock } from '../session/manual-clock.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import type { Liveness } from './crash-mark.ts';
import { openCrashMark } from './crash-mark.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const gone: Liveness = { name: 'tab', isAlive: () => Promise.resolve(false) };

function device() {
  const store = createMemoryStore();
  const clock = new ManualClock();
  const start = (release = 'r1', liveness: Liveness | null = gone) =>
    openCrashMark({ store, clock, liveness, release });
  return { store, clock, start };
}

describe('the crash mark', () => {
  it('steps an engine down when the page ended while it loaded, and tells it once', async () => {
    const { start } = device();
    await (await start()).mark.enter('kernel', 'loading');
    const second = await start();
    expect(second.fault?.code).to.equal('engine/stepped-down');
    expect(second.fault?.facts).to.deep.equal({ engine: 'kernel', phase: 'loading' });
    expect([...second.mark.steppedOver]).to.deep.equal(['kernel']);
    const third = await start();
    expect(third.fault).to.equal(null);
    expect([...third.mark.steppedOver]).to.deep.equal(['kernel']);
  });

  it('steps down engine by engine', async () => {
    const { start } = device();
    await (await start()).mark.enter('kernel', 'loading');
    await (await start()).mark.enter('transformers', 'loading');
    expect([...(await start()).mark.steppedOver]).to.deep.equal(['kernel', 'transformers']);
  });

  it('does not count what came through', async () => {
    const { start } = device();
    const { mark } = await start();
    await mark.enter('kernel', 'loading');
    await mark.leave();
    expect((await start()).fault).to.equal(null);
  });

  it('takes a page that is left in the middle of one answer for a visitor who goes on', async () => {
    const { start } = device();
    await (await start()).mark.enter('kernel', 'writing');
    const second = await start();
    expect(second.fault).to.equal(null);
    expect(second.mark.steppedOver.size).to.equal(0);
  });

  it('takes two in a row for a crash, and a finished answer in between for none', async () => {
    const { start } = device();
    await (await start()).mark.enter('kernel', 'writing');
    const { mark } = await start();
    await mark.enter('kernel', 'writing');
    await mark.leave();
    await mark.enter('kernel', 'writing');
    expect((await start()).fault).to.equal(null);
    await (await start()).mark.enter('kernel', 'writing');
    expect((await start()).fault?.code).to.equal('engine/stepped-down');
  });

  it('leaves the mark of a tab alone that is still open', async () => {
    const { start } = device();
    await (await start()).mark.enter('kernel', 'loading');
    const other = await start('r1', { name: 'other', isAlive: (name) => Promise.resolve(name === 'tab') });
    expect(other.fault).to.equal(null);
    expect((await start()).fault?.code).to.equal('engine/stepped-down');
  });

  it('judges by the mark alone where the browser has no locks', async () => {
    const { start } = device();
    await (await start('r1', null)).mark.enter('kernel', 'loading');
    expect((await start('r1', null)).fault?.code).to.equal('engine/stepped-down');
  });

  it('forgets with another release', async () => {
    const { start } = device();
    await (await start()).mark.enter('kernel', 'loading');
    await start();
    expect((await start('r2')).mark.steppedOver.size).to.equal(0);
  });

  it('forgets after three days, and when the clock was set back', async () => {
    const { start, clock } = device();
    await (await start()).mark.enter('kernel', 'loading');
    await start();
    await clock.advance(3 * DAY_MS - 1);
    expect((await start()).mark.steppedOver.size).to.equal(1);
    await clock.advance(1);
    expect((await start()).mark.steppedOver.size).to.equal(0);
  });

  it('works on as if nothing was marked when storage fails', async () => {
    const { store, clock } = device();
    const broken = {
      ...store,
      persistence: store.persistence,
      get: () => Promise.reject(new Error('no')),
      set: () => Promise.reject(new Error('no')),
    };
    const { mark, fault } = await openCrashMark({ store: broken, clock, liveness: gone, release: 'r1' });
    await mark.enter('kernel', 'loading');
    await mark.leave();
    expect(fault).to.equal(null);
  });

  it('reads whatever is stored without failing', async () => {
    await fc.assert(
      fc.asyncProperty(fc.anything(), fc.anything(), async (running, counts) => {
        const { store, start } = device();
        const value = { release: 'r1', running, strikes: counts, crashedMs: [counts, ['kernel', counts]] };
        await store.set('settings', 'engine-crash-mark', value);
        expect((await start()).mark.steppedOver).to.be.instanceOf(Set);
      }),
      { numRuns: 50 },
    );
  });
});
