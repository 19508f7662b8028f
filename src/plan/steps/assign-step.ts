import { UnderstudyError } from '../../contracts/errors.ts';
import type { Json } from '../../contracts/json.ts';
import { isJson, isRecord } from '../../contracts/json.ts';
import type { AssignOperation, Selector, ValueType } from '../../contracts/plan-configs.ts';
import { VALUE_TYPES } from '../../contracts/plan-configs.ts';
import type { Plan, Step } from '../../contracts/plan.ts';
import type { StepDefinition, StepRun } from '../step-handler.ts';
import { applyOperation, knowsOperation } from '../values/apply-operation.ts';
import { toJson } from '../values/json-value.ts';
import { typeOfValue } from '../values/value-type.ts';
import { accepted, readObjects, readSelector } from './step-config.ts';

/** One change of one variable. */
interface Item {
  readonly to: Selector;
  /** As it is declared; null where nothing declares it. */
  readonly type: ValueType | null;
  readonly operation: AssignOperation;
  readonly value: { readonly from: Selector } | { readonly value: Json } | null;
}

const OPERATIONS: readonly AssignOperation[] = [
  'over-write',
  'clear',
  'append',
  'extend',
  'set',
  '+=',
  '-=',
  '*=',
  '/=',
  'remove-first',
  'remove-last',
];

const WITHOUT_VALUE: ReadonlySet<AssignOperation> = new Set(['clear', 'remove-first', 'remove-last']);

/**
 * `assign`: changes variables of the conversation, which are kept, or of a loop. Later changes see earlier ones; when one of them
 * cannot be made, none is.
 */
export const assignDefinition: StepDefinition = {
  prepare: (step, plan) => {
    const items = readObjects(step, 'items', step.config['items'], (item) => readItem(step, plan, item));
    return async function* (run) {
      for (const { to, value } of resolve(items, run)) {
        run.pool.set(to[0], to[1], value);
        if (to[0] === 'conversation') await run.services.conversation?.write(to[1], value);
      }
      return { when: 'default', outputs: {} };
    };
  },
};

function readItem(step: Step, plan: Plan, item: Record<string, unknown>): Item {
  const to = readSelector(step, 'to', item['to']);
  const operation = OPERATIONS.find((known) => known === item['operation']) ?? null;
  const value = readValue(step, item['value'] ?? null);
  return { to, type: declaredType(plan, to), operation: accepted(step, 'operation', operation), value };
}

function readValue(step: Step, value: unknown): Item['value'] {
  if (value === null) return null;
  if (isRecord(value) && isJson(value['value'])) return { value: value['value'] };
  return { from: readSelector(step, 'value', isRecord(value) ? value['from'] : null) };
}

/** The type that the plan gives a variable of the conversation, of the environment or of a loop. */
function declaredType(plan: Plan, [scope, name]: Selector): ValueType | null {
  if (scope === 'conversation')
    return plan.conversation.find((variable) => variable.name === name)?.type ?? null;
  if (scope === 'env') return plan.environment.find((variable) => variable.name === name)?.type ?? null;
  const loop = plan.steps.find((candidate) => candidate.id === scope && candidate.kind === 'loop');
  const variables: unknown = loop?.config['variables'];
  const variable: unknown = Array.isArray(variables)
    ? variables.find((candidate: unknown) => isRecord(candidate) && candidate['name'] === name)
    : null;
  return VALUE_TYPES.find((type) => isRecord(variable) && variable['type'] === type) ?? null;
}

/** The last value of each variable that changes, in the order in which they first do. */
function resolve(
  items: readonly Item[],
  run: StepRun,
): Iterable<{ readonly to: Selector; readonly value: Json }> {
  const changed = new Map<string, { readonly to: Selector; readonly value: Json }>();
  const get = (selector: Selector): Json | undefined => {
    const own = selector.length === 2 ? changed.get(selector.join('\n'))?.value : undefined;
    const value = own ?? run.pool.get(selector);
    return value === undefined ? undefined : toJson(value);
  };
  for (const item of items) {
    const current = item.to.length === 2 ? get(item.to) : undefined;
    if (current === undefined) throw missing(run, item.to);
    const type = item.type ?? typeOfValue(current);
    if (!knowsOperation(type, item.operation)) throw invalid(run, item, null);
    const operand = readOperand(item, run, get);
    if (operand === undefined) continue;
    const value = applyOperation(item.operation, current, operand, type);
    if (value === undefined) throw invalid(run, item, operand);
    changed.set(item.to.join('\n'), { to: item.to, value });
  }
  return changed.values();
}

/** What the operation is done with; undefined when it is a variable that holds nothing: the change is left out. */
function readOperand(
  item: Item,
  run: StepRun,
  get: (selector: Selector) => Json | undefined,
): Json | undefined {
  if (item.value === null || WITHOUT_VALUE.has(item.operation)) return null;
  if ('value' in item.value) return item.value.value;
  const value = get(item.value.from);
  if (value === undefined) throw missing(run, item.value.from);
  return value ?? undefined;
}

function missing({ step }: StepRun, selector: Selector): UnderstudyError {
  const variable = selector.join('.');
  return new UnderstudyError(
    'plan/variable-missing',
    `Step "${step.id}" needs "${variable}", which is not set.`,
    {
      facts: { step: step.id, variable },
    },
  );
}

function invalid({ step }: StepRun, { to, operation, type }: Item, operand: Json): UnderstudyError {
  const variable = to.join('.');
  return new UnderstudyError(
    'plan/value-invalid',
    `Step "${step.id}" cannot do "${operation}" on "${variable}" with a value of type ${typeOfValue(operand)}.`,
    { facts: { step: step.id, variable, operation, type: type ?? 'unknown' } },
  );
}
