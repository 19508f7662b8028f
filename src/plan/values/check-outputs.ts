import { UnderstudyError } from '../../contracts/errors.ts';
import type { Json, JsonObject } from '../../contracts/json.ts';
import type { OutputShape, ValueType } from '../../contracts/plan-configs.ts';
import { isJsonList } from './json-list.ts';
import { isJsonObject } from './json-value.ts';
import { isNumberType } from './value-type.ts';

/** Code points of a text. */
const MAX_TEXT = 400_000;
const MAX_TEXTS = 30;
const MAX_OBJECTS = 30;
const MAX_NUMBERS = 1000;
/** Objects and lists within each other. */
const MAX_DEPTH = 5;
/** Numbers of 64 bits end below. */
const NUMBERS_END = 2 ** 63;
/** Digits after the point. */
const MAX_DECIMALS = 20;

type Shapes = { readonly [name: string]: OutputShape };

/**
 * Checks what the owner's code gave: an object with the declared outputs, no fewer and no more, each of its type or null.
 *
 * Texts like `1e+5` become numbers before, and yes and no numbers where such are declared.
 * @returns The outputs in the order in which they are declared.
 * @throws UnderstudyError `plan/value-invalid`.
 */
export function checkOutputs(outputs: Shapes, value: Json): JsonObject {
  if (!isJsonObject(value)) throw invalid('', 'The code gave something else than an object with its outputs');
  return checkMembers(withNumbers(value), outputs, '', 1);
}

const SCIENTIFIC = /^-?\d+\.?\d*e[+-]\d+$/i;

function withNumbers(value: JsonObject): JsonObject;
function withNumbers(value: Json): Json;
function withNumbers(value: Json): Json {
  if (typeof value === 'string') {
    const number = SCIENTIFIC.test(value) ? Number(value) : Number.NaN;
    return Number.isFinite(number) ? number : value;
  }
  if (isJsonList(value)) return value.map((item) => withNumbers(item));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, withNumbers(item)]));
}

/** Checks an object against its declared members; without a declaration, that it is of a piece and within the limits. */
function checkMembers(value: JsonObject, shapes: Shapes | null, path: string, depth: number): JsonObject {
  if (depth > MAX_DEPTH) throw invalid(path, `"${path}" lies deeper than ${String(MAX_DEPTH)} levels`);
  if (shapes === null) {
    for (const [name, item] of Object.entries(value)) checkFree(item, join(path, name), depth);
    return value;
  }
  const checked = Object.entries(shapes).map(([name, shape]): [string, Json] => {
    const place = join(path, name);
    const item = Object.hasOwn(value, name) ? value[name] : undefined;
    if (item === undefined) throw invalid(place, `The code gave no output "${place}"`);
    return [name, item === null ? null : checkOne(item, shape, place, depth)];
  });
  const extra = Object.keys(value).find((name) => !Object.hasOwn(shapes, name));
  if (extra !== undefined)
    throw invalid(join(path, extra), `The code gave "${join(path, extra)}", which is not declared`);
  return Object.fromEntries(checked);
}

function checkOne(value: Json, shape: OutputShape, path: string, depth: number): Json {
  const { type, children } = shape;
  if (isNumberType(type)) return toNumber(value, path);
  switch (type) {
    case 'string':
    case 'secret':
      return toText(value, path);
    case 'object':
      if (!isJsonObject(value)) throw wrong(path, type, value);
      return checkMembers(value, children, path, depth + 1);
    case 'array[string]':
      return listOf(value, path, type, MAX_TEXTS).map((item, index) =>
        item === null ? null : toText(item, at(path, index)),
      );
    case 'array[number]':
      return listOf(value, path, type, MAX_NUMBERS).map((item, index) => {
        if (typeof item !== 'number' && typeof item !== 'boolean')
          throw wrong(at(path, index), 'number', item);
        return Number(item);
      });
    case 'array[object]':
      return listOf(value, path, type, MAX_OBJECTS).map((item, index) => {
        if (item === null) return null;
        if (!isJsonObject(item)) throw wrong(at(path, index), 'object', item);
        return checkMembers(item, children, at(path, index), depth + 1);
      });
    case 'array[boolean]':
      return listOf(value, path, type, Infinity).map((item, index) => {
        if (item !== null && typeof item !== 'boolean') throw wrong(at(path, index), 'boolean', item);
        return item;
      });
    case 'file':
    case 'array[file]':
      throw invalid(path, `"${path}" is declared as ${type}, and code cannot make files`);
    case 'boolean':
      // The cloud agent takes whatever comes here, and flows came to depend on it.
      return value;
    default:
      checkFree(value, path, depth);
      return value;
  }
}

/** Checks a value of which nothing is declared. */
function checkFree(value: Json, path: string, depth: number): void {
  if (typeof value === 'string') toText(value, path);
  else if (typeof value === 'number') toNumber(value, path);
  else if (isJsonList(value)) checkFreeList(value, path, depth);
  else if (isJsonObject(value)) checkMembers(value, null, path, depth + 1);
}

/** Lists hold things of one kind; those that begin with nothing are not looked into. */
function checkFreeList(list: readonly Json[], path: string, depth: number): void {
  const first = list[0] ?? null;
  if (first === null) return;
  if (depth >= MAX_DEPTH && typeof first === 'object')
    throw invalid(path, `"${path}" lies deeper than ${String(MAX_DEPTH)} levels`);
  list.forEach((item, index) => {
    if (item === null) return;
    if (kindOf(item) !== kindOf(first)) throw invalid(path, `"${path}" holds things of different types`);
    if (isJsonList(item)) checkFreeList(item, at(path, index), depth + 1);
    else checkFree(item, at(path, index), depth);
  });
}

function kindOf(value: Json): string {
  if (isJsonList(value)) return 'list';
  return typeof value === 'boolean' ? 'number' : typeof value;
}

function listOf(value: Json, path: string, type: ValueType, limit: number): readonly Json[] {
  if (!isJsonList(value)) throw wrong(path, type, value);
  if (value.length > limit)
    throw invalid(
      path,
      `"${path}" holds ${String(value.length)} elements, and at most ${String(limit)} are allowed`,
    );
  return value;
}

function toText(value: Json, path: string): string {
  if (typeof value !== 'string') throw wrong(path, 'string', value);
  if (value.length > MAX_TEXT && Array.from(value).length > MAX_TEXT)
    throw invalid(path, `"${path}" is longer than ${String(MAX_TEXT)} characters`);
  return value.replaceAll('\0', '');
}

function toNumber(value: Json, path: string): number {
  if (typeof value === 'boolean') return Number(value);
  if (typeof value !== 'number') throw wrong(path, 'number', value);
  if (Math.abs(value) >= NUMBERS_END) throw invalid(path, `"${path}" is too large a number`);
  if (decimalsOf(value) > MAX_DECIMALS)
    throw invalid(path, `"${path}" has more than ${String(MAX_DECIMALS)} digits after the point`);
  return value;
}

function decimalsOf(value: number): number {
  const [digits = '', exponent = '0'] = value.toExponential().split('e');
  return (digits.split('.')[1] ?? '').length - Number(exponent);
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

function at(path: string, index: number): string {
  return `${path}[${String(index)}]`;
}

function wrong(path: string, type: ValueType, value: Json): UnderstudyError {
  const found = value === null ? 'nothing' : isJsonList(value) ? 'a list' : typeof value;
  return invalid(path, `"${path}" is declared as ${type}, and the code gave ${found}`);
}

function invalid(path: string, happened: string): UnderstudyError {
  return new UnderstudyError('plan/value-invalid', `${happened}.`, { facts: { output: path } });
}
