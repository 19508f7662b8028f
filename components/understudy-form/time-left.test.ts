import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { timeLeft } from './time-left.ts';

const MINUTE = 60_000;
const told = (ms: number): string => {
  const { unit, count } = timeLeft(ms, 0);
  return `${count} ${unit}`;
};

describe('timeLeft', () => {
  it('tells days, hours, minutes and, in the last minute, seconds', () => {
    expect(told(72 * 60 * MINUTE)).to.equal('3 days');
    expect(told(36 * 60 * MINUTE)).to.equal('36 hours');
    expect(told(90 * MINUTE)).to.equal('90 minutes');
    expect(told(61_000)).to.equal('2 minutes');
    expect(told(MINUTE)).to.equal('60 seconds');
    expect(told(1)).to.equal('1 seconds');
    expect(told(0)).to.equal('0 none');
    expect(told(-5)).to.equal('0 none');
  });

  it('speaks a few times only', () => {
    let atMs = 0;
    const spoken: string[] = [];
    const endMs = 65 * MINUTE;
    for (;;) {
      const left = timeLeft(endMs, atMs);
      if (left.isSpoken) spoken.push(`${left.count} ${left.unit}`);
      if (left.changesInMs === null) break;
      atMs += left.changesInMs;
    }
    expect(spoken).to.deep.equal([
      '60 minutes',
      '5 minutes',
      '60 seconds',
      '30 seconds',
      '10 seconds',
      '0 none',
    ]);
  });

  it('changes after a time above nothing, always to something else, and ends', () => {
    fc.assert(
      fc.property(fc.integer({ min: -10, max: 10 * 24 * 60 * MINUTE }), (leftMs) => {
        const now = timeLeft(leftMs, 0);
        if (now.changesInMs === null) return leftMs <= 0;
        const next = timeLeft(leftMs, now.changesInMs);
        return (
          now.changesInMs > 0 &&
          now.changesInMs <= leftMs &&
          (next.unit !== now.unit || next.count !== now.count)
        );
      }),
    );
  });
});
