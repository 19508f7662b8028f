import type { Encoder } from '../contracts/encoder.ts';
import { UnderstudyError } from '../contracts/errors.ts';
import { parseIntentModel } from './intent-model.ts';
import type { MessageScores } from './message-scores.ts';
import type { IntentRule } from './score-model.ts';
import { scoreWithSense } from './score-sense.ts';
import { parseIntentSense } from './sense-model.ts';

/** What an encoder says of messages, beside their words. */
export interface MessageSense {
  /** When a label is said: words alone have a threshold of their own. */
  readonly rule: IntentRule;
  /** Share of the vectors among the weights of words and vectors, in [0, 1]. */
  readonly share: number;
  /** Joins what the words say of a message and what its vector says. */
  score(text: string, words: MessageScores): MessageScores;
}

/**
 * Joins an encoder and what was learned from its vectors.
 * @param intentModel - The model of the words, which it adds to.
 * @throws UnderstudyError `bundle/artifact-invalid` for damaged bytes or those of other intents or another encoder,
 *   `bundle/version-unsupported`.
 */
export function joinMessageSense(
  encoder: Pick<Encoder, 'width' | 'encode'>,
  bytes: Uint8Array,
  intentModel: Uint8Array,
): MessageSense {
  const { classIds } = parseIntentModel(intentModel);
  const model = parseIntentSense(bytes, classIds);
  if (encoder.width !== model.weights.width)
    throw new UnderstudyError('bundle/artifact-invalid', 'The intent vectors are of another encoder.', {
      facts: { encoder: encoder.width, vectors: model.weights.width },
    });
  const { threshold, scopeShare, scopeScale, senseWeight, wordsWeight } = model;
  return {
    rule: { classIds, threshold, neighborScope: scopeShare, scopeScale },
    share: senseWeight / Math.max(1e-9, senseWeight + wordsWeight),
    score: (text, words) => scoreWithSense(words, model, encoder.encode(text)),
  };
}
