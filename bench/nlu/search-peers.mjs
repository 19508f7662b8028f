/**
 * Searches that other people wrote, each in its best configuration: stemmed, without stop words, Chinese cut by
 * `Intl.Segmenter`. A peer is `(passages, language) => Promise<{search: (query) => ids, bytes}>`: it indexes `{id, text}`,
 * and gives the ids of the ten best and its index as it would be sent.
 */
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const LIMIT = 10;

async function makeTokenizer(language) {
  if (language === 'zh') {
    const segmenter = new Intl.Segmenter('zh', { granularity: 'word' });
    return (text) =>
      Array.from(segmenter.segment(text.normalize('NFKC').toLowerCase()))
        .filter(({ isWordLike }) => isWordLike)
        .map(({ segment }) => segment);
  }
  const { stemmer } = await import('@orama/stemmers/english');
  const { stopwords } = await import('@orama/stopwords/english');
  const stops = new Set(stopwords);
  const stems = new Map();
  const stem = (word) => {
    if (!stems.has(word)) stems.set(word, stemmer(word));
    return stems.get(word);
  };
  return (text) => {
    const words =
      text
        .normalize('NFKC')
        .toLowerCase()
        .match(/[\p{L}\p{N}]+/gu) ?? [];
    return words.filter((word) => !stops.has(word)).map(stem);
  };
}

async function indexMiniSearch(passages, language) {
  const { default: MiniSearch } = await import('minisearch');
  const tokenize = await makeTokenizer(language);
  const index = new MiniSearch({ fields: ['text'], tokenize, processTerm: (term) => term });
  index.addAll(passages);
  return {
    search: (query) =>
      index
        .search(query)
        .slice(0, LIMIT)
        .map(({ id }) => id),
    bytes: () => JSON.stringify(index),
  };
}

async function indexOrama(passages, language) {
  const { create, insertMultiple, save, search } = await import('@orama/orama');
  const cut = await makeTokenizer(language);
  const tokenizer = {
    language: 'english',
    normalizationCache: new Map(),
    tokenize: (text) => [...new Set(cut(text))],
  };
  const index = create({ schema: { text: 'string' }, components: { tokenizer } });
  await insertMultiple(
    index,
    passages.map(({ id, text }) => ({ id: String(id), text })),
  );
  const ids = new Map(passages.map(({ id }) => [String(id), id]));
  return {
    search: async (term) => (await search(index, { term, limit: LIMIT })).hits.map(({ id }) => ids.get(id)),
    bytes: () => JSON.stringify(save(index)),
  };
}

async function indexWink(passages, language) {
  const cut = await makeTokenizer(language);
  const index = require('wink-bm25-text-search')();
  index.defineConfig({ fldWeights: { text: 1 } });
  index.definePrepTasks([cut]);
  const ids = passages.map(({ id }) => id);
  passages.forEach(({ text }, at) => index.addDoc({ text }, at));
  index.consolidate();
  return {
    search: (query) => index.search(query, LIMIT).map(([at]) => ids[at]),
    bytes: () => index.exportJSON(),
  };
}

export const searchPeers = { MiniSearch: indexMiniSearch, Orama: indexOrama, wink: indexWink };
