import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { narrowScores } from './narrow-scores.ts';

const all = { topK: 0, topP: 1, minP: 0 };

function keptOf(scores: readonly number[], change: Partial<typeof all>): number[] {
  const narrowed = Float32Array.from(scores);
  narrowScores(narrowed, { ...all, ...change });
  return [...narrowed.keys()].filter((token) => narrowed[token] !== -Infinity);
}

describe('narrowScores', () => {
  // Probabilities 0.5, 0.25, 0.125, 0.125.
  const scores = [Math.log(4), Math.log(2), 0, 0];

  it('keeps the best k, the lower token of equals', () => {
    expect(keptOf(scores, { topK: 3 })).to.deep.equal([0, 1, 2]);
  });

  it('keeps the best that reach the sum of probabilities', () => {
    expect(keptOf(scores, { topP: 0.5 })).to.deep.equal([0]);
    expect(keptOf(scores, { topP: 0.6 })).to.deep.equal([0, 1]);
  });

  it('counts the sum of probabilities on what top-k has left', () => {
    expect(keptOf(scores, { topK: 2, topP: 0.66 })).to.deep.equal([0]);
  });

  it('leaves out what is less likely than a share of the best', () => {
    expect(keptOf(scores, { minP: 0.4 })).to.deep.equal([0, 1]);
  });

  it('never brings back a token that something else forbade', () => {
    expect(keptOf([-Infinity, 1, -Infinity], { topK: 3 })).to.deep.equal([1]);
  });

  it('keeps the best token and changes no score that it keeps, whatever is asked', () => {
    const score = fc.float({ min: -50, max: 50, noNaN: true });
    const narrowing = fc.record({
      topK: fc.nat(40),
      topP: fc.double({ min: 0, max: 1, noNaN: true }),
      minP: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(score, { minLength: 1, maxLength: 60 }), narrowing, (values, how) => {
        const before = Float32Array.from(values);
        const after = before.slice();
        narrowScores(after, how);
        expect(after[before.indexOf(Math.max(...before))]).to.equal(Math.max(...before));
        after.forEach((value, token) => {
          expect(value === -Infinity || value === before[token]).to.equal(true);
        });
      }),
    );
  });
});
