import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { parseGoldenCases } from './golden-cases.ts';

const parsed = (top: unknown) => parseGoldenCases({ cases: [{ prompt_ids: [1], output_ids: [2], top }] });

describe('recorded cases', () => {
  it('bring tokens with their logits', () => {
    const [one] = parsed([
      [7, 1.5],
      [8, -2],
    ]);
    expect(one?.top).to.deep.equal([
      { token: 7, logit: 1.5 },
      { token: 8, logit: -2 },
    ]);
  });

  it('of before logits were recorded are read as they were', () => {
    expect(parsed(undefined)).to.deep.equal([{ content: null, promptIds: [1], outputIds: [2], top: [] }]);
  });

  it('keep their tokens where the logits are no logits', () => {
    const long = Array.from({ length: 65 }, (_, token) => [token, 0]);
    for (const top of [7, 'x', {}, [[1]], [[1, 2, 3]], [[-1, 0]], [[1, '2']], [[1.5, 0]], [[1, null]], long])
      expect(parsed(top), JSON.stringify(top)).to.deep.equal(parsed(undefined));
  });

  it('of any content are read without failing', () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), (value, top) => {
        expect(parseGoldenCases(value)).to.be.an('array');
        for (const { top: read } of parsed(top))
          for (const { token, logit } of read)
            expect(Number.isInteger(token) && Number.isFinite(logit)).to.equal(true);
      }),
    );
  });
});
