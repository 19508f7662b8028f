import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { isUnderstudyError } from '../../contracts/errors.ts';
import type { Json } from '../../contracts/json.ts';
import { RandomSource } from '../sampling/random-source.ts';
import { compileGrammar } from './compile-grammar.ts';
import { GrammarAutomaton } from './grammar-automaton.ts';
import { GrammarConstraint } from './grammar-constraint.ts';
import { jsonSchemaToGbnf } from './json-schema.ts';
import { parseGbnf } from './parse-gbnf.ts';
import type { GrammarVocabulary } from './token-trie.ts';

/** What the validator reads; the schemas of the tests are well-formed. */
interface TestSchema {
  readonly $ref?: string;
  readonly nullable?: boolean;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly allOf?: readonly unknown[];
  readonly anyOf?: readonly unknown[];
  readonly oneOf?: readonly unknown[];
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly prefixItems?: readonly unknown[];
  readonly items?: unknown;
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: unknown;
}

/** A validator of its own, as plain as the specification: JSON Schema 2020-12, with `nullable`. */
function isValid(value: unknown, given: unknown, root: unknown = given): boolean {
  if (typeof given === 'boolean') return given;
  const schema = given as TestSchema;
  if (schema.nullable === true && value === null) return true;
  const check = (inner: unknown, of: unknown = value): boolean => isValid(of, inner, root);
  if (schema.$ref !== undefined) {
    const names = schema.$ref.split('/').slice(1);
    const target = names.reduce<unknown>(
      (at, name) => (at as Record<string, unknown>)[name.replaceAll('~1', '/').replaceAll('~0', '~')],
      root,
    );
    if (!check(target)) return false;
  }
  const same = (other: unknown): boolean => JSON.stringify(other) === JSON.stringify(value);
  if (schema.enum?.some(same) === false) return false;
  if ('const' in schema && !same(schema.const)) return false;
  if (schema.allOf?.every((one) => check(one)) === false) return false;
  if (schema.anyOf?.some((one) => check(one)) === false) return false;
  if (schema.oneOf !== undefined && schema.oneOf.filter((one) => check(one)).length !== 1) return false;
  if (!isOfType(value, schema)) return false;
  if (typeof value === 'string') return isValidString(value, schema);
  if (typeof value === 'number') return isValidNumber(value, schema);
  if (Array.isArray(value)) {
    const { prefixItems = [], items = true, minItems = 0, maxItems = Infinity } = schema;
    const hasCount = value.length >= minItems && value.length <= maxItems;
    return hasCount && value.every((item, at) => check(at in prefixItems ? prefixItems[at] : items, item));
  }
  if (typeof value !== 'object' || value === null) return true;
  const { properties = {}, required = [], additionalProperties = true } = schema;
  return (
    required.every((name) => Object.hasOwn(value, name)) &&
    Object.entries(value).every(([name, member]) =>
      check(Object.hasOwn(properties, name) ? properties[name] : additionalProperties, member),
    )
  );
}

function isOfType(value: unknown, { type }: TestSchema): boolean {
  if (type === undefined) return true;
  const kind = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
  return [type].flat().some((one) => one === kind || (one === 'integer' && Number.isInteger(value)));
}

function isValidNumber(value: number, schema: TestSchema): boolean {
  const {
    minimum = -Infinity,
    maximum = Infinity,
    exclusiveMinimum: above,
    exclusiveMaximum: under,
  } = schema;
  const isWithin = value >= minimum && value <= maximum;
  return Number.isFinite(value) && isWithin && value > (above ?? -Infinity) && value < (under ?? Infinity);
}

function isValidString(value: string, schema: TestSchema): boolean {
  const { minLength = 0, maxLength = Infinity, pattern = '', format } = schema;
  const { length } = Array.from(value);
  if (length < minLength || length > maxLength || !new RegExp(pattern, 'u').test(value)) return false;
  return format === undefined || hasFormat(value, format);
}

function hasFormat(text: string, format: string): boolean {
  if (format === 'uuid') return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
  if (format === 'email') return /^[^@\s"]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/.test(text);
  const day = (date: string): boolean => new Date(`${date}T00:00:00Z`).toISOString().startsWith(date);
  if (format === 'date') return /^\d{4}-\d\d-\d\d$/.test(text) && day(text);
  const [date = '', time = text] = format === 'time' ? [undefined, text] : text.split('T');
  const isTime = /^([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/.test(time);
  return isTime && (format === 'time' || (/^\d{4}-\d\d-\d\d$/.test(date) && day(date)));
}

function accepts(schema: unknown, text: string): boolean {
  const automaton = new GrammarAutomaton(compileGrammar(parseGbnf(jsonSchemaToGbnf(schema))));
  let situation = automaton.start();
  for (const byte of new TextEncoder().encode(text)) situation = automaton.step(situation, byte);
  return automaton.isComplete(situation);
}

function refusalOf(schema: unknown): string {
  try {
    parseGbnf(jsonSchemaToGbnf(schema));
  } catch (error) {
    if (isUnderstudyError(error, 'engine/grammar-invalid'))
      return typeof error.facts['pointer'] === 'string' ? error.facts['pointer'] : error.message;
    throw error;
  }
  return 'accepted';
}

const CASES: Readonly<
  Record<string, { schema: unknown; valid: readonly string[]; invalid: readonly string[] }>
> = {
  'members in their order, optional ones left out': {
    schema: {
      type: 'object',
      properties: { a: { type: 'integer' }, b: { type: 'null' }, c: { type: 'boolean' } },
      required: ['b'],
    },
    valid: ['{"b":null}', '{"a":1,"b":null}', '{"a": 1, "b": null, "c": true}', '{"b":null,"c":false}'],
    invalid: [
      '{}',
      '{"a":1}',
      '{"b":null,"a":1}',
      '{,"b":null}',
      '{"b":null,}',
      '{"b":null,"d":1}',
      '{"b":null,"b":null}',
      '{"a":1"b":null}',
    ],
  },
  'no required members': {
    schema: { properties: { a: { const: 1 }, b: { const: 2 } } },
    valid: ['{}', '{"a":1}', '{"b":2}', '{"a":1,"b":2}'],
    invalid: ['{"a":1 ,"b":2}', '{"a":2}', 'null'],
  },
  'at most one blank, behind commas and colons only': {
    schema: { type: 'array', items: { type: 'null' } },
    valid: ['[]', '[null]', '[null, null]'],
    invalid: ['[ ]', '[null,  null]', '[null ,null]', '[\nnull]', ' []'],
  },
  'additional members that are none of the names': {
    schema: { properties: { ab: { const: 1 } }, additionalProperties: { type: 'boolean' } },
    valid: ['{"ab":1,"a":true,"abc":false,"":true}', '{"x":true}', '{}'],
    invalid: ['{"ab":true}', '{"x":1}', '{"x":true,"ab":1}', String.raw`{"\u0061b":true}`],
  },
  'required members that are described by additionalProperties': {
    schema: { type: 'object', required: ['z'], additionalProperties: { const: 0 } },
    valid: ['{"z":0}', '{"z":0,"y":0}'],
    invalid: ['{}', '{"y":0}', '{"z":1}'],
  },
  'names that have to be escaped': {
    schema: { properties: { 'a"\\\n漢/~': { const: null } }, required: ['a"\\\n漢/~'] },
    valid: [String.raw`{"a\"\\\n漢/~":null}`],
    invalid: ['{}'],
  },
  'any value': {
    schema: {},
    valid: ['null', '[1,{"a":[]},"x",-1.5e10]', '{"a": {}}', '"\\u00e9\\n"'],
    invalid: ['', 'nul', '[1,]', '{"a"}', '"\n"', '01', '1e999', String.raw`"\ud800"`],
  },
  'any object': { schema: { type: 'object' }, valid: ['{}', '{"a":[1]}'], invalid: ['[]', '1'] },
  'a closed empty object': {
    schema: { type: 'object', additionalProperties: false },
    valid: ['{}'],
    invalid: ['{"a":1}'],
  },
  'lists of types and nullable': {
    schema: {
      type: 'object',
      properties: { a: { type: ['string', 'null'] }, b: { type: 'integer', nullable: true } },
      required: ['a', 'b'],
    },
    valid: ['{"a":null,"b":null}', '{"a":"","b":-3}'],
    invalid: ['{"a":1,"b":1}', '{"a":"","b":1.5}'],
  },
  'enum and const of all kinds': {
    schema: { enum: ['a "b"', 1, null, [1, 2], { a: 1 }, true] },
    valid: [String.raw`"a \"b\""`, '1', 'null', '[1,2]', '{"a":1}', 'true'],
    invalid: ['"a', '2', '[1, 2]', 'false'],
  },
  'an enum narrowed by its type': {
    schema: { enum: ['a', 1, 1.5], type: ['integer'] },
    valid: ['1'],
    invalid: ['"a"', '1.5'],
  },
  'lengths in characters': {
    schema: { type: 'string', minLength: 2, maxLength: 3 },
    valid: ['"ab"', '"漢😀é"', String.raw`"\n\u0041\""`],
    invalid: ['"a"', '"abcd"', '""'],
  },
  'bounds of integers': {
    schema: { type: 'integer', minimum: -12, maximum: 305 },
    valid: ['-12', '-9', '0', '7', '99', '100', '299', '305'],
    invalid: ['-13', '306', '1000', '-0', '007', '1.0', '1e2'],
  },
  'exclusive bounds and bounds that are no integers': {
    schema: { type: 'integer', exclusiveMinimum: 1, maximum: 3.5 },
    valid: ['2', '3'],
    invalid: ['1', '4'],
  },
  'numbers from 0': {
    schema: { type: 'number', minimum: 0 },
    valid: ['0', '1.25', '3e5'],
    invalid: ['-1', '-0.5', '.5', '1.'],
  },
  tuples: {
    schema: {
      type: 'array',
      prefixItems: [{ const: 1 }, { const: 2 }],
      items: { const: 3 },
      minItems: 1,
      maxItems: 4,
    },
    valid: ['[1]', '[1,2]', '[1, 2, 3, 3]'],
    invalid: ['[]', '[2]', '[1,3]', '[1,2,3,3,3]'],
  },
  'closed tuples': {
    schema: { prefixItems: [{ const: 1 }, { const: 2 }], items: false, minItems: 2 },
    valid: ['[1,2]'],
    invalid: ['[1]', '[1,2,2]'],
  },
  'counts of items': {
    schema: { items: { const: 1 }, minItems: 2, maxItems: 3 },
    valid: ['[1,1]', '[1,1,1]'],
    invalid: ['[1]', '[1,1,1,1]', '[]'],
  },
  'no items': { schema: { type: 'array', maxItems: 0 }, valid: ['[]'], invalid: ['[1]'] },
  'recursive references': {
    schema: {
      $defs: {
        node: {
          type: 'object',
          properties: {
            v: { type: 'integer' },
            next: { anyOf: [{ $ref: '#/$defs/node' }, { type: 'null' }] },
          },
          required: ['v', 'next'],
        },
      },
      $ref: '#/$defs/node',
    },
    valid: ['{"v":1,"next":null}', '{"v":1,"next":{"v":2,"next":null}}'],
    invalid: ['{"v":1}', '{"v":1,"next":{}}'],
  },
  'references to the root': {
    schema: { type: 'array', items: { $ref: '#' } },
    valid: ['[]', '[[],[[]]]'],
    invalid: ['[1]', '['],
  },
  'keywords beside a reference': {
    schema: { $defs: { 'a/b': { type: 'integer', maximum: 9 } }, $ref: '#/$defs/a~1b', minimum: 5 },
    valid: ['5', '9'],
    invalid: ['4', '10'],
  },
  'allOf of objects': {
    schema: {
      allOf: [
        { properties: { a: { type: 'integer' } }, required: ['a'] },
        { properties: { b: { type: 'null' }, a: { minimum: 3 } }, required: ['b'] },
      ],
    },
    valid: ['{"a":3,"b":null}'],
    invalid: ['{"a":2,"b":null}', '{"a":3}'],
  },
  'members beside anyOf': {
    schema: {
      type: 'object',
      properties: { k: { const: 1 } },
      required: ['k'],
      anyOf: [
        { properties: { x: { const: 2 } }, required: ['x'] },
        { properties: { y: { const: 3 } }, required: ['y'] },
      ],
    },
    valid: ['{"x":2,"k":1}', '{"y":3,"k":1}'],
    invalid: ['{"k":1}', '{"x":2}'],
  },
  'oneOf with a member that tells the options apart': {
    schema: {
      oneOf: ['cat', 'dog'].map((kind) => ({
        type: 'object',
        properties: { kind: { const: kind }, [kind]: { type: 'boolean' } },
        required: ['kind'],
      })),
    },
    valid: ['{"kind":"cat"}', '{"kind":"dog","dog":true}'],
    invalid: ['{"kind":"cat","dog":true}', '{}'],
  },
};

const REFUSALS: readonly (readonly [schema: unknown, pointer: string])[] = [
  [{ type: 'array', uniqueItems: true }, '/uniqueItems'],
  [{ properties: { a: { not: {} } } }, '/properties/a/not'],
  [{ properties: { 'a/b': { if: true } } }, '/properties/a~1b/if'],
  [{ patternProperties: {} }, '/patternProperties'],
  [{ type: 'string', format: 'uri' }, '/format'],
  [{ type: 'string', pattern: '^a$', maxLength: 3 }, ''],
  [{ type: 'string', pattern: '(?=a)' }, '/pattern'],
  [{ type: 'string', pattern: String.raw`(a)\1` }, '/pattern'],
  [{ type: 'string', pattern: String.raw`\bword\b` }, '/pattern'],
  [{ type: 'string', pattern: '(a' }, '/pattern'],
  [{ type: 'string', pattern: 'a{999999}' }, '/pattern'],
  [{ type: 'number', maximum: 3 }, '/maximum'],
  [{ type: 'number', minimum: 1 }, '/minimum'],
  [{ type: 'integer', minimum: 3, maximum: 2 }, ''],
  [{ type: 'integer', minimum: 1e300 }, '/minimum'],
  [{ type: 'integer', multipleOf: 2 }, '/multipleOf'],
  [{ type: 'string', minLength: 3, maxLength: 2 }, '/maxLength'],
  [{ type: 'string', maxLength: 1e9 }, '/maxLength'],
  [{ type: 'text' }, '/type'],
  [{ type: [] }, '/type'],
  [{ enum: [] }, ''],
  [{ enum: ['a'], minLength: 1 }, '/minLength'],
  [{ $ref: 'https://example.com/schema' }, '/$ref'],
  [{ $ref: '#/nowhere' }, '/$ref'],
  [{ $ref: '#/%' }, '/$ref'],
  [{ $ref: '#' }, ''],
  [
    {
      $defs: { a: { $ref: '#/$defs/b' }, b: { anyOf: [{ $ref: '#/$defs/a' }, { type: 'null' }] } },
      items: { $ref: '#/$defs/a' },
    },
    '/$defs/b/anyOf/0',
  ],
  [{ oneOf: [{ type: 'integer' }, { type: 'number' }] }, '/oneOf/1'],
  [{ oneOf: [{ properties: { a: {} } }, { properties: { b: {} } }] }, '/oneOf/1'],
  [{ allOf: [{ type: 'string' }, { type: 'null' }] }, '/type'],
  [
    { allOf: [{ properties: { a: {} }, additionalProperties: false }, { properties: { b: {} } }] },
    '/additionalProperties',
  ],
  [{ required: ['a'], additionalProperties: false }, '/required'],
  [{ required: 'a' }, '/required'],
  [{ prefixItems: [{}], minItems: 2, items: false }, '/minItems'],
  [{ properties: { a: false }, required: ['a'] }, '/properties/a'],
  [false, ''],
  [null, ''],
  [undefined, ''],
  [() => 1, ''],
];

describe('jsonSchemaToGbnf', () => {
  for (const [name, { schema, valid, invalid }] of Object.entries(CASES))
    it(`reads ${name}`, () => {
      for (const text of valid) {
        expect(accepts(schema, text), text).to.equal(true);
        expect(isValid(JSON.parse(text), schema), text).to.equal(true);
      }
      for (const text of invalid) expect(accepts(schema, text), text).to.equal(false);
    });

  for (const [schema, pointer] of REFUSALS)
    it(`refuses ${typeof schema === 'function' ? 'a function' : JSON.stringify({ schema }).slice(0, 100)} and names the place`, () => {
      expect(refusalOf(schema)).to.equal(pointer);
    });

  it('refuses a value that would never come to an end', () => {
    const schema = { type: 'object', properties: { self: { $ref: '#' } }, required: ['self'] };
    expect(refusalOf(schema)).to.match(/never comes to an end/);
  });

  it('ignores what only describes', () => {
    const schema = {
      $schema: 'x',
      $id: 'y',
      title: 't',
      description: 'd',
      default: 1,
      examples: [1],
      'x-order': 2,
      const: 1,
    };
    expect(jsonSchemaToGbnf(schema)).to.equal('root ::= "1"\n');
  });

  it('follows the patterns of ECMAScript', () => {
    const samples = [
      '',
      'a',
      'ab',
      'aab',
      'b',
      '12',
      'x-1',
      'A_9',
      '漢',
      'a\nb',
      'ab\\"',
      'é1',
      ' ',
      '\u2028',
      'a.b',
      'abab',
    ];
    const patterns = [
      '^a+b?$',
      'a',
      '^a|b$',
      '^(a|b)*$',
      String.raw`^\d{2}$`,
      String.raw`\w-\d`,
      '^[^a]$',
      '^.$',
      '^(?:ab){2}$',
      String.raw`^a\.b$`,
      String.raw`^\S+$`,
      String.raw`[\s]`,
      String.raw`^[\w\-]+$`,
      '^$',
      String.raw`\u{6F22}|\x41`,
      '^a*?b$',
      String.raw`\\"`,
      '^[a-c\\d]{1,}$',
      '',
    ];
    for (const pattern of patterns)
      for (const sample of samples)
        expect(
          accepts({ pattern }, JSON.stringify(sample)),
          `${pattern} on ${JSON.stringify(sample)}`,
        ).to.equal(new RegExp(pattern, 'u').test(sample));
  });

  it('accepts exactly the integers between two bounds', () => {
    const bound = fc.oneof(fc.integer({ min: -1200, max: 1200 }), fc.integer({ min: -99_999, max: 99_999 }));
    fc.assert(
      fc.property(bound, fc.nat(2000), fc.array(bound, { maxLength: 30 }), (minimum, width, others) => {
        const schema = { type: 'integer', minimum, maximum: minimum + width };
        const automaton = new GrammarAutomaton(compileGrammar(parseGbnf(jsonSchemaToGbnf(schema))));
        for (const value of [
          minimum - 1,
          minimum,
          minimum + 1,
          minimum + width,
          minimum + width + 1,
          0,
          ...others,
        ]) {
          let situation = automaton.start();
          for (const byte of new TextEncoder().encode(String(value)))
            situation = automaton.step(situation, byte);
          expect(automaton.isComplete(situation), String(value)).to.equal(
            value >= minimum && value <= minimum + width,
          );
        }
      }),
      { numRuns: 60 },
    );
  });

  it('accepts or refuses any JSON with a code', () => {
    const keyword = fc.constantFrom(
      'type',
      'properties',
      'required',
      'items',
      'enum',
      'anyOf',
      'oneOf',
      'allOf',
      '$ref',
      'pattern',
      'minLength',
      'prefixItems',
      'additionalProperties',
      'minimum',
    );
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom<unknown>(
          'string',
          'object',
          'array',
          'integer',
          '#',
          '#/items',
          true,
          false,
          null,
          0,
          3,
          -1,
          '',
        ),
        fc.dictionary(keyword, tie('any'), { maxKeys: 4 }),
        fc.array(tie('any'), { maxLength: 3 }),
      ),
    })).any;
    fc.assert(
      fc.property(value, (schema) => void refusalOf(schema)),
      { numRuns: 1500 },
    );
  });
});

/** Bytes, and pieces that cut JSON and characters across. */
const VOCABULARY: GrammarVocabulary = ((): GrammarVocabulary => {
  const encoder = new TextEncoder();
  const texts = [
    '"',
    '":',
    '": ',
    ',"',
    ', "',
    '{"',
    '"}',
    '"]',
    '[{"',
    '}]',
    '},{"',
    'true',
    'null',
    'fal',
    '12',
    '0.5',
    'e1',
    'na',
    'me',
    '漢字',
    '😀',
    '\\u00',
    '\\n',
    '2024-',
    '-0',
    '@x.',
    ']',
    '}}',
  ];
  const cut = encoder.encode('漢😀');
  const pieces = [
    new Uint8Array(0),
    ...Array.from({ length: 256 }, (_, byte) => Uint8Array.of(byte)),
    ...texts.map((text) => encoder.encode(text)),
    cut.subarray(0, 4),
    cut.subarray(1, 5),
    cut.subarray(5),
  ];
  return { size: pieces.length, tokenBytes: (token) => pieces[token]!, ends: new Set([0]) };
})();

/** The end, and the bytes that end a string, an object and an array. */
const CLOSING: ReadonlySet<number> = new Set([0, ...Array.from('"}]', (sign) => 1 + sign.charCodeAt(0))]);

const scalar = fc.oneof(
  fc.constantFrom<Json>(
    { type: 'null' },
    { type: 'boolean' },
    { type: 'integer' },
    { type: 'number' },
    { type: 'number', minimum: 0 },
    { type: ['integer', 'null'] },
    { type: 'string' },
    { enum: ['red', 'green "x"', 3, null] },
    { const: { a: [1, '漢'] } },
    { type: 'string', pattern: '^[A-Z]{2,4}-\\d+$' },
    { type: 'string', pattern: '^x?[}q]' },
    { type: 'string', nullable: true },
    { type: ['string', 'boolean'], maxLength: 2 },
  ),
  fc.constantFrom('date', 'time', 'date-time', 'uuid', 'email').map((format) => ({ type: 'string', format })),
  fc
    .tuple(fc.nat(4), fc.nat(30))
    .map(([minLength, more]) => ({ type: 'string', minLength, maxLength: minLength + more })),
  fc
    .tuple(fc.integer({ min: -200, max: 200 }), fc.nat(3000))
    .map(([minimum, more]) => ({ type: 'integer', minimum, exclusiveMaximum: minimum + more + 1 })),
);
const schemas = fc.letrec<{ any: Json }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    scalar,
    fc
      .tuple(
        fc.dictionary(fc.constantFrom('a', 'ab', 'name', '漢', 'x"y', 'b'), tie('any'), { maxKeys: 4 }),
        fc.nat(15),
        fc.option(fc.oneof(fc.boolean(), scalar), { nil: undefined }),
      )
      .map(([properties, wanted, additionalProperties]) => ({
        type: 'object',
        properties,
        required: Object.keys(properties).filter((_, at) => ((wanted >> at) & 1) === 1),
        ...(additionalProperties === undefined ? {} : { additionalProperties }),
      })),
    fc
      .tuple(tie('any'), fc.nat(3), fc.nat(3))
      .map(([items, minItems, more]) => ({ type: 'array', items, minItems, maxItems: minItems + more })),
    fc
      .tuple(fc.array(tie('any'), { minLength: 1, maxLength: 3 }), fc.nat(1))
      .map(([prefixItems, minItems]) => ({ type: 'array', prefixItems, minItems })),
    fc.array(tie('any'), { minLength: 1, maxLength: 3 }).map((anyOf) => ({ anyOf })),
    fc.constant({ type: 'array', items: { $ref: '#/$defs/tree' } }),
  ),
})).any;
const TREE = {
  type: 'object',
  properties: { v: { type: 'integer' }, kids: { type: 'array', items: { $ref: '#/$defs/tree' } } },
  required: ['kids'],
};

describe('a constraint of a JSON schema', () => {
  it('leads any walk over its tokens to JSON that the schema accepts', () => {
    fc.assert(
      fc.property(schemas, fc.nat(), (inner, seed) => {
        const random = new RandomSource(seed);
        const schema = { $defs: { tree: TREE }, properties: { it: inner }, required: ['it'] };
        const constraint = new GrammarConstraint(parseGbnf(jsonSchemaToGbnf(schema)), VOCABULARY);
        const mask = new Uint32Array((VOCABULARY.size + 31) >> 5);
        const bytes: number[] = [];
        for (let step = 0; ; step += 1) {
          expect(step).to.be.below(3000);
          constraint.allow(mask);
          const allowed = Array.from({ length: VOCABULARY.size }, (_, token) => token).filter(
            (token) => ((mask[token >> 5]! >>> (token & 31)) & 1) === 1,
          );
          expect(allowed.length, new TextDecoder().decode(Uint8Array.from(bytes))).to.be.above(0);
          // What closes something comes often, and after a while nearly always, or strings and trees would go on for ever.
          const closing = allowed.filter((token) => CLOSING.has(token));
          const isClosing = closing.length > 0 && random.next32() % 10 < (step > 200 ? 9 : 4);
          const pool = isClosing ? closing : allowed;
          const token = pool[random.next32() % pool.length]!;
          constraint.accept(token);
          if (token === 0) break;
          bytes.push(...VOCABULARY.tokenBytes(token));
        }
        expect(constraint.isComplete).to.equal(true);
        const text = new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(bytes));
        expect(isValid(JSON.parse(text), schema), `${text} by ${JSON.stringify(schema)}`).to.equal(true);
      }),
      { numRuns: 250 },
    );
  });
});
