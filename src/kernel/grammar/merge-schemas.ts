import type { Json } from '../../contracts/json.ts';
import { below, schemaError } from './schema-error.ts';
import type { Schema } from './schema-keywords.ts';
import { canonicalText, isAnnotation, isList, isSchemaObject } from './schema-keywords.ts';

/**
 * Joins two schemas into one that asks for both, as `allOf` does.
 *
 * @throws UnderstudyError `engine/grammar-invalid` where they contradict each other or one grammar cannot ask for both.
 */
export function mergeSchemas(a: Schema, b: Schema, pointer: string): Schema {
  refuseClosedParts(a, b, pointer);
  refuseClosedParts(b, a, pointer);
  const merged = new Map(Object.entries(a));
  for (const [keyword, theirs] of Object.entries(b)) {
    const ours = merged.get(keyword);
    const isSame =
      ours === undefined || isAnnotation(keyword) || canonicalText(ours) === canonicalText(theirs);
    if (ours === undefined) merged.set(keyword, theirs);
    else if (!isSame) merged.set(keyword, join(keyword, ours, theirs, below(pointer, keyword)));
  }
  return Object.fromEntries(merged);
}

function join(keyword: string, a: Json, b: Json, pointer: string): Json {
  switch (keyword) {
    case 'required':
      if (isList(a) && isList(b)) return [...a, ...b];
      break;
    case 'properties':
      if (isSchemaObject(a) && isSchemaObject(b)) return joinProperties(a, b);
      break;
    case 'type':
      return joinTypes(a, b, pointer);
    case 'enum':
      if (isList(a) && isList(b)) {
        const texts = new Set(b.map(canonicalText));
        return a.filter((value) => texts.has(canonicalText(value)));
      }
      break;
    case 'minimum':
    case 'exclusiveMinimum':
    case 'minLength':
    case 'minItems':
      if (typeof a === 'number' && typeof b === 'number') return Math.max(a, b);
      break;
    case 'maximum':
    case 'exclusiveMaximum':
    case 'maxLength':
    case 'maxItems':
      if (typeof a === 'number' && typeof b === 'number') return Math.min(a, b);
      break;
    case 'items':
      return { allOf: [a, b] };
    case 'nullable':
      return a === true && b === true;
    case 'additionalProperties':
      if (a === true) return b;
      if (b === true) return a;
      break;
    default:
  }
  throw schemaError('What is asked for here cannot be joined into one.', pointer);
}

function joinProperties(a: Schema, b: Schema): Schema {
  const joined = new Map(Object.entries(a));
  for (const [name, theirs] of Object.entries(b)) {
    const ours = joined.get(name);
    const isSame = ours === undefined || canonicalText(ours) === canonicalText(theirs);
    joined.set(name, isSame ? theirs : { allOf: [ours, theirs] });
  }
  return Object.fromEntries(joined);
}

function joinTypes(a: Json, b: Json, pointer: string): Json {
  const ours = isList(a) ? a : [a];
  const theirs = isList(b) ? b : [b];
  const kept = ours.filter(
    (type) => theirs.includes(type) || (type === 'integer' && theirs.includes('number')),
  );
  if (ours.includes('number') && !ours.includes('integer') && theirs.includes('integer'))
    kept.push('integer');
  if (kept.length === 0) throw schemaError('No type is left.', pointer);
  return kept;
}

/** A part that closes or describes the other members speaks of its own properties only: those of the other part are members to it. */
function refuseClosedParts(part: Schema, other: Schema, pointer: string): void {
  const { additionalProperties } = part;
  if (additionalProperties === undefined || additionalProperties === true) return;
  const own = isSchemaObject(part['properties']) ? part['properties'] : {};
  const theirs = isSchemaObject(other['properties']) ? Object.keys(other['properties']) : [];
  if (theirs.some((name) => !Object.hasOwn(own, name)))
    throw schemaError('Parts that are joined must leave this open.', below(pointer, 'additionalProperties'));
}
