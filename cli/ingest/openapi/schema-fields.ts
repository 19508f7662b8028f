import { isRecord } from '../../../src/contracts/json.ts';
import { cleanLine } from '../clean-text.ts';
import { referenceName } from './resolve-refs.ts';
import type { Fields, Resolver } from './resolve-refs.ts';

/** A field of a request or a response. */
export interface SchemaField {
  /** With those it lies in: `customer.address.city`, `items[].id`. */
  readonly name: string;
  readonly type: string;
  readonly isRequired: boolean;
  readonly description: string;
}

/** Deepest field that is listed. */
const MAX_DEPTH = 5;
/** Most fields of one schema; what is beyond is not what anyone asks for. */
const MAX_FIELDS = 200;
/** Most schemas that are looked into for one list. */
const MAX_VISITS = 2000;
const MAX_VALUES = 30;

/** Lists the fields of a schema, those of its parts (`allOf`, `oneOf`, `anyOf`) included; a schema that holds itself is listed once. */
export function schemaFields(schema: unknown, resolver: Resolver): readonly SchemaField[] {
  const fields = new Map<string, SchemaField>();
  let visits = 0;
  const visit = (value: unknown, prefix: string, above: ReadonlySet<Fields>): void => {
    const map = resolver.map(value);
    visits += 1;
    if (map === null || above.has(map) || above.size > MAX_DEPTH * 4 || visits > MAX_VISITS) return;
    const inner = new Set(above).add(map);
    for (const part of partsOf(map)) visit(part, prefix, inner);
    if (map['items'] !== undefined) visit(map['items'], prefix === '' ? '[]' : `${prefix}[]`, inner);
    const required = new Set(listOf(map['required']));
    const properties = resolver.map(map['properties']);
    if (properties === null || prefix.split('.').length > MAX_DEPTH) return;
    for (const [name, property] of Object.entries(properties)) {
      if (fields.size >= MAX_FIELDS) return;
      const path = prefix === '' ? name : `${prefix}.${name}`;
      if (!fields.has(path)) fields.set(path, fieldOf(path, property, required.has(name), resolver));
      visit(property, path, inner);
    }
  };
  visit(schema, '', new Set());
  return [...fields.values()];
}

/** What a value may be, in words: `string (date)`, `array of Order`. */
export function typeOf(value: unknown, resolver: Resolver, depth = 0): string {
  const map = resolver.map(value);
  const name = referenceName(value);
  if (map === null || depth > 3) return name ?? '';
  const type = listOf(map['type']).join(' or ');
  if (type === 'array' || (type === '' && map['items'] !== undefined))
    return `array of ${typeOf(map['items'], resolver, depth + 1) || 'anything'}`;
  const parts = [...listed(map['oneOf']), ...listed(map['anyOf'])].map((part) =>
    typeOf(part, resolver, depth + 1),
  );
  if (type === '' && parts.length > 0) return [...new Set(parts)].join(' or ');
  const plain = type === '' ? (name ?? 'object') : type;
  const format = map['format'];
  return typeof format === 'string' ? `${plain} (${format})` : plain;
}

/** What a schema says of its values beside its description: their list, bounds, default. */
export function limitsOf(value: unknown, resolver: Resolver): string {
  const map = resolver.map(value);
  if (map === null) return '';
  const items = resolver.map(map['items']);
  const values = listed(map['enum'] ?? items?.['enum']);
  const shown = values.slice(0, MAX_VALUES).map(scalar).join(', ');
  const says: string[] =
    values.length > 0 ? [`One of: ${shown}${values.length > MAX_VALUES ? ', …' : ''}.`] : [];
  for (const [key, words] of [
    ['minimum', 'At least'],
    ['maximum', 'At most'],
    ['maxLength', 'Longest, in characters:'],
    ['default', 'Default:'],
  ] as const) {
    const text = scalar(map[key]);
    if (text !== '') says.push(`${words} ${text}.`);
  }
  return says.join(' ');
}

/** The text of a number, a flag or a text; '' for anything else. */
export function scalar(value: unknown): string {
  if (typeof value === 'string') return cleanLine(value);
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

function fieldOf(name: string, property: unknown, isRequired: boolean, resolver: Resolver): SchemaField {
  const map = resolver.map(property);
  const own = isRecord(property) ? scalar(property['description']) : '';
  const description = own === '' ? scalar(map?.['description']) : own;
  const deprecated = map?.['deprecated'] === true ? 'Deprecated.' : '';
  return {
    name,
    type: typeOf(property, resolver),
    isRequired,
    description: [deprecated, description, limitsOf(property, resolver)]
      .filter((text) => text !== '')
      .join(' '),
  };
}

function partsOf(map: Fields): readonly unknown[] {
  return [...listed(map['allOf']), ...listed(map['oneOf']), ...listed(map['anyOf'])];
}

function listed(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function listOf(value: unknown): readonly string[] {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  return values.filter((entry) => typeof entry === 'string');
}
