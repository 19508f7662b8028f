import type { Json } from '../../contracts/json.ts';
import { isJson } from '../../contracts/json.ts';
import { gbnfLiteral } from './gbnf-text.ts';
import { integerToGbnf } from './integer-to-gbnf.ts';
import { mergeSchemas } from './merge-schemas.ts';
import { refuseOverlaps } from './one-of.ts';
import { otherKeyToGbnf } from './other-key.ts';
import { resolveReference } from './resolve-reference.ts';
import { below, schemaError } from './schema-error.ts';
import type { Schema, SchemaType } from './schema-keywords.ts';
import {
  SCHEMA_TYPES,
  canonicalText,
  isList,
  isOfType,
  isSchemaObject,
  refuseUnreadKeywords,
  typesOf,
  withoutAnnotations,
} from './schema-keywords.ts';
import { CHARACTER_RULE, readLength, repetition, stringToGbnf } from './string-to-gbnf.ts';

/**
 * Turns a JSON schema (2020-12, with what OpenAPI 3.0 and OpenAI's structured outputs made of it) into a grammar in GBNF.
 *
 * What the grammar accepts is JSON that the schema accepts; not the other way round: members come in the order of
 * `properties`; blanks are at most one behind each `,` and `:`, since a grammar with free blanks lets a model fill its answer
 * with them; a schema with `properties` is closed unless `additionalProperties` opens it; numbers have bounded digits.
 *
 * Read are: `type`, `properties`, `required`, `additionalProperties`, `enum`, `const`, `anyOf`, `oneOf` whose options exclude
 * each other, `allOf` and members beside `$ref` or `anyOf` where they can be joined, `items`, `prefixItems`, `minItems`,
 * `maxItems`, `minLength`, `maxLength`, `pattern`, `format` (date, time, date-time, uuid, email), `minimum` and so on of
 * integers (of numbers only `minimum: 0`), `$ref` into the same document, `nullable`, `true` and `false`.
 *
 * @throws UnderstudyError `engine/grammar-invalid` with the JSON pointer of every other keyword and of what contradicts itself.
 */
export function jsonSchemaToGbnf(schema: unknown): string {
  if (!isJson(schema)) throw schemaError('This is no JSON, or is nested too deep.', '');
  return new SchemaConverter(schema).convert();
}

const MOST_SCHEMAS = 10_000;
const DEEPEST = 200;
const COMMA = '"," " "?';
const COLON = '":" " "?';
const DIGITS = '("0" | [1-9] [0-9]{0,15}) ("." [0-9]{1,16})? ([eE] [+-]? [0-9]{1,2})?';

/** Where the converter is: for errors, against loops, and against depths. */
interface Place {
  readonly pointer: string;
  /** Pointers of the references that led here without anything in between. */
  readonly open: ReadonlySet<string>;
  readonly depth: number;
}

class SchemaConverter {
  readonly #root: Json;
  /** Bodies by name, in the order in which they were begun. */
  readonly #rules = new Map<string, string>();
  /** Names of the rules of references, by pointer. */
  readonly #references = new Map<string, string>();
  /** Names by body: equal parts are one rule. */
  readonly #names = new Map<string, string>();
  #schemas = 0;

  constructor(root: Json) {
    this.#root = root;
  }

  convert(): string {
    this.#rules.set('root', '');
    const root = this.#convert(this.#root, { pointer: '', open: new Set(['#']), depth: 0 });
    this.#rules.set('root', root);
    return [...this.#rules].map(([name, body]) => `${name} ::= ${body}\n`).join('');
  }

  /** An expression that can stand in a sequence. */
  #convert(schema: Json, place: Place): string {
    const { pointer } = place;
    this.#schemas += 1;
    if (this.#schemas > MOST_SCHEMAS || place.depth > DEEPEST)
      throw schemaError('The schema is too big.', pointer);
    if (schema === true) return this.#any();
    if (schema === false) throw schemaError('No value is allowed here.', pointer);
    if (!isSchemaObject(schema)) throw schemaError('This is no schema.', pointer);
    refuseUnreadKeywords(schema, pointer);
    const { $ref, ...others } = withoutAnnotations(schema);
    if ($ref !== undefined && Object.keys(others).length === 0) return this.#convertReference($ref, place);
    const flat = this.#flatten(schema, place);
    const { anyOf, oneOf, ...rest } = flat;
    if (anyOf !== undefined && oneOf !== undefined)
      throw schemaError('Only one of anyOf and oneOf can be followed at a time.', pointer);
    if (anyOf !== undefined) return this.#convertOptions('anyOf', anyOf, rest, place);
    if (oneOf !== undefined) return this.#convertOptions('oneOf', oneOf, rest, place);
    if (rest['enum'] !== undefined || rest['const'] !== undefined) return this.#convertValues(rest, pointer);
    const types = typesOf(rest, pointer);
    if (types.length === SCHEMA_TYPES.length && Object.keys(rest).length === 0) return this.#any();
    return choose(types.map((type) => this.#convertType(type, rest, place)));
  }

  /** Resolves `$ref` and `allOf` of the schema itself, without annotations. */
  #flatten(schema: Json, place: Place): Schema {
    const { pointer } = place;
    if (schema === true) return {};
    if (!isSchemaObject(schema)) throw schemaError('This cannot be joined with other schemas.', pointer);
    refuseUnreadKeywords(schema, pointer);
    const { $ref, allOf, ...own } = withoutAnnotations(schema);
    let flat: Schema = own;
    if ($ref !== undefined) {
      const { target, at } = resolveReference(this.#root, $ref, place.pointer);
      flat = mergeSchemas(this.#flatten(target, this.#open(at, place)), flat, pointer);
    }
    if (allOf === undefined) return flat;
    if (!isList(allOf) || allOf.length === 0)
      throw schemaError('This is no list of schemas.', below(pointer, 'allOf'));
    for (const [index, part] of allOf.entries())
      flat = mergeSchemas(
        flat,
        this.#flatten(part, { ...place, pointer: below(pointer, 'allOf', index) }),
        pointer,
      );
    return flat;
  }

  #convertReference($ref: Json, place: Place): string {
    const { target, at } = resolveReference(this.#root, $ref, place.pointer);
    if (place.open.has(at)) throw schemaError('The reference leads back to itself.', place.pointer);
    if (at === '#') return 'root';
    const known = this.#references.get(at);
    if (known !== undefined) return known;
    const name = this.#freeName(at.split('/').at(-1) ?? '');
    this.#references.set(at, name);
    this.#rules.set(name, '');
    this.#rules.set(name, this.#convert(target, this.#open(at, place)));
    return name;
  }

  /** The place of a reference's target; a reference that comes by itself again is refused. */
  #open(at: string, { open, depth, pointer }: Place): Place {
    if (open.has(at)) throw schemaError('The reference leads back to itself.', pointer);
    return { pointer: at.slice(1), open: new Set(open).add(at), depth: depth + 1 };
  }

  #convertOptions(keyword: string, options: Json, rest: Schema, place: Place): string {
    const pointer = below(place.pointer, keyword);
    if (!isList(options) || options.length === 0) throw schemaError('This is no list of schemas.', pointer);
    const { nullable, ...others } = rest;
    if (keyword === 'oneOf') {
      const flat = options.map((option, index) =>
        this.#flatten(option, { ...place, pointer: below(pointer, index), depth: place.depth + 1 }),
      );
      refuseOverlaps(flat, pointer);
    }
    const converted = options.map((option, index) => {
      const inner = { ...place, pointer: below(pointer, index), depth: place.depth + 1 };
      if (Object.keys(others).length === 0) return this.#convert(option, inner);
      return this.#convert(mergeSchemas(this.#flatten(option, inner), others, inner.pointer), inner);
    });
    return choose(nullable === true ? [...converted, '"null"'] : converted);
  }

  #convertValues(schema: Schema, pointer: string): string {
    const { enum: list, const: constant, type, nullable, ...others } = schema;
    const [other] = Object.keys(others);
    if (other !== undefined)
      throw schemaError('This cannot be followed beside enum or const.', below(pointer, other));
    if (list !== undefined && !isList(list))
      throw schemaError('This is no list of values.', below(pointer, 'enum'));
    let values = list ?? (constant === undefined ? [] : [constant]);
    if (list !== undefined && constant !== undefined)
      values = values.filter((value) => canonicalText(value) === canonicalText(constant));
    if (type !== undefined) {
      const types = typesOf(schema, pointer);
      values = values.filter((value) => isOfType(value, types));
    }
    if (nullable === true) values = [...values, null];
    if (values.length === 0) throw schemaError('No value is allowed here.', pointer);
    return choose(values.map((value) => gbnfLiteral(JSON.stringify(value))));
  }

  #convertType(type: SchemaType, schema: Schema, place: Place): string {
    switch (type) {
      case 'null':
        return '"null"';
      case 'boolean':
        return '("true" | "false")';
      case 'integer':
        return this.#convertInteger(schema, place.pointer);
      case 'number':
        return this.#convertNumber(schema, place.pointer);
      case 'string': {
        const body = stringToGbnf(schema, place.pointer, this.#rule('character', CHARACTER_RULE));
        return this.#rule('string', body);
      }
      case 'array':
        return this.#convertArray(schema, place);
      case 'object':
        return this.#convertObject(schema, place);
    }
  }

  #convertInteger(schema: Schema, pointer: string): string {
    const read = (keyword: string): number | null => {
      const value = schema[keyword];
      if (value === undefined) return null;
      if (typeof value !== 'number' || Math.abs(value) > Number.MAX_SAFE_INTEGER)
        throw schemaError('This is no number that can be followed.', below(pointer, keyword));
      return value;
    };
    const above = read('exclusiveMinimum');
    const under = read('exclusiveMaximum');
    const minimum = Math.max(
      Math.ceil(read('minimum') ?? -Infinity),
      above === null ? -Infinity : Math.floor(above) + 1,
    );
    const maximum = Math.min(
      Math.floor(read('maximum') ?? Infinity),
      under === null ? Infinity : Math.ceil(under) - 1,
    );
    if (minimum > maximum) throw schemaError('No integer is within the bounds.', pointer);
    return this.#rule('integer', integerToGbnf(minimum, maximum));
  }

  #convertNumber(schema: Schema, pointer: string): string {
    for (const keyword of ['maximum', 'exclusiveMinimum', 'exclusiveMaximum'])
      if (schema[keyword] !== undefined)
        throw schemaError('This can be followed for integers only.', below(pointer, keyword));
    const { minimum } = schema;
    if (minimum !== undefined && minimum !== 0)
      throw schemaError('For numbers this can be 0 only.', below(pointer, 'minimum'));
    return this.#rule('number', minimum === 0 ? DIGITS : `"-"? ${DIGITS}`);
  }

  #convertArray(schema: Schema, place: Place): string {
    const { pointer } = place;
    const minimum = readLength(schema['minItems'], 0, below(pointer, 'minItems'));
    const maximum = readLength(schema['maxItems'], Infinity, below(pointer, 'maxItems'));
    if (maximum < minimum) throw schemaError('No array is as long as asked for.', below(pointer, 'maxItems'));
    const { prefixItems, items } = schema;
    if (prefixItems !== undefined && !isList(prefixItems))
      throw schemaError('This is no list of schemas.', below(pointer, 'prefixItems'));
    const first = (prefixItems ?? []).slice(0, maximum);
    // After a prefix only items that were asked for may follow; without one, an array without `items` holds anything.
    const isOpen = items === undefined ? prefixItems === undefined : items !== false;
    if (!isOpen && minimum > first.length)
      throw schemaError('There are fewer items than asked for.', below(pointer, 'minItems'));
    const inner = (...names: (string | number)[]): Place => this.#inside(place, ...names);
    const converted = first.map((item, index) => this.#convert(item, inner('prefixItems', index)));
    const room = maximum - first.length;
    if (!isOpen || room === 0) return this.#rule('array', `"[" ${this.#listed(converted, minimum, '')} "]"`);
    const item = this.#convert(items ?? true, inner('items'));
    const wanted = Math.max(0, minimum - first.length);
    if (first.length > 0) {
      const others = `(${COMMA} ${item})${repetition(wanted, room)}`;
      return this.#rule('array', `"[" ${this.#listed(converted, minimum, others)} "]"`);
    }
    const list = `${item} (${COMMA} ${item})${repetition(Math.max(0, wanted - 1), room - 1)}`;
    return this.#rule('array', minimum > 0 ? `"[" ${list} "]"` : `"[" (${list})? "]"`);
  }

  /** Items one behind the other, of which the first `minimum` must be there; `tail` follows the last. */
  #listed(items: readonly string[], minimum: number, tail: string): string {
    let text = tail;
    for (const [index, item] of [...items.entries()].reverse()) {
      const one = `${index === 0 ? '' : `${COMMA} `}${item} ${text}`.trim();
      // As a rule of its own, for groups in groups are bounded.
      text = index < minimum ? one : `(${this.#rule('items', one)})?`;
    }
    return text;
  }

  #convertObject(schema: Schema, place: Place): string {
    const { pointer } = place;
    const { properties, required, additionalProperties } = schema;
    if (properties === undefined && required === undefined && additionalProperties === undefined)
      return this.#anyObject();
    if (properties !== undefined && !isSchemaObject(properties))
      throw schemaError('This is no object of schemas.', below(pointer, 'properties'));
    if (required !== undefined && !isList(required))
      throw schemaError('This is no list of names.', below(pointer, 'required'));
    const wanted = new Set(
      (required ?? []).map((name) => {
        if (typeof name !== 'string')
          throw schemaError('This is no list of names.', below(pointer, 'required'));
        return name;
      }),
    );
    const members = new Map(Object.entries(properties ?? {}));
    for (const name of wanted)
      if (!members.has(name)) {
        if (additionalProperties === false)
          throw schemaError('A member that is required is not allowed.', below(pointer, 'required'));
        members.set(name, additionalProperties ?? true);
      }
    const named = [...members].filter(([name, member]) => member !== false || wanted.has(name));
    const pairs = named.map(([name, member]) => {
      const value = this.#convert(member, this.#inside(place, 'properties', name));
      return { text: `${gbnfLiteral(JSON.stringify(name))} ${COLON} ${value}`, isWanted: wanted.has(name) };
    });
    const isOpen = additionalProperties !== undefined && additionalProperties !== false;
    const extra = isOpen
      ? `${otherKeyToGbnf([...members.keys()], pointer, (kind, body) => this.#rule(kind, body))} ${COLON} ${this.#convert(additionalProperties, this.#inside(place, 'additionalProperties'))}`
      : null;
    return this.#rule('object', `"{" ${this.#members(pairs, extra)} "}"`);
  }

  #members(
    pairs: readonly { readonly text: string; readonly isWanted: boolean }[],
    extra: string | null,
  ): string {
    const extras = extra === null ? [] : [`(${COMMA} ${extra})*`];
    const follow = ({ text, isWanted }: (typeof pairs)[number]): string =>
      isWanted ? `${COMMA} ${text}` : `(${COMMA} ${text})?`;
    const firstWanted = pairs.findIndex(({ isWanted }) => isWanted);
    // Which pair comes first decides where commas are: one alternative for each that can.
    const openers = firstWanted < 0 ? pairs : pairs.slice(0, firstWanted + 1);
    let rest = [...pairs.slice(openers.length).map(follow), ...extras].join(' ');
    const options: string[] = [];
    for (const [index, pair] of [...openers.entries()].reverse()) {
      options.unshift(`${pair.text} ${rest}`.trim());
      if (index > 0) rest = this.#rule('members', `${follow(pair)} ${rest}`.trim());
    }
    if (firstWanted < 0) {
      if (extra !== null) options.push(`${extra} ${extras.join(' ')}`);
      options.push('""');
    }
    return choose(options);
  }

  #inside(place: Place, ...names: readonly (string | number)[]): Place {
    return { pointer: below(place.pointer, ...names), open: new Set(), depth: place.depth + 1 };
  }

  #any(): string {
    const string = this.#anyString();
    const number = this.#rule('number', `"-"? ${DIGITS}`);
    const list = `"[" (any (${COMMA} any)*)? "]"`;
    this.#rules.set(
      'any',
      `${string} | ${number} | ${this.#anyObject()} | ${list} | "true" | "false" | "null"`,
    );
    return 'any';
  }

  #anyString(): string {
    return this.#rule('string', stringToGbnf({}, '', this.#rule('character', CHARACTER_RULE)));
  }

  #anyObject(): string {
    if (!this.#rules.has('any-object')) {
      const pair = `${this.#anyString()} ${COLON} any`;
      this.#rules.set('any-object', `"{" (${pair} (${COMMA} ${pair})*)? "}"`);
      this.#any();
    }
    return 'any-object';
  }

  /** The name of a rule with this body; equal bodies are one rule. */
  #rule(kind: string, body: string): string {
    const known = this.#names.get(body);
    if (known !== undefined) return known;
    const name = this.#freeName(kind);
    this.#names.set(body, name);
    this.#rules.set(name, body);
    return name;
  }

  #freeName(wish: string): string {
    const base = wish.replaceAll(/[^A-Za-z0-9_-]+/g, '-').slice(0, 64) || 'part';
    const taken = (name: string): boolean => this.#rules.has(name) || name === 'any' || name === 'any-object';
    let name = base;
    for (let count = 2; taken(name); count += 1) name = `${base}-${count}`;
    return name;
  }
}

function choose(options: readonly string[]): string {
  const unique = [...new Set(options)];
  return unique.length === 1 ? (unique[0] ?? '""') : `(${unique.join(' | ')})`;
}
