import { isRecord } from '../../contracts/json.ts';
import type { ValueType } from '../../contracts/plan-configs.ts';
import type { PlanValue } from '../plan-value.ts';
import { isJsonList } from './json-list.ts';
import { isPlanFile } from './plan-file.ts';

/** Types whose values are lists. */
const LIST_TYPES: ReadonlyMap<ValueType, ValueType> = new Map([
  ['array', 'any'],
  ['array[any]', 'any'],
  ['array[string]', 'string'],
  ['array[number]', 'number'],
  ['array[object]', 'object'],
  ['array[boolean]', 'boolean'],
  ['array[file]', 'file'],
]);

/** Type of the elements of a type of lists; undefined when it is no type of lists. */
export function elementTypeOf(type: ValueType): ValueType | undefined {
  return LIST_TYPES.get(type);
}

/** Reports whether a type is one of numbers. */
export function isNumberType(type: ValueType): boolean {
  return type === 'number' || type === 'integer' || type === 'float';
}

/**
 * The type that a value has by itself. Lists of different things, of nothing and of lists are `array[any]`; so are empty ones.
 * All numbers are `number`: JavaScript does not tell whole floats from integers.
 */
export function typeOfValue(value: PlanValue): ValueType {
  if (isJsonList(value)) {
    const types = new Set(value.map(typeOfValue));
    const [type, ...others] = types;
    if (type === undefined || others.length > 0) return 'array[any]';
    return LIST_TYPE_OF.get(type) ?? 'array[any]';
  }
  if (value === null) return 'none';
  if (typeof value === 'string') return 'string';
  if (typeof value === 'number') return 'number';
  if (typeof value === 'boolean') return 'boolean';
  return isPlanFile(value) ? 'file' : 'object';
}

const LIST_TYPE_OF: ReadonlyMap<ValueType, ValueType> = new Map([
  ['string', 'array[string]'],
  ['number', 'array[number]'],
  ['object', 'array[object]'],
  ['boolean', 'array[boolean]'],
  ['file', 'array[file]'],
]);

/** Reports whether a value may stand in a variable of this type. Numbers may be yes or no, as in Python. */
export function isOfType(value: unknown, type: ValueType): boolean {
  const element = LIST_TYPES.get(type);
  if (element !== undefined) return Array.isArray(value) && value.every((item) => isOfType(item, element));
  switch (type) {
    case 'any':
      return true;
    case 'none':
      return value === null;
    case 'string':
    case 'secret':
      return typeof value === 'string';
    case 'boolean':
      return typeof value === 'boolean';
    case 'object':
      return isRecord(value) && !isPlanFile(value);
    case 'file':
      return isPlanFile(value);
    default:
      return typeof value === 'number' || typeof value === 'boolean';
  }
}

/** What a variable of this type holds when it is cleared. */
export function zeroValue(type: ValueType): PlanValue {
  if (LIST_TYPES.has(type)) return [];
  if (isNumberType(type)) return 0;
  switch (type) {
    case 'string':
    case 'secret':
      return '';
    case 'boolean':
      return false;
    case 'object':
      return {};
    default:
      return null;
  }
}
