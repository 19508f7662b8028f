import { type CompareVectors, createComparison } from '../bytes/compare-vectors.ts';
import type { Encoder } from '../contracts/encoder.ts';
import { UnderstudyError } from '../contracts/errors.ts';
import type { PassageVectors, VectorPlaces } from './passage-vectors.ts';
import { type Meaning, meaningOf } from './passage-vectors.ts';

/** Tells how alike questions and the passages of an index are in meaning. */
export interface PassageSense {
  /** What their vectors say of a question. */
  meaningOf(question: string): Meaning;
}

/** Joins an encoder and the vectors it made. @throws UnderstudyError `bundle/artifact-invalid` when they are of different width. */
export async function joinSense(
  encoder: Omit<Encoder, 'dispose'>,
  vectors: PassageVectors,
): Promise<PassageSense> {
  if (encoder.width === vectors.width)
    return senseOf(encoder, vectors, await createComparison(encoder, vectors));
  throw new UnderstudyError('bundle/artifact-invalid', 'The passage vectors are of another encoder.', {
    facts: { encoder: encoder.width, vectors: vectors.width },
  });
}

/** Refers to the places of the vectors alone: the vectors themselves may be held elsewhere. */
function senseOf(
  encoder: Pick<Encoder, 'encode'>,
  { passageCount, starts, expectedCounts, nearMissCounts }: VectorPlaces,
  compare: CompareVectors,
): PassageSense {
  const places = { passageCount, starts, expectedCounts, nearMissCounts };
  return { meaningOf: (question) => meaningOf(places, compare(encoder.encode(question))) };
}
