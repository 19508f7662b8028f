import { plainWords, runsOf } from './text-runs.ts';

/** A text that is compared with others: a passage, or a page as a whole. */
export interface ComparedText {
  readonly id: string;
  readonly language: string;
  readonly text: string;
}

/** Two texts that say the same. */
export interface DuplicatePair {
  /** Ids of the texts, the earlier first. */
  readonly first: string;
  readonly second: string;
  /** Share of the runs of either that both have; 1 where the words are the same. */
  readonly similarity: number;
  /** Share of the shorter one's runs that the longer has. */
  readonly ofShorter: number;
}

/** Steers {@link findDuplicates}. */
export interface DuplicateOptions {
  /** Words of a run. Default 3. */
  readonly run?: number;
  /** Texts with fewer words say the same without being copies. Default 12. */
  readonly leastWords?: number;
  /**
   * Share of the shorter one's runs that the longer must have; given, it takes the place of the share of either, 0.8, and many copies
   * are the boilerplate of one template.
   */
  readonly leastOfShorter?: number;
  /** A run in more texts is boilerplate: it finds nobody, and counts only between two that other runs bring together. Default 40. */
  readonly mostSharers?: number;
}

/** Share of the runs of either that two texts have when they say nearly the same. */
const LEAST_SIMILARITY = 0.8;

/**
 * Finds texts that repeat an earlier one of their language, word for word or nearly; each is paired with the earliest that is most like it.
 */
export function findDuplicates(
  texts: readonly ComparedText[],
  options: DuplicateOptions = {},
): readonly DuplicatePair[] {
  const { run = 3, leastWords = 12, leastOfShorter = 0, mostSharers = 40 } = options;
  const leastSimilarity = leastOfShorter > 0 ? 0 : LEAST_SIMILARITY;
  const firsts = new Map<string, string>();
  const copies = new Map<number, string>();
  const runs = texts.map(({ id, language, text }, at) => {
    const words = plainWords(text);
    if (words.length < leastWords) return null;
    if (leastOfShorter > 0) return runsOf(words, run);
    const said = `${language} ${words.join(' ')}`;
    const first = firsts.get(said);
    if (first === undefined) firsts.set(said, id);
    else copies.set(at, first);
    return first === undefined ? runsOf(words, run) : null;
  });
  const holders = new Map<number, number[]>();
  runs.forEach((own, at) => {
    for (const one of own ?? []) {
      const known = holders.get(one);
      if (known === undefined) holders.set(one, [at]);
      else if (known.length <= mostSharers) known.push(at);
    }
  });
  return runs.flatMap((own, at): DuplicatePair[] => {
    const { id = '', language } = texts[at] ?? {};
    const copied = copies.get(at);
    if (copied !== undefined) return [{ first: copied, second: id, similarity: 1, ofShorter: 1 }];
    if (own === null) return [];
    const shared = new Map<number, number>();
    const common: number[] = [];
    for (const one of own) {
      const known = holders.get(one) ?? [];
      if (known.length > mostSharers) common.push(one);
      else for (const other of known) if (other < at) shared.set(other, (shared.get(other) ?? 0) + 1);
    }
    let best: DuplicatePair | null = null;
    for (const [other, rare] of shared) {
      const its = runs[other];
      const earlier = texts[other];
      if (its == null || earlier === undefined || earlier.language !== language) continue;
      const both = rare + common.filter((one) => its.has(one)).length;
      const similarity = both / (own.size + its.size - both);
      const ofShorter = both / Math.min(own.size, its.size);
      if (similarity < leastSimilarity || ofShorter < leastOfShorter) continue;
      if (best === null || similarity > best.similarity)
        best = { first: earlier.id, second: id, similarity, ofShorter };
    }
    return best === null ? [] : [best];
  });
}
