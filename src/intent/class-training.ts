import { classLabel } from '../contracts/intent.ts';
import type { QuestionClassifierConfig } from '../contracts/plan-configs.ts';
import type { IntentTraining } from './train-intents.ts';

/** Fewest messages of each class that a model can learn from; with fewer, classes are told by their words alone. */
const LEAST_EXAMPLES = 3;

/**
 * What the intent model learns of the classes of a `question-classifier` step: nothing unless the owner gave messages of every class.
 *
 * The result is added to the `intents` of `trainIntents`; at run time the step asks `IntentClassifier.among` for its labels. They
 * get no definition in the bundle's `intents` and count as `retrieve`, so that they move no threshold.
 */
export function classTraining(
  stepId: string,
  classes: QuestionClassifierConfig['classes'],
): readonly IntentTraining[] {
  if (classes.some(({ examples = [] }) => examples.length < LEAST_EXAMPLES)) return [];
  return classes.map(({ id, name, examples = [] }) => ({
    id: classLabel(stepId, id),
    name,
    examples,
    action: 'retrieve' as const,
  }));
}
