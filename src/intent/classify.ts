import type { Intent, IntentClassifier, IntentDefinition } from '../contracts/intent.ts';
import { NONE_ID, parseIntentModel } from './intent-model.ts';
import { classProbabilities } from './score-model.ts';

/**
 * Makes a classifier of a trained model and the owner's definitions.
 *
 * A class of the model without a definition is looked up like any question (action `retrieve`); no bytes at all make
 * a classifier that always says `none`.
 * @throws UnderstudyError `bundle/artifact-invalid`, `bundle/version-unsupported`.
 */
export function loadIntentClassifier(
  model: Uint8Array,
  definitions: readonly IntentDefinition[],
): IntentClassifier {
  const parsed = model.length === 0 ? null : parseIntentModel(model);
  const byId = new Map(definitions.map((definition) => [definition.id, definition]));
  return {
    classify(text: string): Intent {
      if (parsed === null) return { id: NONE_ID, confidence: 1, action: 'retrieve' };
      const probabilities = classProbabilities(parsed, text);
      let best = 0;
      probabilities.forEach((probability, label) => {
        if (probability > (probabilities[best] ?? 0)) best = label;
      });
      const confidence = probabilities[best] ?? 0;
      const id = parsed.classIds[best] ?? NONE_ID;
      if (best === 0) return { id: NONE_ID, confidence, action: 'retrieve' };
      if (confidence < parsed.threshold)
        return { id: NONE_ID, confidence: 1 - confidence, action: 'retrieve' };
      return { id, confidence, action: byId.get(id)?.action ?? 'retrieve' };
    },
    definition(id: string): IntentDefinition | null {
      return byId.get(id) ?? null;
    },
  };
}
