import type { Share } from './share.ts';
import { roundTo, shareWhere } from './share.ts';

/** How deep a list of found places is looked at. */
export const RANK_DEPTH = 10;

/** Where the right places of one question were found. */
export interface FoundRanks {
  /** 1-based places of the right ones among the first ten, rising. */
  readonly ranks: readonly number[];
  /** How many right ones there are. */
  readonly rightCount: number;
}

/** Figures of ranked lists; null of nothing. */
export interface RankFigures {
  /** Questions with a right place first; among five; among ten. */
  readonly recallAt1: Share;
  readonly recallAt3: Share;
  readonly recallAt5: Share;
  readonly recallAt10: Share;
  /** Mean of 1 / place of the first right one, 0 below ten. */
  readonly meanReciprocalRank: number | null;
  /** Mean normalized discounted cumulative gain among ten: what is right gains 1 / log2(1 + place), of the most there is to gain. */
  readonly discountedGain: number | null;
}

/** Adds up where right places were found. */
export function rankFigures(found: readonly FoundRanks[]): RankFigures {
  const within = (depth: number): Share => shareWhere(found, ({ ranks }) => (ranks[0] ?? Infinity) <= depth);
  return {
    recallAt1: within(1),
    recallAt3: within(3),
    recallAt5: within(5),
    recallAt10: within(RANK_DEPTH),
    meanReciprocalRank: mean(found.map(({ ranks: [first] }) => (first === undefined ? 0 : 1 / first))),
    discountedGain: mean(found.map(gainOf)),
  };
}

function gainOf({ ranks, rightCount }: FoundRanks): number {
  const gain = (rank: number): number => 1 / Math.log2(1 + rank);
  let most = 0;
  for (let rank = 1; rank <= Math.min(rightCount, RANK_DEPTH); rank += 1) most += gain(rank);
  return most === 0 ? 0 : ranks.reduce((sum, rank) => sum + gain(rank), 0) / most;
}

function mean(figures: readonly number[]): number | null {
  if (figures.length === 0) return null;
  return roundTo(figures.reduce((sum, figure) => sum + figure, 0) / figures.length, 4);
}
