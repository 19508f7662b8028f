import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { samplePassage } from '../../test/fixtures/sample-passage.ts';
import { UnderstudyError } from '../contracts/errors.ts';
import type { Passage } from '../contracts/passage.ts';
import { buildIndex } from './build-index.ts';
import { collectPostings } from './collect-postings.ts';
import { heldThesaurus, type ThesaurusEntry } from './held-thesaurus.ts';
import { parseIndex, serializeIndex } from './index-format.ts';
import { loadRetriever } from './retriever.ts';
import { openIndex } from './search-index.ts';
import { findMeant, parseHeldThesaurus, thesaurusTable, writeThesaurus } from './thesaurus-table.ts';

const ENGLISH: readonly ThesaurusEntry[] = [
  { language: 'en', headword: 'costs', wordings: ['price', 'set me back', 'how many quid'] },
  { language: 'en', headword: 'well', wordings: ['borehole', 'hole in the garden'] },
  { language: 'en', headword: 'invoice', wordings: ['bill'] },
  { language: 'en', headword: 'bicycle', wordings: ['bike'] },
  { language: 'en', headword: 'body', wordings: ['hull'] },
];
const CHINESE: readonly ThesaurusEntry[] = [
  { language: 'zh', headword: '退款', wordings: ['退钱', '钱退回来'] },
];

const PAGES = [
  samplePassage('tap#0', 'The Tap', 'It costs £229 in steel and £249 in matt black.'),
  samplePassage('water#0', 'Which water', 'Do not pour water of a well into it.'),
  samplePassage('paper#0', 'Papers', 'The invoice is sent when the parcel leaves.'),
  samplePassage('oven#0', 'Ovens', 'Ovens are sold in Leeds. They have two doors.'),
  samplePassage('zh#0', '付款', '退款会在五天之内到账。', { language: 'zh' }),
];
const held = (
  passages: readonly Passage[],
  ...entries: (readonly ThesaurusEntry[])[]
): ReturnType<typeof heldThesaurus> =>
  heldThesaurus(openIndex(collectPostings(passages), passages), entries.flat());

describe('heldThesaurus', () => {
  it('takes the wordings of words that the passages hold, stemmed', () => {
    expect([...held(PAGES, ENGLISH).keys()]).to.have.members(['cost', 'well', 'invoic']);
    expect(held(PAGES, ENGLISH).get('cost')).to.deep.equal(['price', 'set back', 'mani quid']);
  });

  it('takes those of the languages of the passages alone', () => {
    expect(held(PAGES.slice(0, 4), CHINESE).size).to.equal(0);
    expect([...held(PAGES, CHINESE).keys()]).to.deep.equal(['退款']);
  });

  it('leaves out words that many passages hold: they tell hardly any from the rest', () => {
    const many = Array.from({ length: 20 }, (_, at) =>
      samplePassage(`p${at}#0`, `Page ${at}`, 'The body is grey.'),
    );
    expect(held([...many, ...PAGES], ENGLISH).has('bodi')).to.equal(false);
    expect(held([...many.slice(0, 5), ...PAGES], ENGLISH).has('bodi')).to.equal(true);
  });

  it('is read back as it was written, and in that spelling alone', () => {
    const word = fc.stringMatching(/^[a-z\u4e00-\u4eff]{1,6}$/);
    const asked = fc.array(word, { minLength: 1, maxLength: 3 }).map((words) => words.join(' '));
    const wordings = fc.dictionary(word, fc.uniqueArray(asked, { minLength: 1, maxLength: 4 }));
    fc.assert(
      fc.property(wordings, (lists) => {
        const sorted = new Map(
          Object.entries(lists).map(([term, list]): [string, string[]] => [term, [...list].sort()]),
        );
        const text = writeThesaurus(sorted);
        const read = parseHeldThesaurus(text);
        expect(read).to.deep.equal(sorted);
        if (read !== null) expect(writeThesaurus(read)).to.equal(text);
      }),
    );
    for (const text of [
      'a',
      'a\t',
      'a\tb\tb',
      'a\tc\tb',
      'b\tx\na\tx',
      'a\tx\na\ty',
      'a\tb  c',
      ' \tb',
      'a\tb\n',
    ])
      expect(parseHeldThesaurus(text), JSON.stringify(text)).to.equal(null);
  });
});

describe('an index with a thesaurus', () => {
  const index = buildIndex(PAGES, [], ENGLISH);

  it('is read as it was written', () => {
    expect(parseIndex(index).thesaurus.get('cost')).to.have.members(['price', 'set back', 'mani quid']);
    expect([...serializeIndex(parseIndex(index))]).to.deep.equal([...index]);
  });

  it('is refused where the thesaurus is written otherwise', () => {
    const other = serializeIndex({ ...parseIndex(index), thesaurus: new Map([['cost', []]]) });
    expect(() => parseIndex(other))
      .to.throw(UnderstudyError)
      .with.property('code', 'bundle/artifact-invalid');
  });
});

describe('findMeant', () => {
  const table = thesaurusTable(held(PAGES, ENGLISH, CHINESE));

  it('finds words and phrases in the order they were asked in', () => {
    expect([...findMeant(table, ['borehol', 'safe'])]).to.deep.equal([['borehol', ['well']]]);
    expect([...findMeant(table, ['tap', 'set', 'back'])]).to.deep.equal([['set', ['cost']]]);
    expect(findMeant(table, ['back', 'set']).size).to.equal(0);
  });

  it('finds phrases of scripts without spaces', () => {
    const words = ['退', '退钱', '钱'];
    expect([...findMeant(table, words)]).to.deep.equal([['退钱', ['退款']]]);
  });
});

describe('search with a thesaurus', () => {
  const bare = loadRetriever(buildIndex(PAGES), PAGES);
  const own = loadRetriever(buildIndex(PAGES, [], [...ENGLISH, ...CHINESE]), PAGES);
  const first = (retriever: typeof own, question: string): string | undefined =>
    retriever.search(question).ranked[0]?.passage.id;

  it('finds what visitors call otherwise than the pages', () => {
    for (const [question, id] of [
      ['can it come from a hole in the garden', 'water#0'],
      ['we pump from a borehole', 'water#0'],
      ['borehole', 'water#0'],
    ] as const) {
      expect(first(own, question), question).to.equal(id);
      expect(first(bare, question), question).not.to.equal(id);
    }
  });

  it('prefers passages that hold the word itself', () => {
    const pages = [...PAGES, samplePassage('drill#0', 'Drilling', 'We drill a borehole for you in a day.')];
    expect(first(loadRetriever(buildIndex(pages, [], ENGLISH), pages), 'borehole')).to.equal('drill#0');
  });

  it('is no surer for it: the words of the question are still not in the pages', () => {
    expect(own.search('borehole').confidence).to.be.lessThan(own.search('well').confidence);
  });
});
