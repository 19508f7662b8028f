import { NONE_INTENT } from '../../../src/contracts/intent.ts';
import type { IntentPrediction } from './score-intents.ts';

/** Two intents that are taken for each other. */
export interface Confusion {
  readonly label: string;
  readonly said: string;
  readonly count: number;
  /** Messages, the most confident mistakes first. */
  readonly examples: readonly string[];
}

/** What would help one intent. */
export interface IntentAdvice {
  readonly intent: string;
  readonly examples: number;
  /** Whether it has fewer examples than it takes to tell it from others. */
  readonly isThin: boolean;
  /** Share of its test messages that get it right; null when there is none. */
  readonly recall: number | null;
  /** Messages of the test to add to its examples: wrong ones first, then those that were nearly wrong. */
  readonly add: readonly string[];
  /** Its own examples that the others do not bear out: wrongly labeled, or in need of more like them. */
  readonly review: readonly { readonly text: string; readonly looksLike: string }[];
}

/** Fewest examples that an intent should have. */
export const FEW_EXAMPLES = 10;
/** Confidence under which a right label counts as nearly wrong. */
const LOW_CONFIDENCE = 0.5;
const MOST_EXAMPLES = 3;
const MOST_ADVICE = 5;

/**
 * Lists which intents are taken for which, most frequent first, whatever the threshold; a message out of scope counts where it is
 * given an intent after all.
 */
export function findConfusions(predictions: readonly IntentPrediction[]): Confusion[] {
  const pairs = new Map<string, IntentPrediction[]>();
  for (const one of predictions) {
    const said = one.label === NONE_INTENT ? one.said : one.best;
    if (said === one.label) continue;
    const key = JSON.stringify([one.label, said]);
    pairs.set(key, [...(pairs.get(key) ?? []), { ...one, said }]);
  }
  return [...pairs.values()]
    .map((list) => ({
      label: list[0]?.label ?? '',
      said: list[0]?.said ?? '',
      count: list.length,
      examples: list
        .sort((left, right) => right.confidence - left.confidence)
        .slice(0, MOST_EXAMPLES)
        .map(({ text }) => text),
    }))
    .sort((left, right) => right.count - left.count || (left.label < right.label ? -1 : 1));
}

/**
 * Says of each intent what to add and what to look at again; intents that need nothing are left out, the weakest come first.
 * @param heldOut - Predictions for the training examples by models that had not seen them.
 * @param examples - How many examples each intent has.
 */
export function adviseIntents(
  predictions: readonly IntentPrediction[],
  heldOut: readonly IntentPrediction[],
  examples: ReadonlyMap<string, number>,
): IntentAdvice[] {
  const advice = [...examples].map(([intent, count]): IntentAdvice => {
    const own = predictions.filter(({ label }) => label === intent);
    const wrong = own.filter(({ best }) => best !== intent);
    const unsure = own.filter(({ best, confidence }) => best === intent && confidence < LOW_CONFIDENCE);
    const lonely = heldOut.filter(({ label, best }) => label === intent && best !== intent);
    return {
      intent,
      examples: count,
      isThin: count < FEW_EXAMPLES,
      recall: own.length === 0 ? null : 1 - wrong.length / own.length,
      add: [...wrong.sort(byConfidence), ...unsure.sort(byConfidence)]
        .slice(0, MOST_ADVICE)
        .map(({ text }) => text),
      review: lonely
        .sort((left, right) => right.confidence - left.confidence)
        .slice(0, MOST_ADVICE)
        .map(({ text, best }) => ({ text, looksLike: best })),
    };
  });
  return advice
    .filter(
      ({ intent, add, review, isThin }) =>
        intent !== NONE_INTENT && (add.length > 0 || review.length > 0 || isThin),
    )
    .sort((left, right) => (left.recall ?? 1) - (right.recall ?? 1) || left.examples - right.examples);
}

function byConfidence(left: IntentPrediction, right: IntentPrediction): number {
  return left.confidence - right.confidence;
}
