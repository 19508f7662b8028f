import { UnderstudyError, isUnderstudyError } from '../../contracts/errors.ts';
import { isInteger, isJson, isRecord } from '../../contracts/json.ts';
import type { ConditionSet, LoopConfig, Selector } from '../../contracts/plan-configs.ts';
import { VALUE_TYPES } from '../../contracts/plan-configs.ts';
import type { Step } from '../../contracts/plan.ts';
import type { PlanValue } from '../plan-value.ts';
import type { StepDefinition } from '../step-handler.ts';
import { accepted, readConditionSet, readObjects, readSelector, readText } from './step-config.ts';
import { evaluateConditions } from '../values/conditions.ts';

type LoopVariable = LoopConfig['variables'][number];
type Get = (selector: Selector) => PlanValue | undefined;

/**
 * `loop`: runs its steps until a condition holds, a `loop-end` step is reached, or the rounds are used up. Its variables go from round
 * to round. Outputs them and `loop_round`, the number of rounds.
 */
export const loopDefinition: StepDefinition = {
  prepare: (step) => {
    const { rounds, variables, until, start } = readConfig(step);
    return async function* ({ pool, runRound, signal }) {
      const get: Get = (selector) => pool.get(selector);
      let values = Object.fromEntries(variables.map((variable) => [variable.name, first(variable, get)]));
      let round = 0;
      const seen: Get = (selector) =>
        selector[0] === step.id && selector.length === 2 ? values[selector[1]] : pool.get(selector);
      let isOver = holds(until, seen, true);
      while (!isOver && round < rounds) {
        signal.throwIfAborted();
        const after = yield* runRound(start, round, values);
        round += 1;
        values = Object.fromEntries(
          variables.map(({ name }) => [name, after.pool.get([step.id, name]) ?? null]),
        );
        isOver = after.isBroken || holds(until, (selector) => after.pool.get(selector), false);
      }
      return { when: 'default', outputs: { ...values, loop_round: round } };
    };
  },
};

/** @param isLenient - Before the first round a variable that is missing is no mistake: the loop begins. */
function holds(until: ConditionSet | null, get: Get, isLenient: boolean): boolean {
  if (until === null || until.conditions.length === 0) return false;
  try {
    return evaluateConditions(until, get);
  } catch (error) {
    if (isLenient && isUnderstudyError(error)) return false;
    throw error;
  }
}

function first(variable: LoopVariable, get: Get): PlanValue {
  if ('value' in variable.value) return variable.value.value;
  const value = get(variable.value.from);
  if (value !== undefined) return value;
  const name = variable.value.from.join('.');
  throw new UnderstudyError('plan/variable-missing', `The loop begins with "${name}", which is not set.`, {
    facts: { variable: name },
  });
}

function readConfig(step: Step): LoopConfig {
  const { rounds, variables, until, start } = step.config;
  const isCount = isInteger(rounds, 1) && rounds <= 1000;
  return {
    rounds: accepted(step, 'rounds', isCount ? rounds : null),
    variables: readObjects(step, 'variables', variables, (variable) => readVariable(step, variable)),
    until: until == null ? null : readConditionSet(step, 'until', until),
    start: readText(step, 'start', start),
  };
}

function readVariable(step: Step, variable: Record<string, unknown>): LoopVariable {
  const value = accepted(step, 'variables', isRecord(variable['value']) ? variable['value'] : null);
  const type = VALUE_TYPES.find((known) => known === variable['type']);
  return {
    name: readText(step, 'variables', variable['name']),
    type: accepted(step, 'variables', type ?? null),
    value: isJson(value['value'])
      ? { value: value['value'] }
      : { from: readSelector(step, 'variables', value['from']) },
  };
}
