import { expect } from '@open-wc/testing';
import { SHOP_PASSAGES as passages } from '../../test/fixtures/shop-passages.ts';
import type { PassageFilter } from '../contracts/retrieval.ts';
import { buildIndex } from './build-index.ts';
import { loadRetriever } from './retriever.ts';

const index: Uint8Array = buildIndex(passages);

describe('filters', () => {
  const noted = passages.map((one, at) => ({
    ...one,
    ...(one.documentId === 'return'
      ? { metadata: { audience: at % 2 === 0 ? 'Staff' : 'customers', free: true } }
      : {}),
  }));
  const retriever = loadRetriever(buildIndex(noted), noted);
  const found = (question: string, filter: PassageFilter): string[] =>
    retriever.search(question, { filter }).ranked.map(({ passage: { id } }) => id);

  it('find the passages that note a value, as tag or as metadata, in any case', () => {
    expect(found('replace the cartridge', { product: ['Tap'] })[0]).to.equal('tap#0');
    expect(found('replace the cartridge', { product: ['jug'] })[0]).to.equal('jug#0');
    expect(found('return', { audience: ['staff'] })).to.deep.equal(['return#1']);
    expect(found('return', { free: ['true'], product: ['jug'] })).to.deep.equal(['return#0']);
  });

  it('find nothing where no passage notes the value, and everything where none is wanted', () => {
    expect(found('return', { product: ['kettle'] })).to.deep.equal([]);
    expect(found('return', { toString: ['x'] })).to.deep.equal([]);
    expect(found('return', { product: [] })).to.deep.equal(found('return', {}));
  });

  it('restrict the language for good', () => {
    expect(found('return', { language: ['zh'] })).to.deep.equal([]);
    expect(found('退货', { language: ['ZH'] })).to.deep.equal(['zh#0']);
  });
});

describe('collections', () => {
  const split = passages.map((one, at) => ({
    ...one,
    collection: one.id.startsWith('return') ? 'returns' : 'manuals',
    ...(at % 2 === 0 ? { metadata: { audience: 'trade', year: 2026 } } : {}),
  }));
  const retriever = loadRetriever(buildIndex(split), split);
  const question = 'How many days do I have to return a Jug?';

  it('are searched alone when they are named', () => {
    const only = retriever.search(question, { collections: ['manuals'], limit: 50 });
    expect(only.ranked.every(({ passage: { collection } }) => collection === 'manuals')).to.equal(true);
    const both = retriever.search(question, { collections: ['manuals', 'returns'], limit: 50 });
    expect(both.ranked[0]?.passage.id).to.equal('return#0');
    expect(both.ranked).to.deep.equal(retriever.search(question, { collections: [], limit: 50 }).ranked);
  });

  it('give nothing when no passage is in them', () => {
    const none = retriever.search(question, { collections: ['elsewhere'] });
    expect([none.ranked.length, none.isAnswerable]).to.deep.equal([0, false]);
    expect(loadRetriever(index, passages).search(question, { collections: ['returns'] }).ranked).to.be.empty;
  });

  it('are searched without the passages that are not accepted', () => {
    const { ranked } = retriever.search(question, {
      limit: 50,
      collections: ['returns'],
      accepts: ({ metadata }) => metadata?.['audience'] !== 'trade',
    });
    expect(ranked.map(({ passage: { id } }) => id)).to.deep.equal(['return#0', 'return#2']);
  });
});
