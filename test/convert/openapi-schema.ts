import { isRecord } from '../../src/contracts/json.ts';

/** A schema of an OpenAPI 3.0 document, as it was read. */
export type Schema = Readonly<Record<string, unknown>>;

/** Makes examples of the schemas of one document and finds what violates them; knows what Dify's document uses. */
export class OpenApiSchemas {
  readonly #document: Schema;
  readonly #random: () => number;

  /** @param random - A number in [0, 1). */
  constructor(document: Schema, random: () => number) {
    this.#document = document;
    this.#random = random;
  }

  /** What a path of names leads to; throws when there is no such thing. */
  at(...names: readonly string[]): Schema {
    let found: unknown = this.#document;
    for (const name of names) found = isRecord(found) ? found[name] : undefined;
    if (!isRecord(found)) throw new Error(`The document has no ${names.join(' › ')}.`);
    return found;
  }

  /** A schema of the document by its name. */
  named(name: string): Schema {
    return this.at('components', 'schemas', name);
  }

  /** Follows a reference. */
  resolve(schema: Schema): Schema {
    const reference = schema['$ref'];
    return typeof reference === 'string' ? this.at(...reference.replace('#/', '').split('/')) : schema;
  }

  /** A value that the schema allows; what is not required is left out now and then. */
  exampleOf(given: unknown, depth = 0): unknown {
    const schema = this.resolve(isRecord(given) ? given : {});
    if (schema['nullable'] === true && this.#random() < 0.2) return null;
    const { enum: values, allOf, oneOf, anyOf, type } = schema;
    if (Array.isArray(values)) return this.#one(values);
    if (Array.isArray(allOf)) return this.#merged(allOf, depth);
    if (Array.isArray(oneOf)) return this.exampleOf(this.#one(oneOf), depth);
    if (Array.isArray(anyOf) && type === undefined) return this.exampleOf(this.#one(anyOf), depth);
    switch (type) {
      case 'string':
        return this.#text(schema);
      case 'integer':
        return Math.floor(this.#random() * 2e9);
      case 'number':
        return this.#random() * 10;
      case 'boolean':
        return this.#random() < 0.5;
      case 'array':
        return depth > 8 ? [] : this.#list(schema['items'], depth);
      default:
        return depth > 8 ? {} : this.#object(schema, depth);
    }
  }

  /** Where a value violates the schema; empty when nowhere. */
  violations(value: unknown, given: unknown, place = 'body'): readonly string[] {
    const schema = this.resolve(isRecord(given) ? given : {});
    if (value === null && schema['nullable'] === true) return [];
    const { enum: values, allOf, oneOf, anyOf, not, type } = schema;
    const found: string[] = [];
    if (Array.isArray(values) && !values.includes(value))
      found.push(`${place} is not one of ${values.join(', ')}`);
    if (Array.isArray(allOf)) found.push(...allOf.flatMap((part) => this.violations(value, part, place)));
    for (const choice of [oneOf, anyOf])
      if (Array.isArray(choice) && !choice.some((part) => this.violations(value, part, place).length === 0))
        found.push(`${place} fits no alternative`);
    if (not !== undefined && this.violations(value, not, place).length === 0)
      found.push(`${place} is excluded`);
    if (typeof type === 'string' && !isOfType(value, type)) return [...found, `${place} is no ${type}`];
    if (Array.isArray(value))
      found.push(
        ...value.flatMap((item, at) => this.violations(item, schema['items'], `${place}[${String(at)}]`)),
      );
    if (isRecord(value)) found.push(...this.#violationsOfFields(value, schema, place));
    return found;
  }

  #violationsOfFields(value: Record<string, unknown>, schema: Schema, place: string): readonly string[] {
    const found: string[] = [];
    const properties = isRecord(schema['properties']) ? schema['properties'] : {};
    const required = Array.isArray(schema['required']) ? schema['required'] : [];
    for (const name of required)
      if (!(String(name) in value)) found.push(`${place}.${String(name)} is missing`);
    for (const [name, field] of Object.entries(value)) {
      const known = properties[name] ?? schema['additionalProperties'];
      if (known !== undefined && known !== true)
        found.push(...this.violations(field, known, `${place}.${name}`));
    }
    return found;
  }

  #merged(parts: readonly unknown[], depth: number): unknown {
    return Object.assign({}, ...parts.map((part) => this.exampleOf(part, depth)));
  }

  #object(schema: Schema, depth: number): unknown {
    const properties = isRecord(schema['properties']) ? schema['properties'] : {};
    const required = Array.isArray(schema['required']) ? schema['required'] : [];
    const value: Record<string, unknown> = {};
    for (const [name, field] of Object.entries(properties))
      if (required.includes(name) || this.#random() < 0.9) value[name] = this.exampleOf(field, depth + 1);
    return value;
  }

  #list(items: unknown, depth: number): unknown {
    return Array.from({ length: Math.floor(this.#random() * 4) }, () => this.exampleOf(items, depth + 1));
  }

  #text(schema: Schema): string {
    const { format, pattern } = schema;
    const number = Math.floor(this.#random() * 1e9);
    if (format === 'uuid') return `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
    if (format === 'url' || format === 'uri') return `https://files.example/${String(number)}`;
    if (typeof pattern === 'string') return `id_${String(number)}`;
    return this.#random() < 0.1 ? '' : `text ${String(number)}`;
  }

  #one(list: readonly unknown[]): unknown {
    return list[Math.floor(this.#random() * list.length)];
  }
}

function isOfType(value: unknown, type: string): boolean {
  switch (type) {
    case 'string':
      return typeof value === 'string';
    case 'integer':
      return Number.isInteger(value);
    case 'number':
      return typeof value === 'number';
    case 'boolean':
      return typeof value === 'boolean';
    case 'array':
      return Array.isArray(value);
    default:
      return isRecord(value);
  }
}
