import type { Encoder } from '../contracts/encoder.ts';
import { UnderstudyError } from '../contracts/errors.ts';
import type { PassageVectors } from './passage-vectors.ts';
import { type Meaning, meaningOf } from './passage-vectors.ts';

/** Tells how alike questions and the passages of an index are in meaning. */
export interface PassageSense {
  /** What their vectors say of a question. */
  meaningOf(question: string): Meaning;
}

/** Joins an encoder and the vectors it made. @throws UnderstudyError `bundle/artifact-invalid` when they are of different width. */
export function joinSense(encoder: Pick<Encoder, 'width' | 'encode'>, vectors: PassageVectors): PassageSense {
  if (encoder.width === vectors.width)
    return { meaningOf: (question) => meaningOf(vectors, encoder.encode(question)) };
  throw new UnderstudyError('bundle/artifact-invalid', 'The passage vectors are of another encoder.', {
    facts: { encoder: encoder.width, vectors: vectors.width },
  });
}
