import type { Json, JsonObject } from '../../contracts/json.ts';
import { isRecord, isStringArray } from '../../contracts/json.ts';

const MAX_DEPTH = 32;

/**
 * Says where a value does not fit a JSON Schema, null when it fits: types, constants, required names, properties, elements and
 * alternatives. What else a schema can say is kept by grammars, and is not looked at here.
 */
export function misfitOf(value: Json, schema: JsonObject, place = '$', depth = 0): string | null {
  if (depth > MAX_DEPTH) return null;
  const { type, enum: values, properties, required, items } = schema;
  const types = typeof type === 'string' ? [type] : isStringArray(type) ? type : [];
  if (types.length > 0 && !types.some((name) => isOfType(value, name)))
    return `${place} is no ${types.join(' or ')}`;
  if (Array.isArray(values) && !values.some((one) => JSON.stringify(one) === JSON.stringify(value)))
    return `${place} is none of the values that are allowed`;
  if ('const' in schema && JSON.stringify(schema['const']) !== JSON.stringify(value))
    return `${place} is not the value that is fixed`;
  const choices = schema['anyOf'] ?? schema['oneOf'];
  if (Array.isArray(choices)) {
    const found = choices.map((choice: Json) =>
      isObject(choice) ? misfitOf(value, choice, place, depth + 1) : null,
    );
    if (!found.includes(null)) return found[0] ?? null;
  }
  if (Array.isArray(value)) {
    if (!isObject(items)) return null;
    return firstOf(value, (item: Json, at) => misfitOf(item, items, `${place}[${String(at)}]`, depth + 1));
  }
  if (!isObject(value)) return null;
  const missing = isStringArray(required) ? required.find((name) => !Object.hasOwn(value, name)) : undefined;
  if (missing !== undefined) return `${place}.${missing} is missing`;
  if (!isObject(properties)) return null;
  return firstOf(Object.entries(value), ([name, item]) => {
    const inner = Object.hasOwn(properties, name) ? properties[name] : undefined;
    return isObject(inner) ? misfitOf(item, inner, `${place}.${name}`, depth + 1) : null;
  });
}

function isObject(value: Json | undefined): value is JsonObject {
  return isRecord(value);
}

function firstOf<T>(items: readonly T[], find: (item: T, at: number) => string | null): string | null {
  for (const [at, item] of items.entries()) {
    const found = find(item, at);
    if (found !== null) return found;
  }
  return null;
}

function isOfType(value: Json, name: string): boolean {
  if (name === 'integer') return Number.isInteger(value);
  if (name === 'array') return Array.isArray(value);
  if (name === 'object') return isRecord(value);
  if (name === 'null') return value === null;
  return typeof value === name;
}
