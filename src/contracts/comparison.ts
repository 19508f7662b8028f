import type { ExtractSpan, RankedPassage, SearchOptions, SearchOutcome } from './retrieval.ts';

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
   * @returns The passages of either side, for {@link compare}; not answerable when the pages say of neither what is asked. Null when the
   *   question compares nothing.
   */
  search(question: string, options?: SearchOptions): SearchOutcome | null;
  /**
   * Chooses what ranked passages say of both sides.
   * @param history - Earlier questions, latest last: "and which is cheaper?" compares what the one before compared.
   */
  compare(question: string, ranked: readonly RankedPassage[], history: readonly string[]): Comparison | null;
}
