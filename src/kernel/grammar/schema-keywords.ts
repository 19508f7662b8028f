import type { Json, JsonObject } from '../../contracts/json.ts';
import { below, schemaError } from './schema-error.ts';

/** A schema that is an object. */
export type Schema = JsonObject;

/** Types of values; `integer` is a part of `number`. */
export type SchemaType = 'null' | 'boolean' | 'integer' | 'number' | 'string' | 'array' | 'object';

export const SCHEMA_TYPES: readonly SchemaType[] = [
  'null',
  'boolean',
  'integer',
  'number',
  'string',
  'array',
  'object',
];

/** Keywords that say nothing about which values are valid (JSON Schema 2020-12 §8 and §9, OpenAPI), or hold parts for `$ref`. */
const ANNOTATIONS: ReadonlySet<string> = new Set([
  '$schema',
  '$id',
  '$comment',
  '$defs',
  'definitions',
  'title',
  'description',
  'default',
  'example',
  'examples',
  'deprecated',
  'readOnly',
  'writeOnly',
  'discriminator',
  'contentMediaType',
]);

const OF_STRINGS = ['minLength', 'maxLength', 'pattern', 'format'];
const OF_NUMBERS = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'];
const OF_ARRAYS = ['items', 'prefixItems', 'minItems', 'maxItems', 'uniqueItems'];
const OF_OBJECTS = ['properties', 'required', 'additionalProperties'];
const OF_ALL = ['type', 'enum', 'const', 'anyOf', 'oneOf', 'allOf', '$ref', 'nullable'];
const READ: ReadonlySet<string> = new Set([
  ...OF_STRINGS,
  ...OF_NUMBERS,
  ...OF_ARRAYS,
  ...OF_OBJECTS,
  ...OF_ALL,
]);

/** Whether a keyword only describes. */
export function isAnnotation(keyword: string): boolean {
  return ANNOTATIONS.has(keyword) || keyword.startsWith('x-');
}

/** The schema without keywords that only describe. */
export function withoutAnnotations(schema: Schema): Schema {
  return Object.fromEntries(Object.entries(schema).filter(([keyword]) => !isAnnotation(keyword)));
}

/**
 * Refuses what would otherwise be ignored in silence.
 *
 * @throws UnderstudyError `engine/grammar-invalid` naming the first keyword that is not read.
 */
export function refuseUnreadKeywords(schema: Schema, pointer: string): void {
  for (const keyword of Object.keys(schema))
    if (!READ.has(keyword) && !isAnnotation(keyword))
      throw schemaError('This keyword cannot be followed.', below(pointer, keyword));
  if (schema['uniqueItems'] !== undefined && schema['uniqueItems'] !== false)
    throw schemaError('This keyword cannot be followed.', below(pointer, 'uniqueItems'));
}

/** The types a schema allows, as it says itself or as its keywords suggest; all when nothing does. */
export function typesOf(schema: Schema, pointer: string): readonly SchemaType[] {
  const types = new Set<SchemaType>();
  const { type, nullable } = schema;
  if (type === undefined) {
    const has = (keywords: readonly string[]): boolean => keywords.some((keyword) => keyword in schema);
    if (has(OF_STRINGS)) types.add('string');
    if (has(OF_NUMBERS)) types.add('number');
    if (has(OF_ARRAYS)) types.add('array');
    if (has(OF_OBJECTS)) types.add('object');
    if (types.size === 0) return SCHEMA_TYPES;
  } else {
    for (const name of Array.isArray(type) ? type : [type]) {
      const known = SCHEMA_TYPES.find((one) => one === name);
      if (known === undefined) throw schemaError('This is no type of JSON Schema.', below(pointer, 'type'));
      types.add(known);
    }
    if (types.size === 0) throw schemaError('The list of types is empty.', below(pointer, 'type'));
  }
  if (nullable === true) types.add('null');
  return [...types];
}

/** Whether a value is of one of the types. */
export function isOfType(value: Json, types: readonly SchemaType[]): boolean {
  if (value === null) return types.includes('null');
  if (Array.isArray(value)) return types.includes('array');
  if (typeof value === 'number')
    return types.includes('number') || (types.includes('integer') && Number.isInteger(value));
  if (typeof value === 'object') return types.includes('object');
  return types.some((type) => type === typeof value);
}

/** Spells a value so that equal values have equal texts, whatever the order of their members. */
export function canonicalText(value: Json): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (isList(value)) return `[${value.map(canonicalText).join()}]`;
  const members = Object.entries(value).map(
    ([name, member]) => `${JSON.stringify(name)}:${canonicalText(member)}`,
  );
  return `{${members.sort().join()}}`;
}

/** `Array.isArray` does not narrow read-only arrays. */
export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** Whether a member is a schema with keywords. */
export function isSchemaObject(value: Json | undefined): value is Schema {
  return typeof value === 'object' && value !== null && !isList(value);
}
