import type { Encoder } from '../contracts/encoder.ts';
import { UnderstudyError } from '../contracts/errors.ts';
import type { PassageVectors } from './passage-vectors.ts';
import { passageSimilarities } from './passage-vectors.ts';

/** Tells how alike questions and the passages of an index are in meaning. */
export interface PassageSense {
  /** Cosine of a question to the nearest vector of each passage, in the order of the passages. */
  similarities(question: string): Float32Array;
}

/** Joins an encoder and the vectors it made. @throws UnderstudyError `bundle/artifact-invalid` when they are of different width. */
export function joinSense(encoder: Pick<Encoder, 'width' | 'encode'>, vectors: PassageVectors): PassageSense {
  if (encoder.width === vectors.width)
    return { similarities: (question) => passageSimilarities(vectors, encoder.encode(question)) };
  throw new UnderstudyError('bundle/artifact-invalid', 'The passage vectors are of another encoder.', {
    facts: { encoder: encoder.width, vectors: vectors.width },
  });
}
