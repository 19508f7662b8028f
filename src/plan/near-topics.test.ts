import { expect } from '@open-wc/testing';
import type { Passage } from '../contracts/passage.ts';
import type { RankedPassage, SearchOutcome } from '../contracts/retrieval.ts';
import { nearTopics } from './near-topics.ts';

const passage = (documentId: string, changes: Partial<Passage> = {}): Passage => ({
  id: `${documentId}#1`,
  documentId,
  title: documentId,
  headings: [],
  url: null,
  language: 'en',
  text: 'Text.',
  questions: [],
  tags: [],
  ...changes,
});
const ranked = (...passages: Passage[]): readonly RankedPassage[] =>
  passages.map((one, at) => ({ passage: one, score: 1 / (at + 1) }));

/** Finds the document that an answer is given out of by the exact name it is asked for with. */
const knowing = (answers: Readonly<Record<string, string>>) => ({
  search: (question: string): SearchOutcome => {
    const documentId = answers[question];
    if (documentId === undefined) return { ranked: [], confidence: 0.1, isAnswerable: false };
    return { ranked: ranked(passage(documentId)), confidence: 0.9, isAnswerable: true };
  },
});
const all = knowing({ Returns: 'Returns', Delivery: 'Delivery', Warranty: 'Warranty', Repairs: 'Repairs' });

describe('topics near a question', () => {
  it('are at most three, of different documents, nearest first', () => {
    const found = ranked(
      passage('Delivery'),
      passage('Returns'),
      passage('Delivery', { id: 'Delivery#2' }),
      passage('Warranty'),
      passage('Repairs'),
    );
    expect(nearTopics(all, found, 0.4, 'en')).to.deep.equal(['Delivery', 'Returns', 'Warranty']);
  });

  it("are named by the owner's question, else by the heading under the title, else by the title", () => {
    const answers = knowing({
      'Can I return a Jug?': 'Returns',
      'Delivery: Costs': 'Delivery',
      Warranty: 'Warranty',
    });
    const found = ranked(
      passage('Returns', { questions: ['Can I return a Jug?'], headings: ['Jugs'] }),
      passage('Delivery', { headings: ['Europe', 'Costs'] }),
      passage('Warranty', { headings: ['Not asked for like this'] }),
    );
    expect(nearTopics(answers, found, 0.4, 'en')).to.deep.equal([
      'Can I return a Jug?',
      'Delivery: Costs',
      'Warranty',
    ]);
  });

  it('are only those that are answered out of their document, so that nobody is refused twice', () => {
    const answers = knowing({ Returns: 'Delivery', Warranty: 'Warranty' });
    const found = ranked(passage('Returns'), passage('Unknown'), passage('Warranty'));
    expect(nearTopics(answers, found, 0.4, 'en')).to.deep.equal(['Warranty']);
  });

  it('are none where hardly anything speaks for the pages, or names are too long for a button', () => {
    expect(nearTopics(all, ranked(passage('Returns')), 0.05, 'en')).to.deep.equal([]);
    const long = 'Returns '.repeat(20);
    expect(nearTopics(knowing({ [long]: long }), ranked(passage(long)), 0.4, 'en')).to.deep.equal([]);
  });
});
