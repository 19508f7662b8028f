import { UnderstudyError } from '../../contracts/errors.ts';
import type { Json } from '../../contracts/json.ts';
import type {
  Condition,
  ConditionOperator,
  ConditionSet,
  PlanFile,
  Selector,
} from '../../contracts/plan-configs.ts';
import type { PlanValue } from '../plan-value.ts';
import { compare } from './compare.ts';
import { isJsonList, isListOfOneKind } from './json-list.ts';
import { fileAttribute, isFileList } from './plan-file.ts';
import { parseInteger } from './python-number.ts';
import { renderTemplate } from './render-template.ts';

type Get = (selector: Selector) => PlanValue | undefined;

/**
 * Tells whether a set of conditions holds. Those after the one that decides are not looked at; an empty set of `all` holds.
 *
 * @throws UnderstudyError `plan/variable-missing`; `plan/value-invalid` when an operator does not apply to its values.
 */
export function evaluateConditions(set: ConditionSet, get: Get): boolean {
  for (const condition of set.conditions) {
    const holds = evaluate(condition, get);
    if (holds !== (set.mode === 'all')) return holds;
  }
  return set.mode === 'all';
}

/** Operators that ask for conditions on each file when the value is a list of files. */
const FILE_LIST_OPERATORS: ReadonlySet<ConditionOperator> = new Set(['contains', 'not contains', 'all of']);

function evaluate(condition: Condition, get: Get): boolean {
  const { from, operator, files } = condition;
  const actual = get(from);
  if (actual === undefined) {
    const name = from.join('.');
    throw new UnderstudyError('plan/variable-missing', `A condition reads "${name}", which is not set.`, {
      facts: { variable: name },
    });
  }
  if (isFileList(actual) && FILE_LIST_OPERATORS.has(operator) && (files !== null || actual.length > 0)) {
    if (files === null) throw invalid(condition, 'it says nothing of the files');
    const results = files.conditions.map((each) => evaluateFiles(each, actual, get));
    return files.mode === 'all' ? !results.includes(false) : results.includes(true);
  }
  if (operator === 'exists' || operator === 'not exists')
    return (actual !== null) === (operator === 'exists');
  return decide(condition, actual, toExpected(condition, actual, get));
}

/** One condition on all files: those that deny must hold for every file, others for one. */
function evaluateFiles(condition: Condition, files: readonly PlanFile[], get: Get): boolean {
  const key = condition.from[1];
  let expected = given(condition, get);
  const isExtension = key === 'extension';
  if (isExtension && expected !== null) {
    if (typeof expected !== 'string') throw invalid(condition, 'an extension is a text');
    expected = withDot(expected);
  }
  if (!FILE_KEYS.has(key)) throw invalid(condition, `files have no "${key}"`);
  const results = files.map((file) => {
    const value = fileAttribute(file, key) ?? null;
    return decide(condition, isExtension ? withDot(String(value ?? '')) : value, expected);
  });
  return condition.operator.includes('not') ? !results.includes(false) : results.includes(true);
}

const FILE_KEYS: ReadonlySet<string> = new Set([
  'type',
  'size',
  'name',
  'mime_type',
  'transfer_method',
  'url',
  'extension',
  'related_id',
]);

function withDot(extension: string): string {
  return extension === '' || extension.startsWith('.') ? extension : `.${extension}`;
}

/** What the value is compared with, as it is given: templates are rendered. */
function given(condition: Condition, get: Get): Json {
  if (condition.value === null) return null;
  return 'value' in condition.value ? condition.value.value : renderTemplate(condition.value, get, 'text');
}

/** Where the value is yes or no, or a list of such, what it is compared with is read as such. */
function toExpected(condition: Condition, actual: PlanValue, get: Get): Json {
  const expected = given(condition, get);
  if (expected === null) return null;
  const isFlags =
    typeof actual === 'boolean' ||
    (isJsonList(actual) && actual.length > 0 && actual.every((item) => typeof item === 'boolean'));
  if (isFlags)
    return isJsonList(expected)
      ? expected.map((item) => toFlag(condition, item))
      : toFlag(condition, expected);
  if (typeof expected !== 'object') return expected;
  if (!isJsonList(expected)) throw invalid(condition, 'it compares with an object');
  if (isListOfOneKind(expected)) return expected;
  throw invalid(condition, 'it compares with a list that is neither of texts nor of yes and no');
}

/** `true`, `false` or a whole number, as such or as JSON. */
function toFlag(condition: Condition, value: Json): boolean {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isInteger(value)) return value !== 0;
  if (typeof value === 'string') {
    const text = value.trim();
    if (text === 'true' || text === 'false') return text === 'true';
    if (/^-?(?:0|[1-9]\d*)$/.test(text)) return parseInteger(text) !== 0;
  }
  throw invalid(condition, 'it compares yes or no with something else');
}

function decide(condition: Condition, actual: PlanValue, expected: Json): boolean {
  const outcome = compare(condition.operator, actual, expected);
  if (typeof outcome === 'string') throw invalid(condition, outcome);
  return outcome;
}

function invalid({ from, operator }: Condition, why: string): UnderstudyError {
  const variable = from.join('.');
  return new UnderstudyError(
    'plan/value-invalid',
    `The condition "${operator}" on "${variable}" cannot be tried: ${why}.`,
    { facts: { variable, operator } },
  );
}
