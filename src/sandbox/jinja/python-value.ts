import { pythonRepr } from '../python/python-repr.ts';
import { TemplateFault } from './template-fault.ts';

/** A value that is not there: prints as nothing, is false, and fails when something is asked of it. */
export class Missing {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

/** A float that is whole: JavaScript alone would take it for an integer. */
export class PyFloat {
  readonly value: number;
  constructor(value: number) {
    this.value = value;
  }
}

/** A list. */
export class PyList {
  readonly items: PyValue[];
  constructor(items: readonly PyValue[]) {
    this.items = [...items];
  }
}

/** A tuple. */
export class PyTuple {
  readonly items: readonly PyValue[];
  constructor(items: readonly PyValue[]) {
    this.items = items;
  }
}

/** A dict, in the order of its keys. */
export class PyDict {
  readonly #entries = new Map<string, readonly [PyValue, PyValue]>();

  constructor(entries: Iterable<readonly [PyValue, PyValue]> = []) {
    for (const [key, value] of entries) this.set(key, value);
  }

  get size(): number {
    return this.#entries.size;
  }
  get(key: PyValue): PyValue | undefined {
    return this.#entries.get(hashOf(key))?.[1];
  }
  set(key: PyValue, value: PyValue): void {
    const hash = hashOf(key);
    this.#entries.set(hash, [this.#entries.get(hash)?.[0] ?? key, value]);
  }
  delete(key: PyValue): void {
    this.#entries.delete(hashOf(key));
  }
  has(key: PyValue): boolean {
    return this.#entries.has(hashOf(key));
  }
  entries(): readonly (readonly [PyValue, PyValue])[] {
    return [...this.#entries.values()];
  }
}

/** Arguments of a call. */
export interface PyArguments {
  readonly values: readonly PyValue[];
  readonly named: ReadonlyMap<string, PyValue>;
}

/** Something with attributes, or that can be called: a macro, a loop, a method. */
export class PyObject {
  readonly title: string;
  readonly attributes: ReadonlyMap<string, PyValue> | ((name: string) => PyValue | undefined);
  readonly call: ((given: PyArguments) => PyValue) | null;
  /** Of a namespace. */
  readonly assign: ((name: string, value: PyValue) => void) | null;

  constructor(
    title: string,
    options: {
      readonly attributes?: ReadonlyMap<string, PyValue> | ((name: string) => PyValue | undefined);
      readonly call?: (given: PyArguments) => PyValue;
      readonly assign?: (name: string, value: PyValue) => void;
    },
  ) {
    this.title = title;
    this.attributes = options.attributes ?? new Map();
    this.call = options.call ?? null;
    this.assign = options.assign ?? null;
  }

  attribute(name: string): PyValue | undefined {
    return typeof this.attributes === 'function' ? this.attributes(name) : this.attributes.get(name);
  }
}

/** A value of a template. Whole numbers are integers, others floats. */
export type PyValue =
  Missing | null | boolean | number | PyFloat | string | PyList | PyTuple | PyDict | PyObject;

/** Lists of lists further than this print as dots. */
const MAX_DEPTH = 100;

function hashOf(key: PyValue): string {
  if (typeof key === 'string') return `s${key}`;
  const number = numberOf(key);
  if (number !== null) return `n${number}`;
  if (key === null) return 'none';
  if (key instanceof PyTuple)
    return `t${key.items.map((item) => `${hashOf(item).length}:${hashOf(item)}`).join()}`;
  throw new TemplateFault(`unhashable type: '${typeName(key)}'`);
}

/** Number of a value that counts as one, booleans among them; null of others. */
export function numberOf(value: PyValue): number | null {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  return value instanceof PyFloat ? value.value : null;
}

/** A value, or another where there is none; None is a value. */
export function valueOr(value: PyValue | undefined, otherwise: () => PyValue): PyValue {
  return value === undefined ? otherwise() : value;
}

/** Reports whether a value is a float. */
export function isFloat(value: PyValue): boolean {
  return value instanceof PyFloat || (typeof value === 'number' && !Number.isInteger(value));
}

/** A float of a number. */
export function toFloat(value: number): PyValue {
  return Number.isInteger(value) ? new PyFloat(value) : value;
}

/** Python's name of a value's type. */
export function typeName(value: PyValue): string {
  if (value === null) return 'NoneType';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'string') return 'str';
  if (isFloat(value)) return 'float';
  if (typeof value === 'number') return 'int';
  if (value instanceof PyList) return 'list';
  if (value instanceof PyTuple) return 'tuple';
  if (value instanceof PyDict) return 'dict';
  return value instanceof Missing ? 'Undefined' : 'object';
}

/** Reports whether a value counts as true. */
export function isTrue(value: PyValue): boolean {
  if (value === null || value instanceof Missing) return false;
  const number = numberOf(value);
  if (number !== null) return number !== 0;
  if (typeof value === 'string') return value !== '';
  if (value instanceof PyList || value instanceof PyTuple) return value.items.length > 0;
  return value instanceof PyDict ? value.size > 0 : true;
}

/** A float as Python prints it. */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  const [digits = '0', power = '0'] = value.toExponential().split('e');
  const exponent = Number(power);
  if (exponent < -4 || exponent >= 16) {
    const size = Math.abs(exponent).toString().padStart(2, '0');
    return `${digits}e${exponent < 0 ? '-' : '+'}${size}`;
  }
  const text = Object.is(value, -0) ? '-0' : String(value);
  return text.includes('.') ? text : `${text.includes('e') ? BigInt(value).toString() : text}.0`;
}

/** `str(value)`. */
export function toText(value: PyValue): string {
  if (typeof value === 'string') return value;
  return value instanceof Missing ? '' : reprOf(value, 0);
}

/** `repr(value)`. */
export function reprOf(value: PyValue, depth = 0): string {
  if (depth > MAX_DEPTH) return '...';
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'string') return pythonRepr(value);
  if (value instanceof PyFloat) return floatText(value.value);
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value).toString() : floatText(value);
  const inner = (item: PyValue): string => reprOf(item, depth + 1);
  if (value instanceof PyList) return `[${value.items.map(inner).join(', ')}]`;
  if (value instanceof PyTuple)
    return value.items.length === 1
      ? `(${value.items.map(inner).join('')},)`
      : `(${value.items.map(inner).join(', ')})`;
  if (value instanceof PyDict)
    return `{${value
      .entries()
      .map(([key, item]) => `${inner(key)}: ${inner(item)}`)
      .join(', ')}}`;
  return value instanceof Missing ? 'Undefined' : value.title;
}

/** `a == b`. */
export function areEqual(a: PyValue, b: PyValue): boolean {
  const [first, second] = [numberOf(a), numberOf(b)];
  if (first !== null || second !== null) return first === second;
  if ((a instanceof PyList && b instanceof PyList) || (a instanceof PyTuple && b instanceof PyTuple))
    return (
      a.items.length === b.items.length && a.items.every((item, at) => areEqual(item, b.items[at] ?? null))
    );
  if (a instanceof PyDict && b instanceof PyDict)
    return (
      a.size === b.size &&
      a.entries().every(([key, item]) => {
        const other = b.get(key);
        return other !== undefined && areEqual(item, other);
      })
    );
  if (a instanceof Missing && b instanceof Missing) return true;
  return a === b;
}

/** Less than 0, 0 or more, as Python orders them. @throws TemplateFault for values that have no order. */
export function compareValues(a: PyValue, b: PyValue, sign = '<'): number {
  const [first, second] = [numberOf(a), numberOf(b)];
  if (first !== null && second !== null) return first - second;
  if (typeof a === 'string' && typeof b === 'string') return compareTexts(a, b);
  if ((a instanceof PyList && b instanceof PyList) || (a instanceof PyTuple && b instanceof PyTuple)) {
    for (const [at, item] of a.items.entries()) {
      const other = b.items[at];
      if (other === undefined) return 1;
      if (!areEqual(item, other)) return compareValues(item, other, sign);
    }
    return a.items.length - b.items.length;
  }
  throw new TemplateFault(
    `'${sign}' not supported between instances of '${typeName(a)}' and '${typeName(b)}'`,
  );
}

/** By code points. */
function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  const [first, second] = [Array.from(a), Array.from(b)];
  for (const [at, character] of first.entries()) {
    const other = second[at];
    if (other === undefined) return 1;
    if (character !== other) return (character.codePointAt(0) ?? 0) - (other.codePointAt(0) ?? 0);
  }
  return -1;
}

/** What a loop goes through. @throws TemplateFault for what is no sequence. */
export function itemsOf(value: PyValue): readonly PyValue[] {
  if (value instanceof PyList || value instanceof PyTuple) return value.items;
  if (typeof value === 'string') return Array.from(value);
  if (value instanceof PyDict) return value.entries().map(([key]) => key);
  if (value instanceof Missing) return [];
  throw new TemplateFault(`'${typeName(value)}' object is not iterable`);
}

/** `len(value)`. @throws TemplateFault. */
export function lengthOf(value: PyValue): number {
  if (value instanceof PyDict) return value.size;
  if (value === null || numberOf(value) !== null || value instanceof PyObject)
    throw new TemplateFault(`object of type '${typeName(value)}' has no len()`);
  return itemsOf(value).length;
}

/** `needle in value`. @throws TemplateFault. */
export function contains(value: PyValue, needle: PyValue): boolean {
  if (typeof value === 'string') {
    if (typeof needle === 'string') return value.includes(needle);
    throw new TemplateFault(`'in <string>' requires string as left operand, not ${typeName(needle)}`);
  }
  if (value instanceof PyDict) return value.has(needle);
  if (value === null || numberOf(value) !== null || value instanceof PyObject)
    throw new TemplateFault(`argument of type '${typeName(value)}' is not iterable`);
  return itemsOf(value).some((item) => areEqual(item, needle));
}
