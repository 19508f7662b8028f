import type { Passage } from '../../src/contracts/passage.ts';
import type { TextSketch } from './text-sketch.ts';
import { plainWords, similarity, sketchWords } from './text-sketch.ts';

/** Two passages that say the same. */
export interface DuplicatePair {
  /** Ids of the passages, the earlier first. */
  readonly first: string;
  readonly second: string;
  /** Similarity of their shingles, 0.8 to 1; 1 where the words are the same. */
  readonly similarity: number;
}

const LEAST_SIMILARITY = 0.8;
/** Passages with fewer words say the same without being copies. */
const LEAST_WORDS = 12;
/** A shingle in more passages is boilerplate and finds nobody. */
const MOST_SHARERS = 40;

/** Finds passages that repeat an earlier one, word for word or nearly; each is paired with the earliest that is most like it. */
export function findDuplicates(passages: readonly Passage[]): readonly DuplicatePair[] {
  const byShingle = new Map<number, number[]>();
  const sketches: (TextSketch | null)[] = [];
  const pairs: DuplicatePair[] = [];
  for (const [index, passage] of passages.entries()) {
    const words = plainWords(passage.text);
    if (words.length < LEAST_WORDS) {
      sketches.push(null);
      continue;
    }
    const sketch = sketchWords(words);
    const candidates = new Set(sketch.sketch.flatMap((shingle) => byShingle.get(shingle) ?? []));
    let best: DuplicatePair | null = null;
    for (const other of candidates) {
      const known = sketches[other];
      const earlier = passages[other];
      if (known === null || known === undefined || earlier?.language !== passage.language) continue;
      const alike = similarity(known, sketch);
      if (alike >= LEAST_SIMILARITY && alike > (best?.similarity ?? 0))
        best = { first: earlier.id, second: passage.id, similarity: alike };
    }
    if (best !== null) pairs.push(best);
    sketches.push(sketch);
    for (const shingle of sketch.sketch) {
      const sharers = byShingle.get(shingle) ?? [];
      if (sharers.length < MOST_SHARERS) sharers.push(index);
      byShingle.set(shingle, sharers);
    }
  }
  return pairs;
}
