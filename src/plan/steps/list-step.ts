import { UnderstudyError } from '../../contracts/errors.ts';
import { isInteger, isRecord } from '../../contracts/json.ts';
import type { Json } from '../../contracts/json.ts';
import type { ListConfig, Template } from '../../contracts/plan-configs.ts';
import type { Step } from '../../contracts/plan.ts';
import type { StepDefinition, StepRun } from '../step-handler.ts';
import { filterList } from '../values/filter-list.ts';
import { isJsonList } from '../values/json-list.ts';
import { toJson } from '../values/json-value.ts';
import { orderList } from '../values/order-list.ts';
import { isTruthy } from '../values/python-equality.ts';
import { parseInteger } from '../values/python-number.ts';
import { renderTemplate } from '../values/render-template.ts';
import { typeOfValue } from '../values/value-type.ts';
import { invalidConfig, readConditionSet, readSelector, readTemplate, readText } from './step-config.ts';

/** Lists that can be worked on. */
const TYPES: ReadonlySet<string> = new Set([
  'array[string]',
  'array[number]',
  'array[boolean]',
  'array[file]',
]);

/** `list`: filters a list, takes one element, orders and cuts it, in this order. */
export const listDefinition: StepDefinition = {
  prepare: (step) => {
    const config = readConfig(step);
    return function* (run) {
      const result = work(config, run);
      return {
        when: 'default',
        outputs: { result, first_record: result[0] ?? null, last_record: result.at(-1) ?? null },
      };
    };
  },
};

function readConfig(step: Step): ListConfig {
  const { config } = step;
  const filter = config['filter'] ?? null;
  const take = config['take'] ?? null;
  const limit = config['limit'] ?? null;
  if (limit !== null && !isInteger(limit, -1_000_000)) throw invalidConfig(step, 'limit');
  return {
    from: readSelector(step, 'from', config['from']),
    filter: filter === null ? null : readConditionSet(step, 'filter', filter),
    take: take === null ? null : readTemplate(step, 'take', take),
    order: readOrder(step, config['order'] ?? null),
    limit,
  };
}

function readOrder(step: Step, order: unknown): ListConfig['order'] {
  if (order === null) return null;
  if (!isRecord(order) || typeof order['isDescending'] !== 'boolean') throw invalidConfig(step, 'order');
  return { key: readText(step, 'key of order', order['key']), isDescending: order['isDescending'] };
}

function work({ from, filter, take, order, limit }: ListConfig, run: StepRun): readonly Json[] {
  const name = from.join('.');
  const found = run.pool.get(from);
  if (found === undefined) {
    throw new UnderstudyError(
      'plan/variable-missing',
      `Step "${run.step.id}" reads "${name}", which is not set.`,
      { facts: { step: run.step.id, variable: name } },
    );
  }
  if (!isTruthy(found)) return [];
  const value = toJson(found);
  if (!isJsonList(value) || !TYPES.has(typeOfValue(value)))
    throw invalid(run, `"${name}" is no list of texts, numbers, files, or yes and no`);
  let list = value;
  if (filter !== null) list = filterList(list, filter, (selector) => run.pool.get(selector));
  if (take !== null) list = [elementAt(list, take, run)];
  if (order !== null) list = orderList(list, order);
  // A negative limit cuts from the end, as slices of Python do.
  return limit === null ? list : list.slice(0, limit);
}

function elementAt(list: readonly Json[], take: Template, run: StepRun): Json {
  const text = renderTemplate(take, (selector) => run.pool.get(selector), 'text');
  const position = parseInteger(text);
  const element = position === null || position < 1 ? undefined : list[position - 1];
  if (element === undefined)
    throw invalid(run, `there is no element ${text} in a list of ${String(list.length)}`);
  return element;
}

function invalid({ step }: StepRun, why: string): UnderstudyError {
  return new UnderstudyError('plan/value-invalid', `Step "${step.id}" cannot work on its list: ${why}.`, {
    facts: { step: step.id },
  });
}
