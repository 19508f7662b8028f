import { below, schemaError } from './schema-error.ts';
import type { Schema } from './schema-keywords.ts';
import { canonicalText, isList, isSchemaObject, typesOf } from './schema-keywords.ts';

/**
 * Refuses options of a `oneOf` of which a value could match two: a grammar cannot count how many options hold.
 *
 * @throws UnderstudyError `engine/grammar-invalid` naming the later of the two.
 */
export function refuseOverlaps(options: readonly Schema[], pointer: string): void {
  for (const [index, later] of options.entries())
    for (const earlier of options.slice(0, index))
      if (!areApart(earlier, later, pointer))
        throw schemaError(
          'A value may match two options of oneOf: use anyOf, or a required member with a different const in each.',
          below(pointer, index),
        );
}

function areApart(a: Schema, b: Schema, pointer: string): boolean {
  const ours = valuesOf(a);
  const theirs = valuesOf(b);
  if (ours !== null && theirs !== null) return ours.every((value) => !theirs.includes(value));
  const kinds = new Set(typesOf(a, pointer).map(kindOf));
  const shared = typesOf(b, pointer).filter((type) => kinds.has(kindOf(type)));
  if (shared.length === 0) return a['anyOf'] === undefined && b['anyOf'] === undefined;
  if (shared.some((type) => type !== 'object')) return false;
  return requiredOf(a).some((name) => {
    if (!requiredOf(b).includes(name)) return false;
    const here = memberValues(a, name);
    const there = memberValues(b, name);
    return here !== null && there !== null && here.every((value) => !there.includes(value));
  });
}

function kindOf(type: string): string {
  return type === 'integer' ? 'number' : type;
}

/** The values a schema is confined to, or null. */
function valuesOf(schema: Schema): readonly string[] | null {
  const { enum: list, const: constant, nullable } = schema;
  if (nullable === true) return null;
  if (constant !== undefined) return [canonicalText(constant)];
  return isList(list) ? list.map(canonicalText) : null;
}

function requiredOf({ required }: Schema): readonly unknown[] {
  return isList(required) ? required : [];
}

function memberValues({ properties }: Schema, name: unknown): readonly string[] | null {
  if (typeof name !== 'string' || !isSchemaObject(properties) || !Object.hasOwn(properties, name))
    return null;
  const member = properties[name];
  return isSchemaObject(member) ? valuesOf(member) : null;
}
