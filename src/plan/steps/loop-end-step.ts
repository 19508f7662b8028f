import { UnderstudyError } from '../../contracts/errors.ts';
import type { StepDefinition } from '../step-handler.ts';

/** `loop-end`: no round follows the one that reaches it. */
export const loopEndDefinition: StepDefinition = {
  prepare: (step, plan) => {
    const around = plan.steps.find(({ id }) => id === step.parent);
    if (around?.kind !== 'loop') {
      throw new UnderstudyError('plan/invalid', `Step "${step.id}" ends a loop but lies in none.`, {
        facts: { step: step.id },
      });
    }
    return function* () {
      return { when: 'default', outputs: {} };
    };
  },
};
