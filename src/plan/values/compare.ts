import type { Json } from '../../contracts/json.ts';
import type { ConditionOperator } from '../../contracts/plan-configs.ts';
import type { PlanValue } from '../plan-value.ts';
import { isJsonList, isListOfOneKind } from './json-list.ts';
import { isTruthy, pythonEquals } from './python-equality.ts';
import { parseFloating, parseInteger } from './python-number.ts';
import { pythonText } from './render-value.ts';

/** True or false; a text says why the operator does not apply. */
type Outcome = boolean | string;

type Comparison = (actual: PlanValue, expected: Json) => Outcome;

/** Applies an operator to a value and what it is compared with; a text says why it does not apply to them. */
export function compare(operator: ConditionOperator, actual: PlanValue, expected: Json): Outcome {
  return COMPARISONS[operator](actual, expected);
}

const NOT_NUMBER = 'the value is no number';
const NOT_TEXT = 'the value is no text';

const COMPARISONS: { readonly [operator in ConditionOperator]: Comparison } = {
  contains: (actual, expected) => isTruthy(actual) && holds(actual, expected),
  'not contains': (actual, expected) => !isTruthy(actual) || not(holds(actual, expected)),
  'start with': (actual, expected) => edge(actual, expected, (text, part) => text.startsWith(part)),
  'end with': (actual, expected) => edge(actual, expected, (text, part) => text.endsWith(part)),
  is: (actual, expected) => actual !== null && same(actual, expected),
  'is not': (actual, expected) => actual !== null && not(same(actual, expected)),
  empty: (actual) => !isTruthy(actual),
  'not empty': (actual) => isTruthy(actual),
  in: (actual, expected) => isTruthy(actual) && isOneOf(actual, expected),
  'not in': (actual, expected) => !isTruthy(actual) || not(isOneOf(actual, expected)),
  'all of': holdsAll,
  '=': (actual, expected) => actual !== null && equals(actual, expected),
  '≠': (actual, expected) => actual !== null && not(equals(actual, expected)),
  '>': (actual, expected) => order(actual, expected, (one, other) => one > other),
  '<': (actual, expected) => order(actual, expected, (one, other) => one < other),
  '≥': (actual, expected) => order(actual, expected, (one, other) => one >= other),
  '≤': (actual, expected) => order(actual, expected, (one, other) => one <= other),
  null: (actual) => actual === null,
  'not null': (actual) => actual !== null,
  exists: (actual) => actual !== null,
  'not exists': (actual) => actual === null,
  // Times are seconds since 1970.
  before: (actual, expected) => order(actual, expected, (one, other) => one < other),
  after: (actual, expected) => order(actual, expected, (one, other) => one > other),
};

function not(outcome: Outcome): Outcome {
  return typeof outcome === 'string' ? outcome : !outcome;
}

function holds(actual: PlanValue, expected: Json): Outcome {
  if (typeof actual === 'string') return actual.includes(pythonText(expected));
  if (isJsonList(actual)) return actual.some((item) => pythonEquals(item, expected));
  return 'the value is neither a text nor a list';
}

function edge(actual: PlanValue, expected: Json, test: (text: string, part: string) => boolean): Outcome {
  if (!isTruthy(actual)) return false;
  if (typeof actual !== 'string') return NOT_TEXT;
  return typeof expected === 'string' ? test(actual, expected) : 'it compares a text with something else';
}

function same(actual: PlanValue, expected: Json): Outcome {
  if (typeof actual !== 'string' && typeof actual !== 'boolean')
    return 'the value is no text and no yes or no';
  return pythonEquals(actual, expected);
}

function isOneOf(actual: PlanValue, expected: Json): Outcome {
  if (!isJsonList(expected)) return 'it looks for the value in something that is no list';
  return expected.some((item) => pythonEquals(actual, item));
}

function holdsAll(actual: PlanValue, expected: Json): Outcome {
  if (!isJsonList(expected) || !isListOfOneKind(expected))
    return 'what the value must hold is no list of texts or of yes and no';
  if (!isTruthy(actual)) return false;
  if (isJsonList(actual)) return expected.every((item) => actual.some((own) => pythonEquals(own, item)));
  if (typeof actual !== 'string') return false;
  return expected.every((item) => typeof item === 'string' && actual.includes(item));
}

/** What a value is compared with becomes a number of its kind: "3.7" is no whole number, so 3 cannot be compared with it. */
function equals(actual: PlanValue, expected: Json): Outcome {
  if (typeof actual === 'boolean') {
    return typeof expected === 'object'
      ? 'it compares yes or no with something else'
      : actual === Boolean(expected);
  }
  if (typeof actual !== 'number') return 'the value is no number and no yes or no';
  const read = Number.isInteger(actual) ? parseInteger : parseFloating;
  const number = typeof expected === 'string' ? read(expected) : plainNumber(expected);
  if (number === null) return `it compares a number with ${pythonText(expected)}`;
  return actual === (Number.isInteger(actual) ? Math.trunc(number) : number);
}

function order(actual: PlanValue, expected: Json, test: (one: number, other: number) => boolean): Outcome {
  if (actual === null) return false;
  const one = plainNumber(actual);
  if (one === null) return NOT_NUMBER;
  const other = typeof expected === 'string' ? parseFloating(expected) : plainNumber(expected);
  return other === null ? `it compares a number with ${pythonText(expected)}` : test(one, other);
}

function plainNumber(value: PlanValue): number | null {
  if (typeof value === 'boolean') return Number(value);
  return typeof value === 'number' ? value : null;
}
