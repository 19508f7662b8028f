import type { Json } from '../../contracts/json.ts';
import { isJson } from '../../contracts/json.ts';
import type { AssignOperation, ValueType } from '../../contracts/plan-configs.ts';
import { isJsonList } from './json-list.ts';
import { toJson } from './json-value.ts';
import { elementTypeOf, isNumberType, isOfType, zeroValue } from './value-type.ts';

/** Reports whether variables of a type know an operation at all. */
export function knowsOperation(type: ValueType, operation: AssignOperation): boolean {
  const isList = elementTypeOf(type) !== undefined;
  switch (operation) {
    case 'over-write':
    case 'clear':
      return true;
    case 'set':
      return !isList && type !== 'file';
    case 'append':
    case 'extend':
    case 'remove-first':
    case 'remove-last':
      return isList;
    default:
      return isNumberType(type);
  }
}

/**
 * What a variable holds after an operation.
 *
 * @param type - Type of the variable; decides what the operation may be done with.
 * @returns undefined when the type does not know the operation, or not with this operand.
 */
export function applyOperation(
  operation: AssignOperation,
  current: Json,
  operand: Json,
  type: ValueType,
): Json | undefined {
  if (!knowsOperation(type, operation)) return undefined;
  switch (operation) {
    case 'over-write':
      return isAssignable(operand, type) ? operand : undefined;
    case 'clear':
      return toJson(zeroValue(type));
    case 'set':
      return set(operand, type);
    case 'append':
      return isJsonList(current) && isElement(operand, type) ? [...current, operand] : undefined;
    case 'extend':
      return isJsonList(current) && isJsonList(operand) && isAssignable(operand, type)
        ? [...current, ...operand]
        : undefined;
    case 'remove-first':
      return isJsonList(current) ? current.slice(1) : undefined;
    case 'remove-last':
      return isJsonList(current) ? current.slice(0, -1) : undefined;
    default:
      return calculate(operation, current, operand);
  }
}

/** Lists of anything hold neither nothing nor lists. */
function isElement(value: Json, type: ValueType): boolean {
  const element = elementTypeOf(type);
  if (element === undefined) return false;
  return element === 'any' ? value !== null && !isJsonList(value) : isOfType(value, element);
}

function isAssignable(value: Json, type: ValueType): boolean {
  if (elementTypeOf(type) === undefined) return value !== null && isOfType(value, type);
  return isJsonList(value) && value.every((item) => isElement(item, type));
}

/** Objects may be given as JSON. */
function set(operand: Json, type: ValueType): Json | undefined {
  const value = type === 'object' && typeof operand === 'string' ? parseObject(operand) : operand;
  return isAssignable(value, type) ? value : undefined;
}

function parseObject(text: string): Json {
  try {
    const value: unknown = JSON.parse(text);
    return isJson(value) ? value : null;
  } catch {
    // A SyntaxError: the text is no JSON.
    return null;
  }
}

function calculate(operation: '+=' | '-=' | '*=' | '/=', current: Json, operand: Json): number | undefined {
  const [one, other] = [asNumber(current), asNumber(operand)];
  if (one === null || other === null || (operation === '/=' && other === 0)) return undefined;
  const results = { '+=': one + other, '-=': one - other, '*=': one * other, '/=': one / other };
  // Adding 0 makes 0 of the -0 that Python's integers do not have.
  return Number.isFinite(results[operation]) ? results[operation] + 0 : undefined;
}

function asNumber(value: Json): number | null {
  if (typeof value === 'boolean') return Number(value);
  return typeof value === 'number' ? value : null;
}
