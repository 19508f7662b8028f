import { expect } from '@open-wc/testing';
import { PROMPT_PACE, ThreadGovernor } from './thread-governor.ts';

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

  it('looks seldom at a way that is clearly slower, from the first look on', () => {
    expect(write(96, (isAll) => (isAll ? 6 : 10))).to.be.below(96 * 6 * 1.03);
    expect(write(96, (isAll) => (isAll ? 16 : 10))).to.be.below(96 * 10 * 1.05);
  });

  it('stays with one thread where more are slower, at a cost under a tenth', () => {
    expect(write(1000, (isAll) => (isAll ? 16 : 10))).to.be.below(10_000 * 1.1);
  });

  it('changes to one thread when the machine becomes busy, and back', () => {
    const timeOf = (isAll: boolean, token: number): number => (isAll ? (token < 400 ? 20 : 6) : 10);
    // Always all threads would take 8000 + 3600 ms, always one 10000 ms.
    expect(write(1000, timeOf)).to.be.below(9300);
  });

  it('takes threads after a few tokens where the warm-up was wrong about them', () => {
    const governor = new ThreadGovernor(() => undefined);
    governor.begin(10, 14);
    for (let token = 0; token < 12; token += 1) governor.tookMs(governor.isAll ? 6 : 10);
    expect(governor.isAll).to.equal(true);
  });

  it('leaves threads at once in a prompt where they are slower than one was', () => {
    const used: boolean[] = [];
    const governor = new ThreadGovernor((all) => used.push(all), PROMPT_PACE);
    governor.begin(3, 0);
    governor.resume();
    for (const ms of [1.5, 1.5, 14, 3]) governor.tookMs(ms);
    expect(used).to.deep.equal([true, true, false]);
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
