import { UnderstudyError } from '../contracts/errors.ts';
import type { Passage } from '../contracts/passage.ts';
import type {
  Comparer,
  ExtractSpan,
  RankedPassage,
  Retriever,
  SearchOptions,
  SearchOutcome,
} from '../contracts/retrieval.ts';
import { collapseDuplicates } from './collapse-duplicates.ts';
import { ANSWERABLE_FROM, gateConfidence, narrowedGate } from './confidence.ts';
import { extractSpans } from './extract.ts';
import { digestIds, parseIndex } from './index-format.ts';
import { gatherNearMisses } from './near-misses.ts';
import { filterTest } from './passage-filter.ts';
import { preferAnswers } from './prefer-answers.ts';
import type { PassageSense } from './passage-sense.ts';
import { prepareQuery } from './query.ts';
import { openIndex, type SearchIndex } from './search-index.ts';
import { createSearcher } from './search.ts';

const DEFAULT_LIMIT = 5;
const MAX_LIMIT = 50;

/** Makes what finds both sides of comparisons in an index. */
export type MakeComparer = (index: SearchIndex, searching: Pick<Retriever, 'search' | 'extract'>) => Comparer;

/**
 * Makes a retriever of an index and the passages it was built from.
 *
 * @param sense - Asked at each search: an encoder may come after the first questions, or never. Default: never.
 * @param makeComparer - `createComparer`, which is a file of its own, as few questions compare. Default: none.
 * @throws UnderstudyError `bundle/artifact-invalid` when the index is damaged or of other passages, `bundle/version-unsupported`.
 */
export function loadRetriever(
  index: Uint8Array,
  passages: readonly Passage[],
  sense: () => PassageSense | null = () => null,
  makeComparer: MakeComparer | null = null,
): Retriever {
  const stored = parseIndex(index);
  if (stored.passageCount !== passages.length || stored.idsDigest !== digestIds(passages)) {
    throw new UnderstudyError('bundle/artifact-invalid', 'The search index belongs to other passages.', {
      facts: { indexed: stored.passageCount, passages: passages.length },
    });
  }
  const parsed = openIndex(stored, passages);
  const searcher = createSearcher(parsed, passages);
  const nearMisses = gatherNearMisses(passages);
  const byId = new Map(passages.map((passage) => [passage.id, passage]));
  const retriever: Retriever = {
    search(question: string, options: SearchOptions = {}): SearchOutcome {
      const limit = Math.min(MAX_LIMIT, Math.max(1, Math.trunc(options.limit ?? DEFAULT_LIMIT)));
      const query = prepareQuery(
        parsed,
        question,
        options.history ?? [],
        options.language,
        options.topic ?? '',
      );
      const accepts = acceptedBy(options);
      const meaning = sense()?.meaningOf(question) ?? null;
      const ranked = searcher.rank(query, {
        language: options.language ?? query.language,
        pageUrl: options.pageUrl ?? null,
        withoutDocument: null,
        accepts,
        likensExpected: options.likensExpected ?? true,
        meaning,
      });
      const gate = accepts === undefined ? parsed.gate : narrowedGate(parsed.gate, passages, accepts);
      const miss =
        nearMisses.count === 0
          ? null
          : { words: nearMisses.likenessOf(query), meaning: meaning?.nearMiss ?? null };
      const confidence = ranked.length === 0 ? 0 : gateConfidence(gate, query, ranked, miss);
      return {
        ranked: collapseDuplicates(preferAnswers(ranked, query.answerKind), limit, searcher.alikeTest).map(
          ({ passage, score }) => ({ passage, score }),
        ),
        confidence,
        isAnswerable: confidence >= ANSWERABLE_FROM,
      };
    },
    prepare: searcher.prepare,
    extract(question: string, ranked: readonly RankedPassage[]): readonly ExtractSpan[] {
      return extractSpans(parsed, question, ranked);
    },
    passage(id: string): Passage | null {
      return byId.get(id) ?? null;
    },
  };
  return makeComparer === null ? retriever : { ...retriever, comparer: makeComparer(parsed, retriever) };
}

/** What the options say of single passages; undefined when they say nothing. */
function acceptedBy({ collections = [], filter = {}, accepts }: SearchOptions): SearchOptions['accepts'] {
  const isOpen = Object.values(filter).every((values) => values.length === 0);
  if (collections.length === 0 && isOpen) return accepts;
  const named = new Set(collections);
  const passes = filterTest(filter);
  return (passage) =>
    (collections.length === 0 || (passage.collection !== undefined && named.has(passage.collection))) &&
    passes(passage) &&
    (accepts?.(passage) ?? true);
}
