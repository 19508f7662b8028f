import type { Intent, IntentClassifier, IntentDefinition, LabelShare } from '../contracts/intent.ts';
import { CLASS_LABEL_PREFIX } from '../contracts/intent.ts';
import type { IntentModel } from './intent-model.ts';
import { NONE_ID, parseIntentModel } from './intent-model.ts';
import type { MessageSense } from './message-sense.ts';
import { splitClauses } from './split-clauses.ts';
import type { MessageScores } from './message-scores.ts';
import { createIntentScorer, rankIntents } from './score-model.ts';

/**
 * Makes a classifier of a trained model and the owner's definitions.
 *
 * A class of the model without a definition is looked up like any question (action `retrieve`); no bytes at all make
 * a classifier that always says `none`.
 * @param senseNow - Asked at each message: an encoder may come after the first ones, or never. Default: never.
 * @throws UnderstudyError `bundle/artifact-invalid`, `bundle/version-unsupported`.
 */
export function loadIntentClassifier(
  model: Uint8Array,
  definitions: readonly IntentDefinition[],
  senseNow: () => MessageSense | null = () => null,
): IntentClassifier {
  const parsed = model.length === 0 ? null : parseIntentModel(model);
  const byWords = parsed === null ? null : createIntentScorer(parsed);
  const byId = new Map(definitions.map((definition) => [definition.id, definition]));
  const score =
    byWords === null
      ? null
      : (text: string): MessageScores => {
          const words = byWords(text);
          return senseNow()?.score(text, words) ?? words;
        };
  const classify = (text: string): Intent => {
    if (parsed === null || score === null) return { id: NONE_ID, confidence: 1, action: 'retrieve' };
    const rule = senseNow()?.rule ?? parsed;
    const { said, confidence, scope } = rankIntents(rule, withoutClasses(parsed, score(text)));
    if (said === NONE_ID) return { id: NONE_ID, confidence: 1 - scope, action: 'retrieve' };
    return { id: said, confidence, action: byId.get(said)?.action ?? 'retrieve' };
  };
  return {
    classify,
    several(text: string): readonly Intent[] {
      const found = new Map<string, Intent>();
      for (const clause of splitClauses(text)) {
        const intent = classify(clause);
        if (intent.id !== NONE_ID && !found.has(intent.id)) found.set(intent.id, intent);
      }
      return [...found.values()];
    },
    among(text: string, ids: readonly string[]): readonly LabelShare[] | null {
      if (parsed === null || score === null) return null;
      const wanted = new Set(ids);
      const all = score(text).probabilities;
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

/** The scores of the intents alone: those of the classes of steps are 0, the others add up to 1 without them. */
function withoutClasses({ classIds }: IntentModel, scores: MessageScores): MessageScores {
  if (!classIds.some((id) => id.startsWith(CLASS_LABEL_PREFIX))) return scores;
  const intents = scores.probabilities.map((share, at) =>
    classIds[at]?.startsWith(CLASS_LABEL_PREFIX) === true ? 0 : share,
  );
  const sum = intents.reduce((total, share) => total + share, 0);
  return { ...scores, probabilities: sum > 0 ? intents.map((share) => share / sum) : intents };
}
