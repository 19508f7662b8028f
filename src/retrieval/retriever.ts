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
import { ANSWERABLE_FROM, gateConfidence, mostConfidence, narrowedGate } from './confidence.ts';
import { extractSpans } from './extract.ts';
import { digestIds, parseIndex } from './index-format.ts';
import { gatherNearMisses } from './near-misses.ts';
import { filterTest } from './passage-filter.ts';
import { preferAnswers } from './prefer-answers.ts';
import type { PassageSense } from './passage-sense.ts';
import { prepareQuery } from './query.ts';
import { openIndex, type SearchIndex } from './search-index.ts';
import { createSearcher, type ScoredPassage } from './search.ts';
import { lookForTopic } from './topics.ts';

const DEFAULT_LIMIT = 5;
const MAX_LIMIT = 50;
/** Confidence at least that the page whose topic a question names answers it. */
const NAMED_CONFIDENCE = 0.75;

/** What one way to search comes to. */
interface Found {
  readonly ranked: readonly ScoredPassage[];
  readonly confidence: number;
}

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
      const { topic = '' } = options;
      // "Where are you?" after another question is no follow-up where its topic is known, though it has no words of its own.
      const isBare = (): boolean => prepareQuery(parsed, question, [], options.language).terms.length === 0;
      const history = topic !== '' && isBare() ? [] : (options.history ?? []);
      const accepts = acceptedBy(options);
      const meaning = sense()?.meaningOf(question) ?? null;
      const gate = accepts === undefined ? parsed.gate : narrowedGate(parsed.gate, passages, accepts);
      const lookUp = (told: string): Found => {
        const query = prepareQuery(parsed, question, history, options.language, told);
        const ranked = searcher.rank(query, {
          language: options.language ?? query.language,
          pageUrl: options.pageUrl ?? null,
          withoutDocument: null,
          accepts,
          likensExpected: options.likensExpected ?? true,
          meaning,
        });
        const { isNamed, ranked: ordered } = lookForTopic(query, ranked, passages, accepts);
        const miss =
          nearMisses.count === 0 || isNamed
            ? null
            : { words: nearMisses.likenessOf(query), meaning: meaning?.nearMiss ?? null };
        const estimated =
          ranked.length === 0
            ? 0
            : Math.min(mostConfidence(query, ranked), gateConfidence(gate, query, ranked, miss));
        return {
          ranked: preferAnswers(ordered, query.answerKind),
          confidence: isNamed ? Math.max(estimated, NAMED_CONFIDENCE) : estimated,
        };
      };
      // A topic helps to find what the question does not name; its own words, which the pages may lack, must not make the answer doubtful.
      const alone = lookUp('');
      const aided = topic === '' ? alone : lookUp(topic);
      const { ranked, confidence } = aided.confidence >= alone.confidence ? aided : alone;
      return {
        ranked: collapseDuplicates(ranked, limit, searcher.alikeTest).map(({ passage, score }) => ({
          passage,
          score,
        })),
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
