import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { areaUnderCurve } from './area-under-curve.ts';

describe('areaUnderCurve', () => {
  it('is the share of pairs in the right order, ties counting half', () => {
    const figures = fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(figures, figures, (right, wrong) => {
        const pairs = right.flatMap((a) => wrong.map((b) => Number(a > b) + Number(a === b) / 2));
        const expected = pairs.reduce((sum, pair) => sum + pair, 0) / pairs.length;
        assert.ok(Math.abs((areaUnderCurve(right, wrong) ?? -1) - expected) < 1e-9);
      }),
    );
  });

  it('is null without figures on both sides', () => {
    assert.equal(areaUnderCurve([], [1]), null);
    assert.equal(areaUnderCurve([1], []), null);
  });
});
