import { expect } from '@open-wc/testing';
import { HeldLocks } from '../../test/fixtures/held-locks.ts';
import type { Locks } from './life-lock.ts';
import { findLocks, nameLifeLock, seesLifeLock, watchLifeLock } from './life-lock.ts';

/** Goes on once everything that waits for nothing has been done. */
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

/** Locks as a sandboxed frame has them. */
const refuse = (): Promise<never> => Promise.reject(new DOMException('', 'SecurityError'));
const refusing: Locks = { query: refuse, request: refuse };

/** Reads the browser's locks until they are as wished. */
async function locksWhen(isWished: (snapshot: LockManagerSnapshot) => boolean): Promise<void> {
  while (!isWished(await navigator.locks.query())) await settled();
}

describe('watchLifeLock', () => {
  it('tells the end of a holder in this browser, at once and once', async () => {
    const name = nameLifeLock();
    let end = (): void => undefined;
    await new Promise<void>((held) => {
      void navigator.locks.request(name, () => {
        held();
        return new Promise<void>((resolve) => {
          end = resolve;
        });
      });
    });
    let told = 0;
    const locks = findLocks();
    if (locks === null) throw new Error('This browser has no locks.');
    const ended = new Promise<void>((resolve) => {
      watchLifeLock(locks, name, () => {
        told += 1;
        resolve();
      });
    });
    await locksWhen(({ pending = [] }) => pending.some((lock) => lock.name === name));
    expect(told).to.equal(0);
    end();
    await ended;
    await locksWhen(({ held = [] }) => held.every((lock) => lock.name !== name));
    expect(told).to.equal(1);
  });

  it('leaves the line in this browser when it is stopped', async () => {
    const name = nameLifeLock();
    let end = (): void => undefined;
    await new Promise<void>((held) => {
      void navigator.locks.request(name, () => {
        held();
        return new Promise<void>((resolve) => {
          end = resolve;
        });
      });
    });
    const locks = findLocks();
    if (locks === null) throw new Error('This browser has no locks.');
    let told = 0;
    const stop = watchLifeLock(locks, name, () => (told += 1));
    await locksWhen(({ pending = [] }) => pending.some((lock) => lock.name === name));
    stop();
    stop();
    await locksWhen(({ pending = [] }) => pending.every((lock) => lock.name !== name));
    end();
    await locksWhen(({ held = [] }) => held.every((lock) => lock.name !== name));
    expect(told).to.equal(0);
  });

  it('says nothing when it was stopped in the moment the holder ended', async () => {
    const locks = new HeldLocks();
    locks.hold('a');
    let told = 0;
    const stop = watchLifeLock(locks, 'a', () => (told += 1));
    await locks.nextInLine();
    locks.end('a');
    stop();
    await settled();
    expect(told).to.equal(0);
  });

  it('takes no worker for dead where a frame may not lock', async () => {
    let told = 0;
    watchLifeLock(refusing, 'a', () => (told += 1));
    await settled();
    expect(told).to.equal(0);
  });
});

describe('seesLifeLock', () => {
  it('sees a lock that is held under this name', async () => {
    const locks = new HeldLocks();
    locks.hold('a');
    expect(await seesLifeLock(locks, 'a')).to.be.true;
    expect(await seesLifeLock(locks, 'b')).to.be.false;
  });

  it('sees none where a frame may not ask', async () => {
    expect(await seesLifeLock(refusing, 'a')).to.be.false;
  });
});
