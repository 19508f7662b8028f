import type { Encoder } from '../contracts/encoder.ts';
import { UnderstudyError } from '../contracts/errors.ts';
import type { PassageVectors } from './passage-vectors.ts';

/** What tells how alike questions and passages are in meaning. */
export interface PassageSense {
  readonly encoder: Encoder;
  /** Of the passages of the index, by the same encoder. */
  readonly vectors: PassageVectors;
}

/** Joins an encoder and the vectors it made. @throws UnderstudyError `bundle/artifact-invalid` when they are of different width. */
export function joinSense(encoder: Encoder, vectors: PassageVectors): PassageSense {
  if (encoder.width === vectors.width) return { encoder, vectors };
  throw new UnderstudyError('bundle/artifact-invalid', 'The passage vectors are of another encoder.', {
    facts: { encoder: encoder.width, vectors: vectors.width },
  });
}
