import type { Passage } from './passage.ts';

/** A passage with the score of one search. */
export interface RankedPassage {
  readonly passage: Passage;
  /** Score of the ranking function, higher is better; comparable within one search only. */
  readonly score: number;
}

/** By name (`product`, `audience`, `language`, or any the owner uses) the values of which a passage must have one. */
export interface PassageFilter {
  readonly [name: string]: readonly string[];
}

/** Restricts or steers one search; every field is optional. */
export interface SearchOptions {
  /** Most passages to return, 1 to 50. Default 5. */
  readonly limit?: number;
  /** Prefer passages of this language; passages of others are found only where it has none. Default: guessed from the query. */
  readonly language?: string;
  /** Earlier questions of the visitor, latest last, to understand a follow-up. Default none. */
  readonly history?: readonly string[];
  /** Address of the page the visitor is on; its passages are slightly preferred. Default none. */
  readonly pageUrl?: string;
  /** Words of the topic the question is known to be about, such as the name of its intent; they count little, and a search without them counts where it is surer. Default none. */
  readonly topic?: string;
  /** Names of the collections that are searched; empty = all. Default all. */
  readonly collections?: readonly string[];
  /** Leaves out the passages that do not note one of the values under each name, as metadata or as a tag. Default none. */
  readonly filter?: PassageFilter;
  /** Leaves out the passages for which it is false. Default none. */
  readonly accepts?: (passage: Passage) => boolean;
  /** False where the question is made up and none of a visitor's: it is not likened to expected ones. Default true. */
  readonly likensExpected?: boolean;
  /** Id of the step of a plan that asks, for scripted retrievers; indexes do not look at it. */
  readonly stepId?: string;
}

/** The outcome of one search. */
export interface SearchOutcome {
  /** Best first; ties keep index order. */
  readonly ranked: readonly RankedPassage[];
  /** Estimated probability that the best passages answer the question, in [0, 1]. */
  readonly confidence: number;
  /** False when the pages do not answer the question: the confidence lies under the bundle's gate. */
  readonly isAnswerable: boolean;
}

/** One verbatim span of a passage chosen as (part of) an extractive answer. */
export interface ExtractSpan {
  readonly passage: Passage;
  /** The span in the Markdown subset: sentences, or a list, steps or a table kept whole. */
  readonly markdown: string;
  /** The same as plain text. */
  readonly text: string;
  /** Heading to show above it, as plain text, where it does not say by itself what it is about; absent where it does. */
  readonly heading?: string;
  /**
   * Sentences of a paragraph that answer best and may stand for it, as plain text and in their order; empty where all of it answers.
   * Absent of other blocks, and where it was not looked for.
   */
  readonly answering?: readonly string[];
}

/** One of two things that a question compares. */
export interface ComparedSide {
  /** As the visitor wrote it. */
  readonly name: string;
  /** What the pages say of it alone; empty when they say nothing, or when all is shared. */
  readonly spans: readonly ExtractSpan[];
}

/** What the pages say of two things that a question compares; on one side at least. */
export interface Comparison {
  /** What tells of both at once: rows or columns of one table, items of one list, a sentence. */
  readonly shared: readonly ExtractSpan[];
  /** In the order of the question. */
  readonly sides: readonly [ComparedSide, ComparedSide];
}

/** Finds what the pages say of two things that a question compares. Pure and synchronous. */
export interface Comparer {
  /**
   * Searches for both sides of a question.
   * @returns The passages of either side, for {@link compare}, more than `limit`; not answerable when the pages say of neither what is
   *   asked. Null when the question compares nothing.
   */
  search(question: string, options?: SearchOptions): SearchOutcome | null;
  /**
   * Chooses what ranked passages say of both sides.
   * @param history - Earlier questions, latest last: "and which is cheaper?" compares what the one before compared.
   * @param language - As in the options of {@link search}. Default: guessed from the question.
   */
  compare(
    question: string,
    ranked: readonly RankedPassage[],
    history: readonly string[],
    language?: string,
  ): Comparison | null;
}

/** How far a retriever has read ahead. */
export interface ReadAhead {
  /** Whether there is more to read that memory is meant for. */
  readonly hasMore: boolean;
  /** Passages that have been read and are kept. */
  readonly passages: number;
  /** What is kept of them, about. */
  readonly bytes: number;
}

/** Finds passages that answer a question. Implementations are pure and synchronous; under 30 ms for 10,000 passages. */
export interface Retriever {
  search(question: string, options?: SearchOptions): SearchOutcome;
  /** Chooses the spans of the ranked passages that answer the question, best first, at most 3 from at most 2 passages. */
  extract(question: string, ranked: readonly RankedPassage[]): readonly ExtractSpan[];
  passage(id: string): Passage | null;
  /**
   * Reads passages ahead of the questions, which are then answered the same but sooner; as many as memory is meant for. Default: each is
   * read when a question first meets it.
   *
   * @param mayGoOn - Asked before each passage, which takes about 0.1 ms.
   */
  prepare?(mayGoOn: () => boolean): ReadAhead;
  /** What finds both sides of a comparison. Default none: such questions are searched as any other. */
  readonly comparer?: Comparer;
}

/** What the grounding check found in one statement. */
export interface GroundingVerdict {
  readonly isSupported: boolean;
  /** Why it is not supported; empty when it is. */
  readonly reasons: readonly GroundingReason[];
}

/** A way in which a statement may go beyond its passages. */
export interface GroundingReason {
  readonly kind:
    | 'number'
    | 'unit'
    | 'date'
    | 'limit'
    | 'name'
    | 'link'
    | 'negation'
    | 'condition'
    | 'scope'
    | 'wording'
    | 'empty';
  /** The piece of the statement that is not supported. */
  readonly piece: string;
}

/** Checks statements against the passages they cite. Pure, synchronous, under 2 ms a statement. */
export interface GroundingCheck {
  check(statement: string, passages: readonly Passage[]): GroundingVerdict;
}
