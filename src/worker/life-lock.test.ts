import { expect } from '@open-wc/testing';
import { holdForLife } from './life-lock.ts';

describe('holdForLife', () => {
  const nameOne = (): string => `understudy test ${crypto.randomUUID()}`;

  it('holds the lock', async () => {
    const name = nameOne();
    expect(await holdForLife(name, navigator.locks)).to.be.true;
    const { held = [] } = await navigator.locks.query();
    expect(held.filter((lock) => lock.name === name)).to.have.length(1);
  });

  it('does not wait for a lock that somebody else holds', async () => {
    const name = nameOne();
    await holdForLife(name, navigator.locks);
    expect(await holdForLife(name, navigator.locks)).to.be.false;
    const { pending = [] } = await navigator.locks.query();
    expect(pending.filter((lock) => lock.name === name)).to.have.length(0);
  });

  it('says so where there are no locks and where the browser refuses one', async () => {
    expect(await holdForLife(nameOne(), null)).to.be.false;
    expect(await holdForLife('-', navigator.locks)).to.be.false;
  });
});
