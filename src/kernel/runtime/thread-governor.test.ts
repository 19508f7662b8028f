import { expect } from '@open-wc/testing';
import { ThreadGovernor } from './thread-governor.ts';

/** Writes tokens on a machine whose times follow `timeOf`; gives the time they took together. */
function write(tokens: number, timeOf: (isAll: boolean, token: number) => number): number {
  let isAll = false;
  const governor = new ThreadGovernor((all) => {
    isAll = all;
  });
  governor.begin(timeOf(false, 0), timeOf(true, 0));
  let total = 0;
  for (let token = 0; token < tokens; token += 1) {
    const ms = timeOf(isAll, token);
    total += ms;
    governor.tookMs(ms);
  }
  return total;
}

describe('ThreadGovernor', () => {
  it('stays with all threads where they are faster, at a cost under a tenth', () => {
    expect(write(1000, (isAll) => (isAll ? 6 : 10))).to.be.below(6000 * 1.1);
  });

  it('stays with one thread where more are slower, at a cost under a tenth', () => {
    expect(write(1000, (isAll) => (isAll ? 16 : 10))).to.be.below(10_000 * 1.1);
  });

  it('changes to one thread when the machine becomes busy, and back', () => {
    const timeOf = (isAll: boolean, token: number): number => (isAll ? (token < 400 ? 20 : 6) : 10);
    // Always all threads would take 8000 + 3600 ms, always one 10000 ms.
    expect(write(1000, timeOf)).to.be.below(9300);
  });

  it('begins with what was faster at warm-up', () => {
    const chosen: boolean[] = [];
    const governor = new ThreadGovernor((all) => chosen.push(all));
    governor.begin(10, 6);
    governor.begin(6, 10);
    expect(chosen).to.deep.equal([true, false]);
    expect(governor.isAll).to.equal(false);
  });
});
