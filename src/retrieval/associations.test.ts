import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { samplePassage } from '../../test/fixtures/sample-passage.ts';
import type { Passage } from '../contracts/passage.ts';
import { type Associations, parseAssociations, writeAssociations } from './associations.ts';
import { buildIndex } from './build-index.ts';
import { collectPostings } from './collect-postings.ts';
import { learnAssociations } from './learn-associations.ts';
import { prepareQuery } from './query.ts';
import { loadRetriever } from './retriever.ts';
import { openIndex } from './search-index.ts';
import { createSearcher, type ScoredPassage } from './search.ts';

/** Things that a shop has pages about; nothing else is said of them. */
const THINGS =
  'kettle toaster blender mixer oven fridge freezer lamp chair table sofa mirror carpet clock radio camera printer scanner router heater'.split(
    ' ',
  );
const about = (thing: string): Passage =>
  samplePassage(`${thing}#0`, `The ${thing}`, `Every ${thing} is sold with a manual.`, {
    expected: [`do you have a ${thing}`],
  });
/** Visitors say "puddle" where three pages say "seal". */
const SEALS = ['bath', 'basin', 'shower'].map((place) =>
  samplePassage(`${place}#0`, `The ${place}`, `A worn seal of the ${place} must be replaced.`, {
    expected: place === 'shower' ? ['it smells'] : [`a puddle under the ${place}`],
  }),
);
const PAGES = [...THINGS.map(about), ...SEALS];

describe('associations', () => {
  it('join a word of visitors with what the pages say that it asks for', () => {
    const found = learnAssociations(PAGES)
      .get('puddl')
      ?.map(({ term }) => term);
    expect(found).to.include('seal');
    expect(found).not.to.include('manual');
  });

  it('are not learned of a single passage, nor of what all passages hold', () => {
    const learned = learnAssociations(PAGES);
    expect(learned.has('smell')).to.equal(false);
    expect([...learned.values()].flat().map(({ term }) => term)).not.to.include('sold');
  });

  it('are not learned where few passages have expected questions', () => {
    expect(learnAssociations(SEALS).size).to.equal(0);
    expect(learnAssociations(PAGES.map((page) => ({ ...page, expected: [] }))).size).to.equal(0);
  });

  it('count rarity among the passages of the same language', () => {
    const chinese = ['浴缸', '脸盆', '淋浴'].map((place) =>
      samplePassage(`zh-${place}#0`, place, `${place}的密封圈坏了要换。`, {
        language: 'zh',
        expected: [`${place}下面漏水了`],
      }),
    );
    const learned = learnAssociations([...PAGES, ...chinese]);
    expect(learned.has('puddl')).to.equal(true);
    expect(learned.has('漏水')).to.equal(false);
  });

  it('are the same however often they are learned', () => {
    expect(writeAssociations(learnAssociations(PAGES))).to.equal(writeAssociations(learnAssociations(PAGES)));
  });

  it('find a passage by a word that neither it nor its questions hold', () => {
    const found = (pages: readonly Passage[]): readonly string[] =>
      loadRetriever(buildIndex(pages), pages)
        .search('puddle')
        .ranked.map(({ passage: { id } }) => id);
    expect(found(PAGES)).to.include('shower#0');
    // Too few to learn of.
    expect(found(SEALS)).not.to.include('shower#0');
  });

  it('leave what tells whether the pages answer: the shares of the question that are held', () => {
    const stored = collectPostings(PAGES);
    const bestOf = (associations: Associations): ScoredPassage | undefined => {
      const index = openIndex({ ...stored, associations }, PAGES);
      const query = prepareQuery(index, 'a puddle of the shower', []);
      return createSearcher(index, PAGES).rank(query, {
        language: 'en',
        pageUrl: null,
        withoutDocument: null,
      })[0];
    };
    const [learned, none] = [bestOf(stored.associations), bestOf(new Map())];
    for (const one of [learned, none]) expect(one?.passage.id).to.equal('shower#0');
    expect(learned?.coverage).to.be.greaterThan(none?.coverage ?? NaN);
    for (const share of ['ownCoverage', 'sentenceCoverage', 'heaviestMissing'] as const)
      expect(learned?.[share], share).to.equal(none?.[share]);
  });
});

describe('parseAssociations', () => {
  const term = fc.stringMatching(/^[a-z漏水]{1,8}$/);
  const associate = fc.record({ term, percent: fc.integer({ min: 1, max: 50 }) });
  const associations = fc
    .dictionary(term, fc.array(associate, { minLength: 1, maxLength: 4 }))
    .map((lists): Associations => new Map(Object.entries(lists)));

  it('reads what was written', () => {
    fc.assert(
      fc.property(associations, (given) => {
        const text = writeAssociations(given);
        expect(writeAssociations(parseAssociations(text) ?? new Map([['none', []]]))).to.equal(text);
      }),
    );
  });

  it('takes one spelling and no other', () => {
    for (const text of [
      'puddl',
      'puddl seal',
      'puddl seal 0',
      'puddl seal 51',
      'puddl seal 07',
      'puddl  seal 7',
      'puddl seal 7 ',
      'puddl seal 7\n',
      'puddl seal 7\nbath seal 7',
      'puddl seal 7\npuddl bath 7',
      'puddl a 1 b 1 c 1 d 1 e 1',
      'puddl seal -7',
      'puddl seal 7.5',
    ])
      expect(parseAssociations(text), JSON.stringify(text)).to.equal(null);
  });

  it('reads or refuses any text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const read = parseAssociations(text);
        if (read !== null) expect(writeAssociations(read)).to.equal(text);
      }),
    );
  });
});
