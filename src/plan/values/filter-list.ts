import { UnderstudyError } from '../../contracts/errors.ts';
import type { Json } from '../../contracts/json.ts';
import type { Condition, ConditionOperator, ConditionSet, Selector } from '../../contracts/plan-configs.ts';
import type { PlanValue } from '../plan-value.ts';
import { isJsonList } from './json-list.ts';
import { fileAttribute, isPlanFile } from './plan-file.ts';
import { parseFloating } from './python-number.ts';
import { renderTemplate } from './render-template.ts';

type Test = (element: Json) => boolean;

/** A file's attributes that take the tests of texts; `type` and `transfer_method` are one of some. */
const TEXT_KEYS: ReadonlySet<string> = new Set(['name', 'extension', 'mime_type', 'url', 'related_id']);
const CHOICE_KEYS: ReadonlySet<string> = new Set(['type', 'transfer_method']);

/**
 * Keeps the elements of a list for which conditions hold. They are stricter than those of branches: texts know other operators than
 * numbers. A condition on files names their attribute, `["file", key]`; elsewhere its `from` says nothing.
 *
 * @throws UnderstudyError `plan/value-invalid` when an operator, a value or an attribute does not fit.
 */
export function filterList(
  list: readonly Json[],
  filter: ConditionSet,
  get: (selector: Selector) => PlanValue | undefined,
): readonly Json[] {
  const [first] = list;
  if (first === undefined) return list;
  if (filter.mode === 'all') {
    // One after the other: what is left may be nothing, and then what follows is tried on nothing.
    return filter.conditions.reduce<readonly Json[]>(
      (left, condition) => left.filter(testOf(condition, first, get)),
      list,
    );
  }
  const tests = filter.conditions.map((condition) => testOf(condition, first, get));
  return tests.length === 0 ? list : list.filter((element) => tests.some((test) => test(element)));
}

function testOf(
  condition: Condition,
  sample: Json,
  get: (selector: Selector) => PlanValue | undefined,
): Test {
  const { operator, value } = condition;
  const expected: Json =
    value === null ? '' : 'value' in value ? value.value : renderTemplate(value, get, 'text');
  if (isPlanFile(sample)) return fileTest(condition, expected);
  if (typeof sample === 'boolean') {
    if (typeof expected !== 'boolean') throw invalid(condition, 'it compares yes or no with something else');
    if (operator === 'is') return (element) => element === expected;
    if (operator === 'is not') return (element) => element !== expected;
    throw invalid(condition, 'yes and no have no such operator');
  }
  if (typeof expected !== 'string') throw invalid(condition, 'it compares with something else than a text');
  return typeof sample === 'number' ? numberTest(condition, expected) : textTest(condition, expected);
}

function fileTest(condition: Condition, expected: Json): Test {
  const key = condition.from[1];
  const on =
    (test: Test): Test =>
    (element) =>
      test(isPlanFile(element) ? (fileAttribute(element, key) ?? '') : '');
  if (TEXT_KEYS.has(key) && typeof expected === 'string') return on(textTest(condition, expected));
  if (CHOICE_KEYS.has(key)) return on(choiceTest(condition, expected));
  if (key === 'size' && typeof expected === 'string') return on(numberTest(condition, expected));
  throw invalid(condition, `files cannot be chosen so by "${key}"`);
}

function textTest(condition: Condition, expected: string): Test {
  const test = TEXT_TESTS[condition.operator];
  if (test === undefined) throw invalid(condition, 'texts have no such operator');
  return (element) => test(typeof element === 'string' ? element : '', expected);
}

const TEXT_TESTS: { readonly [operator in ConditionOperator]?: (text: string, value: string) => boolean } = {
  contains: (text, value) => text.includes(value),
  'not contains': (text, value) => !text.includes(value),
  'start with': (text, value) => text.startsWith(value),
  'end with': (text, value) => text.endsWith(value),
  is: (text, value) => text === value,
  'is not': (text, value) => text !== value,
  in: (text, value) => value.includes(text),
  'not in': (text, value) => !value.includes(text),
  empty: (text) => text === '',
  'not empty': (text) => text !== '',
};

function choiceTest(condition: Condition, expected: Json): Test {
  const isIn: Test = (element) => {
    if (typeof expected === 'string') return typeof element === 'string' && expected.includes(element);
    return isJsonList(expected) && expected.includes(element);
  };
  if (condition.operator === 'in') return isIn;
  if (condition.operator === 'not in') return (element) => !isIn(element);
  throw invalid(condition, 'it is one of some, or it is not');
}

function numberTest(condition: Condition, expected: string): Test {
  const value = parseFloating(expected);
  const test = NUMBER_TESTS[condition.operator];
  if (value === null) throw invalid(condition, `"${expected}" is no number`);
  if (test === undefined) throw invalid(condition, 'numbers have no such operator');
  return (element) => test(Number(element), value);
}

const NUMBER_TESTS: { readonly [operator in ConditionOperator]?: (one: number, other: number) => boolean } = {
  '=': (one, other) => one === other,
  '≠': (one, other) => one !== other,
  '<': (one, other) => one < other,
  '≤': (one, other) => one <= other,
  '>': (one, other) => one > other,
  '≥': (one, other) => one >= other,
};

function invalid({ operator }: Condition, why: string): UnderstudyError {
  return new UnderstudyError('plan/value-invalid', `The filter "${operator}" cannot be tried: ${why}.`, {
    facts: { operator },
  });
}
