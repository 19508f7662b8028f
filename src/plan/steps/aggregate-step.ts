import type { PlanValue } from '../plan-value.ts';
import type { StepDefinition } from '../step-handler.ts';
import { toJson } from '../values/json-value.ts';
import { invalidConfig, readList, readObjects, readSelector, readText } from './step-config.ts';

/**
 * `aggregate`: the first of several variables that is set; one of a step that was skipped is not, an empty text is. Gives nothing
 * where none is set.
 */
export const aggregateDefinition: StepDefinition = {
  prepare: (step) => {
    const { isGrouped } = step.config;
    if (typeof isGrouped !== 'boolean') throw invalidConfig(step, 'isGrouped');
    const groups = readObjects(step, 'groups', step.config['groups'], (group) => ({
      name: readText(step, 'name of a group', group['name']),
      from: readList(step, 'from', group['from'], (selector) => readSelector(step, 'from', selector)),
    }));
    return function* ({ pool }) {
      const outputs: [string, PlanValue][] = [];
      for (const { name, from } of isGrouped ? groups : groups.slice(0, 1)) {
        const values = from.map((selector) => pool.get(selector));
        const value = values.find((candidate) => candidate !== undefined);
        if (value !== undefined)
          outputs.push(isGrouped ? [name, { output: toJson(value) }] : ['output', value]);
      }
      return { when: 'default', outputs: Object.fromEntries(outputs) };
    };
  },
};
