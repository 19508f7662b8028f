import type { Passage } from '../contracts/passage.ts';
import { hashText } from '../text/hash-text.ts';

/** An expected question that its passage does not know of: what a visitor may ask, with the passage that answers it. */
export interface HeldQuestion {
  readonly question: string;
  readonly language: string;
  /** Number of the passage that answers it. */
  readonly passage: number;
}

/** Passages without the questions that were taken out of them. */
export interface HeldOut {
  readonly passages: readonly Passage[];
  readonly held: readonly HeldQuestion[];
}

/** Fewer held questions say too little. */
export const LEAST_HELD = 60;
/** Share of the passages that must have one: a gate for these would be wrong for the others, which are found by fewer words. */
const LEAST_SHARE = 0.8;
/** More say hardly anything new. */
const MOST_HELD = 800;

/**
 * Takes one expected question out of each passage that has at least two, so that the gate can be set by questions that the
 * index does not hold. Deterministic.
 * @returns Null where there would be fewer than {@link LEAST_HELD}, or where most passages have none.
 */
export function holdOut(passages: readonly Passage[]): HeldOut | null {
  const places = passages.map(({ id, expected = [] }) =>
    expected.length < 2 ? -1 : (hashText(id) >>> 0) % expected.length,
  );
  const held = passages.flatMap((passage, number): HeldQuestion[] => {
    const place = places[number] ?? -1;
    const question = passage.expected?.[place];
    return question === undefined ? [] : [{ question, language: passage.language, passage: number }];
  });
  if (held.length < Math.max(LEAST_HELD, LEAST_SHARE * passages.length)) return null;
  const step = Math.max(1, held.length / MOST_HELD);
  const count = Math.min(held.length, MOST_HELD);
  return {
    passages: passages.map((passage, number) => {
      const { expected = [] } = passage;
      const place = places[number] ?? -1;
      return place < 0 ? passage : { ...passage, expected: expected.filter((_, at) => at !== place) };
    }),
    held: Array.from({ length: count }, (_, at) => held[Math.floor(at * step)]).filter(
      (one) => one !== undefined,
    ),
  };
}
