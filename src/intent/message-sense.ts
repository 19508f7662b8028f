import type { Encoder } from '../contracts/encoder.ts';
import { UnderstudyError } from '../contracts/errors.ts';
import { parseIntentModel } from './intent-model.ts';
import type { IntentSense } from './sense-model.ts';
import { parseIntentSense } from './sense-model.ts';

/** What an encoder says of messages, beside their words. */
export interface MessageSense {
  readonly encoder: Pick<Encoder, 'encode'>;
  readonly model: IntentSense;
}

/**
 * Joins an encoder and what was learned from its vectors.
 * @param intentModel - The model of the words, which it adds to.
 * @throws UnderstudyError `bundle/artifact-invalid` for damaged bytes or those of other intents or another encoder,
 *   `bundle/version-unsupported`.
 */
export function joinMessageSense(encoder: Encoder, bytes: Uint8Array, intentModel: Uint8Array): MessageSense {
  const model = parseIntentSense(bytes, parseIntentModel(intentModel).classIds);
  if (encoder.width === model.weights.width) return { encoder, model };
  throw new UnderstudyError('bundle/artifact-invalid', 'The intent vectors are of another encoder.', {
    facts: { encoder: encoder.width, vectors: model.weights.width },
  });
}
