import { expect } from '@open-wc/testing';
import { stemWord } from '../text/stem-word.ts';
import { earlierQuestions, isFollowUp } from './earlier-questions.ts';

/** Words of more than four letters stand in for those that say something. */
const contentWords = (text: string): readonly string[] =>
  text
    .toLowerCase()
    .split(/\P{L}+/u)
    .filter((word) => word.length > 4 || /\p{Script=Han}/u.test(word))
    .map(stemWord);
const lent = (question: string, ...history: readonly string[]): readonly string[] =>
  earlierQuestions(question, history, contentWords).map(({ text }) => text);

describe('earlierQuestions', () => {
  it('lends nothing to a question that stands alone', () => {
    expect(lent('Which bottles keep water cold?', 'How much is postage?')).to.deep.equal([]);
    expect(lent('And how long does that take?')).to.deep.equal([]);
  });

  it('lends a follow-up the question before', () => {
    expect(lent('And for students?', 'Is there a discount for families?')).to.deep.equal([
      'Is there a discount for families?',
    ]);
    expect(lent('Did he write it?', 'Who founded the workshop?')).to.deep.equal([
      'Who founded the workshop?',
    ]);
    expect(lent('那学生呢？', '家庭有优惠吗？')).to.deep.equal(['家庭有优惠吗？']);
  });

  it('goes on to the question that began the topic, past what has none, and no further', () => {
    const talk = [
      'Where can I park my bicycle?',
      'Does the annual ticket cover parking?',
      'When does it expire?',
      'Thanks!',
    ];
    expect(lent('How does it end?', ...talk)).to.deep.equal([talk[2], talk[1]]);
  });

  it('looks back at four messages and no further', () => {
    const chain = [
      'Who sells the ticket?',
      'and families?',
      'and students?',
      'and pensioners?',
      'and groups?',
    ];
    expect(lent('and then?', ...chain)).to.deep.equal([...chain].reverse().slice(0, 4));
  });

  it('lets a question count less the further back it is', () => {
    const weights = earlierQuestions(
      'and then?',
      ['Who sells tickets?', 'and families?', 'and students?'],
      contentWords,
    ).map(({ weight }) => weight);
    expect(weights).to.have.length(3);
    weights.forEach((weight, at) => {
      expect(weight).to.be.within(0, weights[at - 1] ?? 1);
      expect(weight).to.not.equal(weights[at - 1]);
    });
  });
});

describe('isFollowUp', () => {
  it('takes words that point back for a sign in short questions alone', () => {
    expect(isFollowUp('Is she there on Sundays?', 2)).to.equal(true);
    expect(isFollowUp('I bought the filter that fits the large steel bottle, where is it made?', 8)).to.equal(
      false,
    );
  });

  it('takes a question without content for a follow-up', () => {
    expect(isFollowUp('why?', 0)).to.equal(true);
  });
});
