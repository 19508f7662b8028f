import type { Passage } from '../contracts/passage.ts';
import { plainText } from '../text/plain-text.ts';

/** How much a field counts, how far its length is taken into account (the b of BM25), and how it is stored. */
interface Field {
  readonly weight: number;
  readonly lengthShare: number;
  /** Lowest bit of the field's frequency in a posting's code. */
  readonly shift: number;
  /** Highest frequency that is told apart. */
  readonly most: number;
  readonly read: (passage: Passage) => string;
}

/** The fields of a passage that are searched. Their frequencies share one byte a posting. */
export const FIELDS: readonly Field[] = [
  { weight: 1, lengthShare: 0.6, shift: 0, most: 7, read: ({ text }) => plainText(text) },
  { weight: 1.6, lengthShare: 0.3, shift: 3, most: 1, read: ({ title }) => title },
  { weight: 1.2, lengthShare: 0.3, shift: 4, most: 1, read: ({ headings }) => headings.join('\n') },
  {
    weight: 1.6,
    lengthShare: 0.3,
    shift: 5,
    most: 3,
    read: ({ questions, expected = [] }) => [...questions, ...expected].join('\n'),
  },
  { weight: 0.8, lengthShare: 0, shift: 7, most: 1, read: ({ tags }) => tags.join('\n') },
];

/** Mean length of each field over the passages that have it, at least 1. @param lengths - Passage by passage, a number a field. */
export function averageLengths(lengths: ArrayLike<number>): number[] {
  return FIELDS.map((_, field) => {
    let sum = 0;
    let filled = 0;
    for (let at = field; at < lengths.length; at += FIELDS.length) {
      sum += lengths[at] ?? 0;
      if ((lengths[at] ?? 0) > 0) filled++;
    }
    return Math.max(1, sum / Math.max(1, filled));
  });
}

/** What one occurrence in a field of a passage adds to the frequency of a term (BM25F, Robertson and Zaragoza 2009). */
export function occurrenceWeight(field: number, length: number, average: number): number {
  const { weight = 0, lengthShare = 0 } = FIELDS[field] ?? {};
  return weight / (1 - lengthShare + (lengthShare * length) / average);
}
