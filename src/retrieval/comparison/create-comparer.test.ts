import type { Comparison } from '../../contracts/retrieval.ts';
import { expect } from '@open-wc/testing';
import { samplePassage as passage } from '../../../test/fixtures/sample-passage.ts';
import { SHOP_PASSAGES } from '../../../test/fixtures/shop-passages.ts';
import type { Passage } from '../../contracts/passage.ts';
import { buildIndex } from '../build-index.ts';
import { loadRetriever } from '../retriever.ts';
import { createComparer } from './create-comparer.ts';

const PASSAGES: readonly Passage[] = [
  ...SHOP_PASSAGES,
  passage(
    'plans#0',
    'Plans',
    'What you get:\n\n|  | Basic | Plus | Pro |\n| --- | --- | --- | --- |\n| Storage | 5 GB | 20 GB | 50 GB |\n| Seats | 1 | 3 | 10 |',
  ),
  passage(
    'support#0',
    'Support',
    'There are two ways:\n\n- **Chat**: answered within 5 minutes\n- **Email**: answered within 2 days\n- **Letter**: answered within 3 weeks',
  ),
  passage('zh-plans#0', '套餐', '基础版每月 10 元，专业版每月 30 元。', { language: 'zh' }),
];

describe('createComparer', () => {
  const retriever = loadRetriever(buildIndex(PASSAGES), PASSAGES, undefined, createComparer);
  const compare = (question: string, history: readonly string[] = []): Comparison | null => {
    const { comparer } = retriever;
    const outcome = comparer?.search(question, { history });
    return outcome == null ? null : (comparer?.compare(question, outcome.ranked, history) ?? null);
  };
  const sharedOf = (question: string): string[] =>
    (compare(question)?.shared ?? []).map(({ markdown }) => markdown);

  it('shows the header and the rows of both', () => {
    expect(sharedOf('Express or Standard – which is cheaper?')).to.deep.equal([
      '| Method | Time | Cost |\n| --- | --- | --- |\n| Standard | 3–5 days | £3.95 |\n| Express | next day | £6.95 |',
    ]);
  });

  it('shows the columns of both, and of the rows the one asked for', () => {
    expect(sharedOf('Which has more storage, Basic or Pro?')).to.deep.equal([
      '|  | Basic | Pro |\n| --- | --- | --- |\n| Storage | 5 GB | 50 GB |',
    ]);
    expect(sharedOf('What is the difference between the Basic and the Pro plan?')[0]).to.contain(
      '| Seats | 1 | 10 |',
    );
  });

  it('shows the items of both under what introduces them', () => {
    expect(sharedOf('Is chat faster than email?')).to.deep.equal([
      'There are two ways:\n\n- **Chat**: answered within 5 minutes\n- **Email**: answered within 2 days',
    ]);
  });

  it('shows a sentence that tells of both', () => {
    expect(sharedOf('专业版比基础版贵吗')).to.deep.equal(['基础版每月 10 元，专业版每月 30 元。']);
  });

  it('shows what pages of their own say of each', () => {
    const { shared, sides } = compare('Is the return period for the Tap longer than for the Jug?') ?? {
      shared: [],
      sides: [],
    };
    expect(shared).to.deep.equal([]);
    expect(sides.map(({ name, spans }) => [name, spans[0]?.passage.id])).to.deep.equal([
      ['Tap', 'return#1'],
      ['Jug', 'return#0'],
    ]);
  });

  it('leaves a side empty of which the pages say nothing', () => {
    const { sides } = compare('Is the return period for the Jug longer than for the Kettle?') ?? {
      sides: [],
    };
    expect(sides.map(({ name, spans }) => [name, spans.length])).to.deep.equal([
      ['Jug', 1],
      ['Kettle', 0],
    ]);
  });

  it('does not tell one side by what is said of a longer name', () => {
    const house = [
      passage('plans#0', 'Plans', '| Plan | Storage |\n| --- | --- |\n| Pro | 50 GB |\n| Pro Max | 90 GB |'),
      passage('bills#0', 'Bills', 'Bills are sent on the first of each month by email.'),
    ];
    const own = loadRetriever(buildIndex(house), house, undefined, createComparer);
    const question = 'Pro vs Pro Max';
    const ranked = own.comparer?.search(question)?.ranked ?? [];
    expect(own.comparer?.compare(question, ranked, [])?.shared[0]?.text).to.equal(
      'Plan: Pro, Storage: 50 GB\nPlan: Pro Max, Storage: 90 GB',
    );
  });

  it('finds nothing where the pages do not say what is asked of either', () => {
    expect(retriever.comparer?.search('Is the Kettle louder than the Toaster?')?.isAnswerable).to.equal(
      false,
    );
    expect(retriever.comparer?.search('Kettle or Toaster?')).to.equal(null);
  });

  it('gives no more passages than a search may when none tells what is asked', () => {
    const question = 'Is the Kettle louder than the Toaster?';
    expect(retriever.comparer?.search(question)?.ranked).to.have.length.of.at.most(5);
    expect(retriever.comparer?.search(question, { limit: 2 })?.ranked).to.have.length.of.at.most(2);
  });

  it('chooses the same from the passages of its search as from a copy of them', () => {
    for (const question of ['Express or Standard – which is cheaper?', '专业版比基础版贵吗']) {
      const ranked = retriever.comparer?.search(question)?.ranked ?? [];
      const chosen = retriever.comparer?.compare(question, ranked, []);
      expect(chosen).to.deep.equal(retriever.comparer?.compare(question, [...ranked], []));
      expect(chosen?.shared).to.have.length(1);
    }
  });

  it('goes on with the two things of the question before', () => {
    const { shared } = compare('and which one is cheaper?', ['Standard vs Express']) ?? { shared: [] };
    expect(shared[0]?.markdown).to.contain('£6.95');
  });

  it('compares nothing for other questions', () => {
    expect(compare('How long do I have to return a Jug?')).to.equal(null);
    expect(compare('')).to.equal(null);
  });
});
