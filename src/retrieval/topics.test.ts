import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { samplePassage } from '../../test/fixtures/sample-passage.ts';
import type { Passage } from '../contracts/passage.ts';
import type { SearchOptions, SearchOutcome } from '../contracts/retrieval.ts';
import { buildIndex } from './build-index.ts';
import { loadRetriever } from './retriever.ts';

const section = (
  id: string,
  title: string,
  heading: string,
  text: string,
  more: Partial<Passage> = {},
): Passage => samplePassage(id, title, text, { headings: heading === '' ? [] : [heading], ...more });

const PAGES: readonly Passage[] = [
  section('cancel#1', 'Cancel a subscription', '', 'You can end it whenever you like. There is no fee.'),
  section(
    'cancel#2',
    'Cancel a subscription',
    'Cancel in your account',
    '1. Open **Account**.\n2. Press **End**.',
  ),
  section(
    'cancel#3',
    'Cancel a subscription',
    'Other ways',
    'Write to us to cancel a subscription. To cancel a subscription by telephone, say which subscription to cancel.',
  ),
  section('jug#1', 'Warranty for the Jug', '', 'The Jug is covered for 2 years.'),
  section('jug#2', 'Warranty for the Jug', 'Claims', 'Send a photo. The warranty asks for no receipt.'),
  section('tap#1', 'Warranty for the Tap', '', 'The Tap is covered for 5 years.', {
    nearMisses: ['does the warranty cover a burst pipe', 'can I extend the warranty'],
  }),
  section('return#1', 'Return an item', '', 'You have 30 days to send it back.'),
  section('pay#1', 'Ways to pay', '', 'We take Visa and American Express.', { tags: ['cards'] }),
  section('gift#1', 'Gift cards', '', 'A gift card is sent by email. A card holds up to £250.'),
  section('zh#1', '滤芯订阅：开始、暂停和取消', '', '订阅之后，新滤芯会寄到家里。', { language: 'zh' }),
  section('zh#2', '滤芯订阅：开始、暂停和取消', '取消订阅', '打开订阅，点“结束”。', { language: 'zh' }),
  section('zh#3', '滤芯订阅：开始、暂停和取消', '两种订阅', '订阅有两种，都可以取消。', { language: 'zh' }),
];
const retriever = loadRetriever(buildIndex(PAGES), PAGES);
const ask = (question: string, options?: SearchOptions): SearchOutcome => retriever.search(question, options);
const found = (question: string, options?: SearchOptions): readonly string[] =>
  ask(question, options).ranked.map(({ passage }) => passage.id);

describe('a question that only names a topic', () => {
  it('is told how its page begins, then the section that is of a part of it', () => {
    expect(found('cancel subscription').slice(0, 2)).to.deep.equal(['cancel#1', 'cancel#2']);
    expect(found('取消订阅', { language: 'zh' }).slice(0, 2)).to.deep.equal(['zh#1', 'zh#2']);
  });

  it('is told of each page that has it in its title', () => {
    expect(found('warranty').slice(0, 2)).to.have.members(['jug#1', 'tap#1']);
  });

  it('is surely answered, and no near miss makes it doubtful', () => {
    for (const question of [
      'warranty',
      'is it under warranty',
      'cancel subscription',
      'gift cards please',
      '取消订阅',
    ])
      expect(ask(question).confidence, question).to.be.at.least(0.7);
    expect(ask('can I extend the warranty').confidence).to.be.lessThan(0.5);
  });

  it('names it in other spellings, in words that ask, and in words for any text', () => {
    for (const question of [
      'waranty',
      'I need help with the warranty',
      'warranty policy',
      'warranty conditions',
    ])
      expect(found(question)[0], question).to.be.oneOf(['jug#1', 'tap#1']);
    expect(ask('return policy').isAnswerable).to.equal(true);
    expect(ask('what is your return policy').confidence).to.be.at.least(0.7);
  });

  it('names none by a related word alone', () => {
    expect(found('amex')[0]).to.equal('pay#1');
  });

  it('names none when it says more', () => {
    for (const question of ['warranty lawsuit', 'subscription magazine archive', '微塑料订阅'])
      expect(ask(question).confidence, question).to.be.lessThan(0.7);
  });

  it('says no more than that when it follows up on another', () => {
    const history = ['How do I write to you to cancel a subscription?'];
    expect(found('and the subscription?', { history })[0]).to.equal('cancel#3');
  });

  it('is no follow-up where only its topic is known, without a word of its own', () => {
    const history = ['warranty for the jug'];
    expect(found('where are you?', { history })[0]).to.equal('jug#1');
    expect(found('where are you?', { history, topic: 'Ways to pay' })[0]).to.equal('pay#1');
  });

  it('is doubtful where its one word is no topic, and no question where it has none', () => {
    const passages = [
      samplePassage(
        'swap#1',
        'Exchange an item',
        'We take it in for a trade of equal worth. You are able to choose.',
      ),
    ];
    const one = loadRetriever(buildIndex(passages), passages);
    expect(one.search('trade').confidence).to.be.at.most(0.65);
    expect(one.search('what are you able to do').isAnswerable).to.equal(false);
  });

  it('changes the order of what is found, and nothing else', () => {
    const words = [
      'warranty',
      'cancel',
      'subscription',
      'jug',
      'gift',
      'card',
      'return',
      'please',
      'policy',
      'when',
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...words), { maxLength: 4 }), (chosen) => {
        const { ranked, confidence } = ask(chosen.join(' '), { limit: 50 });
        expect(new Set(ranked.map(({ passage }) => passage.id)).size).to.equal(ranked.length);
        expect(confidence).to.be.within(0, 1);
        ranked.forEach(({ score }, at) => expect(score).to.be.at.most(ranked[at - 1]?.score ?? Infinity));
      }),
    );
  });
});
