import { UnderstudyError } from '../../contracts/errors.ts';
import { isInteger, isJson } from '../../contracts/json.ts';
import type { IterateConfig } from '../../contracts/plan-configs.ts';
import type { Step } from '../../contracts/plan.ts';
import type { PlanValue } from '../plan-value.ts';
import { isJsonList } from '../values/json-list.ts';
import { isFatalError } from '../run/fatal-error.ts';
import { runRounds } from '../run/run-rounds.ts';
import type { StepDefinition } from '../step-handler.ts';
import { accepted, readSelector, readText } from './step-config.ts';

/** What one round gave; dropped rounds give nothing. */
type RoundOutput = { readonly value: PlanValue } | null;

/**
 * `iterate`: runs its steps once for each element of a list, some at once. Outputs `output`, the list of what the rounds gave.
 *
 * What the rounds say is shown in the order of the elements.
 */
export const iterateDefinition: StepDefinition = {
  prepare: (step) => {
    const config = readConfig(step);
    return async function* ({ pool, runRound, signal }) {
      const items = toList(step, pool.get(config.items));
      const outputs: RoundOutput[] = items.map(() => null);
      yield* runRounds(items.length, config.parallel, async function* (index) {
        try {
          const scope = { item: items[index] ?? null, index };
          const after = yield* runRound(config.start, index, scope);
          outputs[index] = { value: after.pool.get(config.output) ?? null };
        } catch (error) {
          signal.throwIfAborted();
          if (config.onError === 'fail' || isFatalError(error)) throw error;
          if (config.onError === 'null') outputs[index] = { value: null };
        }
      });
      const kept = outputs.filter((output) => output !== null).map(({ value }) => value);
      return { when: 'default', outputs: { output: toJsonList(config.isFlattened ? flatten(kept) : kept) } };
    };
  },
};

/** One list of what several lists hold, if all that is there are lists. */
function flatten(values: readonly PlanValue[]): readonly PlanValue[] {
  const given = values.filter((value) => value !== null);
  const lists = given.filter((value) => isJsonList(value));
  return given.length === 0 || lists.length < given.length ? values : lists.flat();
}

/** @throws UnderstudyError `plan/variable-missing`, `plan/value-invalid`. */
function toList(step: Step, value: PlanValue | undefined): readonly PlanValue[] {
  if (value === null) return [];
  if (isJsonList(value)) return value;
  const isMissing = value === undefined;
  throw new UnderstudyError(
    isMissing ? 'plan/variable-missing' : 'plan/value-invalid',
    `Step "${step.id}" goes through ${isMissing ? 'a list that is not set' : 'something that is no list'}.`,
    { facts: { step: step.id } },
  );
}

function toJsonList(values: readonly PlanValue[]): PlanValue {
  return values.map((value) => (isJson(value) ? value : null));
}

function readConfig(step: Step): IterateConfig {
  const { items, output, start, parallel, onError, isFlattened } = step.config;
  const isCount = isInteger(parallel, 1) && parallel <= 10;
  return {
    items: readSelector(step, 'items', items),
    output: readSelector(step, 'output', output),
    start: readText(step, 'start', start),
    parallel: accepted(step, 'parallel', isCount ? parallel : null),
    onError: accepted(step, 'onError', ERROR_MODES.find((mode) => mode === onError) ?? null),
    isFlattened: accepted(step, 'isFlattened', typeof isFlattened === 'boolean' ? isFlattened : null),
  };
}

const ERROR_MODES = ['fail', 'null', 'drop'] as const;
