import type { Passage } from '../contracts/passage.ts';
import { analyzeText } from './analyze.ts';
import { isRequest } from './filler-words.ts';
import { isLabel } from './label-words.ts';
import type { Query } from './query.ts';

/** The questions that come near to the pages and that none of them answers. */
export interface NearMisses {
  readonly count: number;
  /** How alike a question and the most alike one are by their words, 0 to 1: as `Sight.expectedMatch` for expected questions. */
  readonly likenessOf: (query: Query) => number;
}

/** Most that are compared by their words; more would take longer to read than a visitor waits. */
const MOST = 40_000;

/** A single word that both have says little: "refund please" asks for anything about refunds. */
const LEAST_TERMS = 2;

/** What the words of the near misses tell: which of them hold a term, and how many different terms each has. */
interface TermTable {
  readonly holders: ReadonlyMap<string, readonly number[]>;
  readonly sizes: readonly number[];
}

function readTerms(passages: readonly Passage[]): TermTable {
  const holders = new Map<string, number[]>();
  const sizes: number[] = [];
  for (const { language, nearMisses = [] } of passages) {
    for (const question of nearMisses.slice(0, MOST - sizes.length)) {
      const terms = new Set(analyzeText(question, language));
      for (const term of terms) {
        const list = holders.get(term);
        if (list === undefined) holders.set(term, [sizes.length]);
        else list.push(sizes.length);
      }
      sizes.push(terms.size);
    }
  }
  return { holders, sizes };
}

/** Gathers the near misses of passages; their words are read when a question first asks for them. */
export function gatherNearMisses(passages: readonly Passage[]): NearMisses {
  const count = passages.reduce((sum, { nearMisses = [] }) => sum + nearMisses.length, 0);
  let table: TermTable | null = null;
  return {
    count,
    likenessOf({ terms }) {
      table ??= readTerms(passages);
      const { holders, sizes } = table;
      const shares = new Map<number, { mass: number; terms: number; telling: number }>();
      let total = 0;
      for (const { word, matches, weight, rarity } of terms) {
        const mass = weight * rarity;
        total += mass;
        /** What each near miss holds of this word at most. */
        const held = new Map<number, number>();
        for (const { text, share } of [{ text: word, share: 1 }, ...matches])
          for (const miss of holders.get(text) ?? []) held.set(miss, Math.max(share, held.get(miss) ?? 0));
        for (const [miss, share] of held) {
          const sum = shares.get(miss) ?? { mass: 0, terms: 0, telling: 0 };
          sum.mass += share * mass;
          sum.terms += 1;
          if (!isRequest(word) && !isLabel(word)) sum.telling += 1;
          shares.set(miss, sum);
        }
      }
      let best = 0;
      for (const [miss, sum] of shares)
        if (sum.telling >= LEAST_TERMS)
          best = Math.max(best, (sum.mass / total) * Math.sqrt(sum.terms / (sizes[miss] ?? 1)));
      return Math.min(1, best);
    },
  };
}
