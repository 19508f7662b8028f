import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { parseLifeLock } from './parse-protocol.ts';

describe('parseLifeLock', () => {
  it('accepts the name of a lock', () => {
    const name = `understudy page ${crypto.randomUUID()}`;
    expect(parseLifeLock(name)).to.equal(name);
  });

  it('takes a hello of an earlier page, which names none, for one without a lock', () => {
    expect(parseLifeLock(undefined)).to.be.null;
    expect(parseLifeLock(null)).to.be.null;
  });

  it('refuses names that browsers refuse, that are not plain, and that are too long', () => {
    for (const name of ['', '-a', 'A', 'a\n', 'a\0', 'ä', 'a/b', 'a'.repeat(101), ['a'], { name: 'a' }, 7])
      expect(parseLifeLock(name)).to.be.null;
    expect(parseLifeLock('a'.repeat(100))).to.have.length(100);
  });

  it('gives whatever a page sends back unchanged or not at all, and never more than 100 characters', () => {
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.stringMatching(/^[a-z][a-z -]*$/)), (value) => {
        const name = parseLifeLock(value);
        if (name === null) return;
        expect(name).to.equal(value);
        expect(name.length).to.be.within(1, 100);
      }),
    );
  });
});
