import type { Intent, IntentClassifier, IntentDefinition, LabelShare } from '../contracts/intent.ts';
import { CLASS_LABEL_PREFIX } from '../contracts/intent.ts';
import type { IntentModel } from './intent-model.ts';
import { NONE_ID, parseIntentModel } from './intent-model.ts';
import { scoreMessage } from './score-model.ts';

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
      const probabilities = intentProbabilities(parsed, text);
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
    among(text: string, ids: readonly string[]): readonly LabelShare[] | null {
      if (parsed === null) return null;
      const wanted = new Set(ids);
      const all = scoreMessage(parsed, text);
      const known = parsed.classIds.flatMap((id, at) =>
        wanted.has(id) ? [{ id, confidence: all[at] ?? 0 }] : [],
      );
      const sum = known.reduce((total, { confidence }) => total + confidence, 0);
      if (known.length === 0 || sum <= 0) return null;
      return known.map(({ id, confidence }) => ({ id, confidence: confidence / sum }));
    },
    definition(id: string): IntentDefinition | null {
      return byId.get(id) ?? null;
    },
  };
}

/** Probabilities of the intents alone: those of the classes of steps are 0, the others add up to 1 without them. */
function intentProbabilities(model: IntentModel, text: string): Float64Array {
  const all = scoreMessage(model, text);
  if (!model.classIds.some((id) => id.startsWith(CLASS_LABEL_PREFIX))) return all;
  const intents = all.map((share, at) =>
    model.classIds[at]?.startsWith(CLASS_LABEL_PREFIX) === true ? 0 : share,
  );
  const sum = intents.reduce((total, share) => total + share, 0);
  return sum > 0 ? intents.map((share) => share / sum) : intents;
}
