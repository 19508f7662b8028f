import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { samplePassage } from '../../test/fixtures/sample-passage.ts';
import type { Passage } from '../contracts/passage.ts';
import { buildIndex } from './build-index.ts';
import { DEFAULT_GATE } from './confidence.ts';
import { fairCut, heldOutCut } from './held-out-cut.ts';
import { holdOut, LEAST_HELD } from './hold-out.ts';
import { parseIndex } from './index-format.ts';

const COUNT = LEAST_HELD + 20;

/** Pages about one thing each, which also name those of `others` more; `words` are shared by the questions of all. */
function pages(count: number, words: string, others = 0): readonly Passage[] {
  const named = (at: number): string =>
    Array.from({ length: others }, (_, more) => ` It is not for lid${(at + 1 + more) % count}.`).join('');
  return Array.from({ length: count }, (_, at) =>
    samplePassage(`page${at}#0`, `Part${at}`, `The part${at} belongs under the lid${at}.${named(at)}`, {
      expected: [`${words} part${at}`, `${words} lid${at}`],
    }),
  );
}

describe('held-out questions', () => {
  const passages = pages(COUNT, 'broken');
  const out = holdOut(passages);

  it('are one of each passage, which keeps the others', () => {
    expect(out?.held.length).to.equal(COUNT);
    for (const { question, passage } of out?.held ?? []) {
      expect(passages[passage]?.expected).to.include(question);
      expect(out?.passages[passage]?.expected).to.have.lengthOf(1).and.not.include(question);
    }
  });

  it('are none where few passages have two', () => {
    expect(holdOut(passages.slice(0, LEAST_HELD - 1))).to.equal(null);
    expect(holdOut([...passages, ...pages(COUNT, 'x').map((one) => ({ ...one, expected: [] }))])).to.equal(
      null,
    );
    expect(holdOut(passages.map((one) => ({ ...one, expected: one.expected?.slice(1) ?? [] })))).to.equal(
      null,
    );
  });
});

describe('the gate of a bundle with expected questions', () => {
  it('is stricter where the questions of one page nearly fit the others', () => {
    const apart = heldOutCut(pages(COUNT, 'broken'), DEFAULT_GATE) ?? NaN;
    const alike = heldOutCut(pages(COUNT, 'broken', 2), DEFAULT_GATE) ?? NaN;
    expect(alike).to.be.greaterThan(apart);
  });

  it('moves half way to the cut, and is the same every time', () => {
    const passages = pages(COUNT, 'broken');
    const [bias = NaN] = parseIndex(buildIndex(passages)).gate;
    expect((DEFAULT_GATE[0] ?? 0) - bias).to.be.closeTo(
      (heldOutCut(passages, DEFAULT_GATE) ?? NaN) / 2,
      1e-5,
    );
    expect(buildIndex(passages)).to.deep.equal(buildIndex(passages));
  });

  it('lies between the two kinds where they are apart, whatever the odds', () => {
    const odds = fc.double({ min: -8, max: 8, noNaN: true });
    fc.assert(
      fc.property(fc.array(odds, { minLength: 1 }), fc.array(odds, { minLength: 1 }), (low, high) => {
        const least = Math.max(...low) + 0.1 - Math.min(...high);
        const cut = fairCut([
          ...low.map((value) => ({ odds: value, isAnswered: false })),
          ...high.map((value) => ({ odds: value + Math.max(0, least), isAnswered: true })),
        ]);
        expect(low.every((value) => value < cut)).to.equal(true);
        expect(high.every((value) => value + Math.max(0, least) >= cut)).to.equal(true);
      }),
    );
  });
});
