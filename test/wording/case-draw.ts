import { seededRandom } from '../fixtures/quantized-rows.ts';

/** Draws by a seed: the same seed draws the same. */
export interface Draw {
  /** A whole number of a range, both ends included. */
  number(from: number, to: number): number;
  one<T>(list: readonly T[]): T;
  /** Some of a list, in its order. */
  some<T>(list: readonly T[], count: number): readonly T[];
  chance(share: number): boolean;
}

/** Makes a {@link Draw}. */
export function drawOf(seed: number): Draw {
  const random = seededRandom(seed);
  const number = (from: number, to: number): number => from + Math.floor(random() * (to - from + 1));
  return {
    number,
    one<T>(list: readonly T[]): T {
      const found = list[number(0, list.length - 1)];
      if (found === undefined) throw new Error('There is nothing to draw from.');
      return found;
    },
    some<T>(list: readonly T[], count: number): readonly T[] {
      const taken = new Set<number>();
      while (taken.size < Math.min(count, list.length)) taken.add(number(0, list.length - 1));
      return list.filter((_, at) => taken.has(at));
    },
    chance: (share) => random() < share,
  };
}
