import type { LocalizedText } from './language.ts';

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
}

/** What a message asks for: a label of the closed list, or `none`. */
export interface Intent {
  readonly id: string;
  /** Calibrated probability that the label is right, in [0, 1]. */
  readonly confidence: number;
  readonly action: IntentAction;
}

/** Sorts messages into intents. Implementations are pure and synchronous; under 5 ms a message. */
export interface IntentClassifier {
  /** The most likely intent, `none` with action `retrieve` when nothing is likely enough. */
  classify(text: string): Intent;
  /** The owner's definition of an intent; null for `none` and unknown ids. */
  definition(id: string): IntentDefinition | null;
}
