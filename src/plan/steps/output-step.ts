import type { PlanValue } from '../plan-value.ts';
import { readOutputs } from '../run/read-response.ts';
import type { StepDefinition } from '../step-handler.ts';

/** `output`: gives results by name; what is not set is null. */
export const outputDefinition: StepDefinition = {
  prepare: (step) => {
    const wanted = readOutputs(step);
    return function* ({ pool }) {
      const outputs = new Map<string, PlanValue>();
      for (const { name, from } of wanted) outputs.set(name, pool.get(from) ?? null);
      return { when: 'default', outputs: Object.fromEntries(outputs) };
    };
  },
};
