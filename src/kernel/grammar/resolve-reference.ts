import type { Json } from '../../contracts/json.ts';
import { below, schemaError } from './schema-error.ts';
import { isList, isSchemaObject } from './schema-keywords.ts';

/** What a reference leads to. */
export interface ResolvedReference {
  readonly target: Json;
  /** `#` and the JSON pointer of the target. */
  readonly at: string;
}

/**
 * Follows a `$ref` that is a JSON pointer into the same document (RFC 6901 §6).
 *
 * @param pointer - Where the schema with the reference stands, for errors.
 * @throws UnderstudyError `engine/grammar-invalid` for every other reference, and when nothing is there.
 */
export function resolveReference(root: Json, $ref: Json, pointer: string): ResolvedReference {
  const place = below(pointer, '$ref');
  if (typeof $ref !== 'string' || !/^#(\/|$)/.test($ref))
    throw schemaError('Only references into the same document can be followed.', place);
  let target: Json | undefined = root;
  for (const part of $ref.split('/').slice(1)) {
    const name = decode(part, place).replaceAll('~1', '/').replaceAll('~0', '~');
    if (isList(target)) target = /^\d{1,9}$/.test(name) ? target[Number(name)] : undefined;
    else target = isSchemaObject(target) && Object.hasOwn(target, name) ? target[name] : undefined;
  }
  if (target === undefined) throw schemaError('Nothing is where the reference leads.', place);
  return { target, at: $ref };
}

function decode(part: string, place: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    // URIError: a percent sign without two hexadecimal digits.
    throw schemaError('The reference is no valid URI fragment.', place);
  }
}
