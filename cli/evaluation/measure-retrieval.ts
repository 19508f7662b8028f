import { gzipSync } from 'node:zlib';
import type { Passage } from '../../src/contracts/passage.ts';
import type { RankedPassage, ReadAhead, Retriever } from '../../src/contracts/retrieval.ts';
import type { PassageSense } from '../../src/retrieval/passage-sense.ts';
import { buildIndex } from '../../src/retrieval/build-index.ts';
import { loadRetriever } from '../../src/retrieval/retriever.ts';
import { readThesaurus } from '../build/read-thesaurus.ts';
import type { FoundRanks } from './rank-figures.ts';
import { RANK_DEPTH } from './rank-figures.ts';

/** A question for the search, and what of the passages is right. */
export interface RetrievalTest {
  readonly id: string;
  readonly question: string;
  readonly language: string;
  readonly history: readonly string[];
  readonly isAnswerable: boolean;
  readonly kind: string;
  readonly split: string;
  /** Right places among the passages; passages of one place count once. */
  readonly gold: ReadonlySet<string>;
  /** Where a passage lies: its own id, its document, or its heading in it. */
  readonly placeOf: (passage: Passage) => string;
}

/** What the search found for one question. */
export interface RetrievalVerdict extends FoundRanks {
  readonly test: RetrievalTest;
  /** The best passages of each place, best first. */
  readonly found: readonly RankedPassage[];
  /** The first right passage in index order; null when there is none. */
  readonly expected: Passage | null;
  readonly confidence: number;
  readonly isRefused: boolean;
  /** The gate's confidence when all right places are left out; null when there are none. */
  readonly withheldConfidence: number | null;
  readonly isWithheldRefused: boolean | null;
  readonly milliseconds: number;
}

/** What an index takes. */
export interface IndexFigures {
  readonly passages: number;
  /** UTF-8 bytes of the texts of the passages, without titles and headings. */
  readonly textBytes: number;
  readonly indexBytes: number;
  readonly indexGzipBytes: number;
  readonly buildMs: number;
  readonly loadMs: number;
}

/**
 * Builds and loads an index as `understudy build` and the page do, and takes its figures.
 * @param sense - What tells of meaning. Default: nothing.
 */
export function measureIndex(
  passages: readonly Passage[],
  sense: () => PassageSense | null = () => null,
): {
  readonly index: IndexFigures;
  readonly retriever: Retriever;
} {
  const thesaurus = readThesaurus();
  const started = performance.now();
  const bytes = buildIndex(passages, [], thesaurus);
  const built = performance.now();
  const retriever = loadRetriever(bytes, passages, sense);
  const loaded = performance.now();
  const index = {
    passages: passages.length,
    textBytes: passages.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0),
    indexBytes: bytes.byteLength,
    indexGzipBytes: gzipSync(bytes, { level: 9 }).byteLength,
    buildMs: Math.round(built - started),
    loadMs: Math.round(loaded - built),
  };
  return { index, retriever };
}

/** What reading ahead took. */
export interface ReadAheadFigures extends Pick<ReadAhead, 'passages' | 'bytes'> {
  readonly milliseconds: number;
}

/** Lets a retriever read ahead as far as it does while a page is idle. */
export function measureReadAhead(retriever: Retriever): ReadAheadFigures {
  const started = performance.now();
  const { passages = 0, bytes = 0 } = retriever.prepare?.(() => true) ?? {};
  return { passages, bytes, milliseconds: Math.round(performance.now() - started) };
}

/** Questions that are asked once more before times are taken, which then tell of the search and not of its code being compiled. */
const WARM_UP = 50;

/**
 * Asks the search every question; those with an answer also with the right places left out, which the gate ought to refuse.
 * @param options.limit - Passages a search gives, 1 to 50: more than ten where several may lie in one place.
 */
export function measureRetrieval(
  retriever: Retriever,
  passages: readonly Passage[],
  tests: readonly RetrievalTest[],
  options: {
    readonly limit: number;
    readonly signal: AbortSignal;
    readonly onProgress?: (done: number) => void;
  },
): readonly RetrievalVerdict[] {
  const { limit, signal, onProgress = () => undefined } = options;
  for (const { question, language, history } of tests.slice(0, WARM_UP))
    retriever.search(question, { language, history, limit });
  // Times are taken with nothing in between, as where nothing but the search runs.
  const asked = tests.map((test, at) => {
    signal.throwIfAborted();
    onProgress(at);
    const { question, language, history } = test;
    const started = performance.now();
    const outcome = retriever.search(question, { language, history, limit });
    return { test, outcome, milliseconds: performance.now() - started };
  });
  return asked.map(({ test, outcome, milliseconds }): RetrievalVerdict => {
    signal.throwIfAborted();
    const { question, language, history, gold, placeOf } = test;
    const isRight = (passage: Passage): boolean => gold.has(placeOf(passage));
    const found = firstOfEachPlace(outcome.ranked, placeOf).slice(0, RANK_DEPTH);
    const accepts = (passage: Passage): boolean => !isRight(passage);
    const withheld =
      gold.size === 0 ? null : retriever.search(question, { language, history, limit, accepts });
    return {
      test,
      found,
      ranks: found.flatMap(({ passage }, rank) => (isRight(passage) ? [rank + 1] : [])),
      rightCount: gold.size,
      expected: passages.find(isRight) ?? null,
      confidence: outcome.confidence,
      isRefused: !outcome.isAnswerable || outcome.ranked.length === 0,
      withheldConfidence: withheld?.confidence ?? null,
      isWithheldRefused: withheld === null ? null : !withheld.isAnswerable,
      milliseconds,
    };
  });
}

function firstOfEachPlace(
  ranked: readonly RankedPassage[],
  placeOf: (passage: Passage) => string,
): readonly RankedPassage[] {
  const seen = new Set<string>();
  return ranked.filter(({ passage }) => {
    const place = placeOf(passage);
    if (seen.has(place)) return false;
    seen.add(place);
    return true;
  });
}
