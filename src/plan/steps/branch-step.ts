import type { StepDefinition } from '../step-handler.ts';
import { evaluateConditions } from '../values/conditions.ts';
import { readConditionSet, readObjects, readText } from './step-config.ts';

/** `branch`: the first case whose conditions hold. Outcome: the case's id, or `false`. */
export const branchDefinition: StepDefinition = {
  isBranch: true,
  prepare: (step) => {
    const cases = readObjects(step, 'cases', step.config['cases'], (entry) => ({
      id: readText(step, 'id of a case', entry['id']),
      set: readConditionSet(step, 'conditions', entry),
    }));
    return function* ({ pool }) {
      const found = cases.find(({ set }) => evaluateConditions(set, (selector) => pool.get(selector)));
      const when = found?.id ?? 'false';
      return { when, outputs: { result: found !== undefined, selected_case_id: when } };
    };
  },
};
