import type { Json } from '../../src/contracts/json.ts';
import { isRecord } from '../../src/contracts/json.ts';
import type { Selector, ValueType } from '../../src/contracts/plan-configs.ts';
import { VALUE_TYPES } from '../../src/contracts/plan-configs.ts';
import type { DifyData } from './dify-app.ts';

/*
 * Reads settings of exported nodes, of which nothing is known: what is not of the expected form is as good as missing, because
 * exports of eight versions, and files written by hand, leave out or misspell what the rules behind them do not need.
 */

/** The map, or an empty one. */
export function recordOf(value: unknown): DifyData {
  return isRecord(value) ? value : {};
}

/** The list, or an empty one. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The text; numbers and switches as text; else `fallback`. */
export function textOf(value: unknown, fallback = ''): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : fallback;
}

/** The texts of a list, without empty ones. */
export function textsOf(value: unknown): readonly string[] {
  return listOf(value)
    .map((item) => textOf(item))
    .filter((text) => text !== '');
}

/** Whether a switch is on. */
export function flagOf(value: unknown, fallback = false): boolean {
  if (typeof value === 'boolean') return value;
  if (value === 'true') return true;
  return value === 'false' ? false : fallback;
}

/** The number within its bounds, also when it is written as text; null when it is none. */
export function numberOf(value: unknown): number | null {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}

/** A whole number from `minimum` to `maximum`, the nearest of them when it lies outside; `fallback` when it is none. */
export function integerOf(value: unknown, fallback: number, minimum: number, maximum: number): number {
  const number = numberOf(value);
  return number === null ? fallback : Math.min(maximum, Math.max(minimum, Math.trunc(number)));
}

/** The selector of at least a scope and a name; null when it is none. */
export function selectorOf(value: unknown): Selector | null {
  if (!Array.isArray(value) || value.length < 2) return null;
  const parts = value.map((part: unknown) => textOf(part));
  const [scope, name, ...path] = parts;
  if (scope === undefined || name === undefined || parts.includes('')) return null;
  return [scope, name, ...path];
}

/** The value as JSON; what JSON cannot hold becomes null. */
export function jsonOf(value: unknown, depth = 0): Json {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (depth > 50) return null;
  if (Array.isArray(value)) return value.map((item: unknown) => jsonOf(item, depth + 1));
  if (!isRecord(value)) return null;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]): [string, Json] => [key, jsonOf(item, depth + 1)]),
  );
}

/** The declared type, by all names that exports used; `any` when it is unknown. */
export function valueTypeOf(value: unknown): ValueType {
  const name = textOf(value).trim().toLowerCase();
  const known = VALUE_TYPES.find((type) => type === name);
  if (known !== undefined) return known;
  return OLD_TYPES[name] ?? (name.startsWith('array') ? 'array[any]' : 'any');
}

const OLD_TYPES: { readonly [name: string]: ValueType } = {
  bool: 'boolean',
  int: 'integer',
  text: 'string',
  str: 'string',
  'text-input': 'string',
  paragraph: 'string',
  select: 'string',
  'array[bool]': 'array[boolean]',
  'array[integer]': 'array[number]',
  'array[float]': 'array[number]',
  'file-list': 'array[file]',
  json_object: 'object',
};

/**
 * The constant as a value of its declared type: Dify's editor writes numbers, objects and lists as text.
 * A text that cannot be read as the type stays as it is.
 */
export function typedValue(value: unknown, type: ValueType): Json {
  const json = jsonOf(value);
  if (typeof json !== 'string' || type === 'string' || type === 'any' || type === 'secret') return json;
  if (type === 'number' || type === 'integer' || type === 'float') return numberOf(json) ?? json;
  if (type === 'boolean') return /^true$/i.test(json) ? true : /^false$/i.test(json) ? false : json;
  if (json.trim() === '') return type.startsWith('array') ? [] : type === 'object' ? {} : json;
  try {
    return jsonOf(JSON.parse(json));
  } catch {
    // SyntaxError: no JSON, so it was meant as text.
    return json;
  }
}
