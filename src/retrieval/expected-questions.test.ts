import { expect } from '@open-wc/testing';
import { samplePassage as passage } from '../../test/fixtures/sample-passage.ts';
import { SHOP_PASSAGES } from '../../test/fixtures/shop-passages.ts';
import { parsePassage } from '../contracts/passage.ts';
import { nearTopics } from '../plan/near-topics.ts';
import { buildIndex } from './build-index.ts';
import { passageWindows } from './passage-windows.ts';
import { loadRetriever } from './retriever.ts';

const SEAL = passage(
  'seal#0',
  'Worn seals',
  'A worn seal lets water past the spindle. Replace the seal under the handle.',
);
const ASKED = 'puddle keeps forming below my sink fitting';
const expecting = { ...SEAL, expected: ['why is there a puddle below the sink', 'drip drip drip all night'] };

describe('expected questions', () => {
  const without = loadRetriever(buildIndex([...SHOP_PASSAGES, SEAL]), [...SHOP_PASSAGES, SEAL]);
  const pages = [...SHOP_PASSAGES, expecting];
  const retriever = loadRetriever(buildIndex(pages), pages);

  it('let a passage be found by words that it does not hold', () => {
    expect(without.search(ASKED).isAnswerable).to.equal(false);
    const { ranked, isAnswerable, confidence } = retriever.search(ASKED);
    expect(ranked[0]?.passage.id).to.equal('seal#0');
    expect(isAnswerable, String(confidence)).to.equal(true);
  });

  it('are nowhere in what is quoted', () => {
    const { ranked } = retriever.search(ASKED);
    const quoted = retriever.extract(ASKED, ranked).map(({ text }) => text);
    expect(quoted.join(' ')).to.include('seal').and.not.to.include('puddle');
  });

  it('are never offered as topics', () => {
    const { ranked } = retriever.search('puddle');
    expect(nearTopics(retriever, ranked, 1, 'en').join(' ')).not.to.match(/puddle|drip/);
  });

  it('do not make other questions of the same words answerable', () => {
    expect(retriever.search('who painted the puddle').isAnswerable).to.equal(false);
  });

  it('have a vector each, beside those of the text', () => {
    expect(passageWindows(expecting)).to.deep.equal([...expecting.expected, ...passageWindows(SEAL)]);
  });

  it('that are no list of texts are none', () => {
    for (const expected of [7, 'why', [1], {}, []])
      expect(parsePassage({ ...SEAL, expected })).not.to.have.property('expected');
    expect(parsePassage(expecting)).to.deep.equal(expecting);
  });
});
