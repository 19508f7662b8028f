import { formatPercent } from './format-value.ts';
import type { PyValue } from './python-value.ts';
import { Missing, PyList, PyTuple, isFloat, numberOf, toFloat, typeName } from './python-value.ts';
import { TemplateFault } from './template-fault.ts';
import { MAX_TEXT } from './value-methods.ts';

/** Most elements that an operation may make. */
const MAX_ITEMS = 100_000;

/** `left operator right`. @throws TemplateFault. */
export function calculate(operator: string, left: PyValue, right: PyValue): PyValue {
  for (const value of [left, right]) if (value instanceof Missing) throw new TemplateFault(value.name);
  if (operator === '%' && typeof left === 'string') return formatPercent(left, right);
  const [first, second] = [numberOf(left), numberOf(right)];
  if (first !== null && second !== null)
    return calculateNumbers(operator, first, second, isFloat(left) || isFloat(right));
  if (operator === '+') {
    if (typeof left === 'string' && typeof right === 'string') return limited(left + right);
    if (left instanceof PyList && right instanceof PyList) return new PyList([...left.items, ...right.items]);
    if (left instanceof PyTuple && right instanceof PyTuple)
      return new PyTuple([...left.items, ...right.items]);
    if (typeof left === 'string')
      throw new TemplateFault(`can only concatenate str (not "${typeName(right)}") to str`);
  }
  if (operator === '*') {
    if (second !== null && Number.isInteger(second) && !isFloat(right)) return repeated(left, second);
    if (first !== null && Number.isInteger(first) && !isFloat(left)) return repeated(right, first);
  }
  throw new TemplateFault(
    `unsupported operand type(s) for ${operator}: '${typeName(left)}' and '${typeName(right)}'`,
  );
}

function calculateNumbers(operator: string, a: number, b: number, isFloating: boolean): PyValue {
  const result = (value: number): PyValue => (isFloating ? toFloat(value) : value);
  if (b === 0 && ['/', '//', '%'].includes(operator))
    throw new TemplateFault(
      isFloating || operator === '/' ? 'division by zero' : 'integer division or modulo by zero',
    );
  switch (operator) {
    case '+':
      return result(a + b);
    case '-':
      return result(a - b);
    case '*':
      return result(a * b);
    case '/':
      return toFloat(a / b);
    case '//':
      return result(Math.floor(a / b));
    case '%':
      return result(a - b * Math.floor(a / b));
    default:
      if (a === 0 && b < 0) throw new TemplateFault('0.0 cannot be raised to a negative power');
      return isFloating || b < 0 ? toFloat(a ** b) : a ** b;
  }
}

function repeated(value: PyValue, count: number): PyValue {
  const times = Math.max(0, count);
  if (typeof value === 'string') {
    if (value.length * times > MAX_TEXT) throw new TemplateFault('a text is too long');
    return value.repeat(times);
  }
  if (!(value instanceof PyList) && !(value instanceof PyTuple))
    throw new TemplateFault(`can't multiply sequence by non-int of type '${typeName(value)}'`);
  if (value.items.length * times > MAX_ITEMS) throw new TemplateFault('a list is too long');
  const items = Array.from({ length: times }, () => value.items).flat();
  return value instanceof PyList ? new PyList(items) : new PyTuple(items);
}

function limited(text: string): string {
  if (text.length > MAX_TEXT) throw new TemplateFault('a text is too long');
  return text;
}

/** `range(…)`. @throws TemplateFault. */
export function rangeOf(values: readonly number[]): PyList {
  const [first = 0, second, step = 1] = values;
  const from = second === undefined ? 0 : first;
  const to = second ?? first;
  if (step === 0) throw new TemplateFault('range() arg 3 must not be zero');
  const length = Math.max(0, Math.ceil((to - from) / step));
  if (length > MAX_ITEMS) throw new TemplateFault(`a range of ${length} numbers is too long`);
  return new PyList(Array.from({ length }, (_, at) => from + at * step));
}

/** `items[from:to:step]` of a sequence of any kind. @throws TemplateFault. */
export function sliceOf<T>(
  items: readonly T[],
  from: number | null,
  to: number | null,
  by: number | null,
): T[] {
  const step = by ?? 1;
  if (step === 0) throw new TemplateFault('slice step cannot be zero');
  const size = items.length;
  const place = (value: number | null, otherwise: number): number => {
    if (value === null) return otherwise;
    const absolute = value < 0 ? value + size : value;
    return step > 0 ? Math.max(0, Math.min(size, absolute)) : Math.max(-1, Math.min(size - 1, absolute));
  };
  const last = place(to, step > 0 ? size : -1);
  const found: T[] = [];
  for (let at = place(from, step > 0 ? 0 : size - 1); step > 0 ? at < last : at > last; at += step)
    found.push(...items.slice(at, at + 1));
  return found;
}
