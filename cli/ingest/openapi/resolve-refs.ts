import { isRecord } from '../../../src/contracts/json.ts';

/** A map of a description, unchecked. */
export type Fields = Readonly<Record<string, unknown>>;

/** Follows references within one OpenAPI description. */
export interface Resolver {
  /** The map that a value is or refers to; null when it is none, refers outside the file, to nothing, or in a circle. */
  map(value: unknown): Fields | null;
}

/** Longest chain of references that refer to each other. */
const MAX_CHAIN = 16;

/** Makes the resolver of a description. Nothing is fetched: references to other files lead nowhere. */
export function createResolver(root: Fields): Resolver {
  return {
    map(value) {
      let current = value;
      for (let step = 0; step < MAX_CHAIN; step += 1) {
        if (!isRecord(current)) return null;
        const reference = current['$ref'];
        if (typeof reference !== 'string') return current;
        current = lookUp(root, reference);
      }
      return null;
    },
  };
}

/** The name at the end of a reference, as documents show it; null when the value is no reference. */
export function referenceName(value: unknown): string | null {
  const reference = isRecord(value) ? value['$ref'] : undefined;
  return typeof reference === 'string' ? (reference.split('/').at(-1) ?? null) : null;
}

/** A JSON pointer (RFC 6901) in the fragment of an address. */
function lookUp(root: Fields, reference: string): unknown {
  if (!reference.startsWith('#/')) return null;
  let value: unknown = root;
  for (const part of reference.slice(2).split('/')) {
    const name = decodePart(part);
    if (Array.isArray(value)) value = /^\d{1,6}$/.test(name) ? value[Number(name)] : undefined;
    else if (isRecord(value) && Object.hasOwn(value, name)) value = value[name];
    else return null;
  }
  return value;
}

function decodePart(part: string): string {
  const plain = part.replaceAll('~1', '/').replaceAll('~0', '~');
  try {
    return decodeURIComponent(plain);
  } catch {
    // URIError: a percent sign that stands for itself.
    return plain;
  }
}
