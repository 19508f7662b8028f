import { UnderstudyError } from '../../contracts/errors.ts';
import type { StepDefinition } from '../step-handler.ts';

/** `lead`: what only the cloud does. Always fails, as `plan/needs-lead`. */
export const leadDefinition: StepDefinition = {
  prepare: (step) => {
    const what = typeof step.config['what'] === 'string' ? step.config['what'] : step.title;
    return function* () {
      throw new UnderstudyError('plan/needs-lead', `Step "${step.id}" (${what}) runs only in the cloud.`, {
        facts: { step: step.id, what },
      });
    };
  },
};
