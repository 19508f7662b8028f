import { expect } from '@open-wc/testing';
import { samplePassage } from '../../test/fixtures/sample-passage.ts';
import { createGroundingCheck } from '../grounding/check.ts';
import { supportStatement } from './support-statement.ts';

describe('supportStatement', () => {
  const grounding = createGroundingCheck();
  const refunds = [
    samplePassage(
      'en#0',
      'Refunds',
      'Once the parcel is in our warehouse, we pay the money back within 5 days.',
    ),
    samplePassage('zh#0', '退款', '退回的商品到达仓库之后，我们在 5 个工作日之内办理退款。', {
      language: 'zh',
    }),
  ];
  const supports = (text: string): boolean =>
    supportStatement({ text, cites: [], gap: '' }, refunds, grounding) !== null;

  it('takes what a passage says', () => {
    expect(supports('We pay the money back within 5 days.')).to.equal(true);
    expect(supports('我们在 5 个工作日之内办理退款。')).to.equal(true);
    expect(supports('退回的商品到达仓库之后，我们在 5 个工作日之内办理退款。')).to.equal(true);
  });

  it('takes no clause that only says when the rest of its sentence holds', () => {
    expect(supports('Once the parcel is in our warehouse.')).to.equal(false);
    expect(supports('退回的商品到达仓库之后。')).to.equal(false);
  });
});
