import { UnderstudyError } from '../../contracts/errors.ts';
import type { Step } from '../../contracts/plan.ts';

/** Why a step that a model runs cannot be run on the device. */
export type NeedsLeadReason = 'no-model' | 'model-failed' | 'vision' | 'unsure';

/** The error of a step that only the cloud can run now. @param what - Why, as the end of a sentence. */
export function needsLead(
  step: Step,
  reason: NeedsLeadReason,
  what: string,
  cause?: unknown,
): UnderstudyError {
  return new UnderstudyError(
    'plan/needs-lead',
    `Step "${step.id}" (${step.kind}) cannot run here: ${what}.`,
    {
      facts: { step: step.id, reason },
      cause,
    },
  );
}
