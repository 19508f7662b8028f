import type { LocalizedText } from './language.ts';
import type { SlotName } from './slot.ts';

/** The label of a message that fits no intent of the bundle. */
export const NONE_INTENT = 'none';

/** What the plan does with an intent: say its answer, hand over to people, or look in the pages. */
export type IntentAction = 'answer' | 'handoff' | 'retrieve';

/** One intent as the owner defined it; kept in the bundle's `intents` artifact. */
export interface IntentDefinition {
  readonly id: string;
  readonly name: string;
  readonly action: IntentAction;
  /** What to say; required for `answer`, optional for `handoff`. */
  readonly answer: LocalizedText | null;
  readonly suggestions: { readonly [language: string]: readonly string[] };
  /** What is looked for in messages of this intent; places of the answer may show it (`SLOT_PLACE`). Default none. */
  readonly slots?: readonly SlotName[];
}

/** What a message asks for: a label of the closed list, or `none`. */
export interface Intent {
  readonly id: string;
  /** Calibrated probability that the label is right, in [0, 1]. */
  readonly confidence: number;
  readonly action: IntentAction;
}

/** How likely one label is. */
export interface LabelShare {
  readonly id: string;
  /** In [0, 1]. */
  readonly confidence: number;
}

/** With what the labels begin that are classes of steps: they are no intents, and `classify` never gives them. */
export const CLASS_LABEL_PREFIX = 'class:';

/** The label of a class of a `question-classifier` step in the intent model. */
export function classLabel(stepId: string, classId: string): string {
  return `${CLASS_LABEL_PREFIX}${stepId}:${classId}`;
}

/** Sorts messages into intents. Implementations are pure and synchronous; under 5 ms a message. */
export interface IntentClassifier {
  /** The most likely intent, `none` with action `retrieve` when nothing is likely enough. */
  classify(text: string): Intent;
  /**
   * The intents of a message that asks for several things, in the order it asks, each once and never `none`; fewer than two mean that
   * it is one thing, and that {@link IntentClassifier.classify} says which. Absent where there is no model.
   */
  several?(text: string): readonly Intent[];
  /**
   * How likely each of some labels is, if the message is one of them: labels of a group of their own, such as the classes of a step.
   * They add up to 1; null when the model was trained on none of them. Absent where there is no model.
   */
  among?(text: string, ids: readonly string[]): readonly LabelShare[] | null;
  /** The owner's definition of an intent; null for `none` and unknown ids. */
  definition(id: string): IntentDefinition | null;
}
