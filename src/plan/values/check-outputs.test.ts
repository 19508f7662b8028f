import { expect } from '@open-wc/testing';
import * as fc from 'fast-check';
import { isUnderstudyError } from '../../contracts/errors.ts';
import type { Json } from '../../contracts/json.ts';
import { isJson } from '../../contracts/json.ts';
import type { OutputShape, ValueType } from '../../contracts/plan-configs.ts';
import { VALUE_TYPES } from '../../contracts/plan-configs.ts';
import { checkOutputs } from './check-outputs.ts';

const of = (type: ValueType, children: OutputShape['children'] = null): OutputShape => ({ type, children });

/** What comes of one output; 'refused' when it is not allowed. */
function checked(shape: OutputShape, value: Json): Json | undefined {
  try {
    return checkOutputs({ result: shape }, { result: value })['result'];
  } catch (error) {
    if (isUnderstudyError(error, 'plan/value-invalid')) return 'refused';
    throw error;
  }
}

type Row = readonly [name: string, shape: OutputShape, value: Json, result: Json];

const many = (length: number, value: Json): Json => Array.from({ length }, () => value);
const deep: Json = { a: { b: { c: { d: { e: 1 } } } } };

const rows: readonly Row[] = [
  ['a text', of('string'), 'x', 'x'],
  ['nothing for a text', of('string'), null, null],
  ['a text without NUL', of('string'), 'a\0b', 'ab'],
  ['a long text', of('string'), 'é'.repeat(400_000), 'é'.repeat(400_000)],
  ['a text of 400,000 code points', of('string'), '😀'.repeat(400_000), '😀'.repeat(400_000)],
  ['a longer text', of('string'), 'x'.repeat(400_001), 'refused'],
  ['a number for a text', of('string'), 1, 'refused'],
  ['scientific notation for a text', of('string'), '1e+5', 'refused'],
  ['a number', of('number'), 1.5, 1.5],
  ['nothing for a number', of('number'), null, null],
  ['yes for a number', of('number'), true, 1],
  ['scientific notation for a number', of('number'), '-1.5E-3', -0.0015],
  ['a text for a number', of('number'), '1.5', 'refused'],
  ['a number that is too large', of('number'), 2 ** 63, 'refused'],
  ['a number with many decimals', of('number'), 1e-20, 1e-20],
  ['a number with too many decimals', of('number'), 1e-21, 'refused'],
  ['decimals that add up', of('number'), 1.25e-19, 'refused'],
  ['a boolean', of('boolean'), false, false],
  ['whatever for a boolean', of('boolean'), 'yes', 'yes'],
  ['a list of texts', of('array[string]'), ['a', null], ['a', null]],
  ['too many texts', of('array[string]'), many(31, 'a'), 'refused'],
  ['a number among texts', of('array[string]'), ['a', 1], 'refused'],
  ['a text for a list', of('array[string]'), 'a', 'refused'],
  ['a list of numbers', of('array[number]'), [1, true, '1e+2'], [1, 1, 100]],
  ['nothing among numbers', of('array[number]'), [1, null], 'refused'],
  ['1000 numbers', of('array[number]'), many(1000, 1), many(1000, 1)],
  ['too many numbers', of('array[number]'), many(1001, 1), 'refused'],
  ['a list of objects', of('array[object]'), [{ a: 1 }, null], [{ a: 1 }, null]],
  ['too many objects', of('array[object]'), many(31, {}), 'refused'],
  ['a text among objects', of('array[object]'), ['a'], 'refused'],
  ['objects of a declared shape', of('array[object]', { a: of('string') }), [{ a: 'x' }], [{ a: 'x' }]],
  ['objects of another shape', of('array[object]', { a: of('string') }), [{ b: 'x' }], 'refused'],
  ['a list of booleans', of('array[boolean]'), [true, null], [true, null]],
  ['a number among booleans', of('array[boolean]'), [1], 'refused'],
  ['an object', of('object'), { a: { b: ['x'] } }, { a: { b: ['x'] } }],
  ['a list for an object', of('object'), [1], 'refused'],
  ['an object of the declared shape', of('object', { a: of('number') }), { a: true }, { a: 1 }],
  ['an object with more than declared', of('object', { a: of('number') }), { a: 1, b: 2 }, 'refused'],
  ['an object with less', of('object', { a: of('number'), b: of('string') }), { a: 1 }, 'refused'],
  ['objects five deep', of('object'), { a: { b: { c: 1 } } }, { a: { b: { c: 1 } } }],
  ['objects six deep', of('object'), deep, 'refused'],
  ['different things in a free list', of('object'), { a: ['x', 1] }, 'refused'],
  ['a free list that begins with nothing', of('object'), { a: [null, 'x', 1] }, { a: [null, 'x', 1] }],
  ['lists in a free list', of('object'), { a: [[1], ['x']] }, { a: [[1], ['x']] }],
  ['a file', of('file'), {}, 'refused'],
];

describe('what code may give', () => {
  for (const [name, shape, value, result] of rows) {
    it(`${result === 'refused' ? 'refuses' : 'takes'} ${name}`, () => {
      expect(checked(shape, value)).to.deep.equal(result);
    });
  }

  it('wants an object', () => {
    for (const value of [null, 'x', 1, ['x']]) {
      expect(() => checkOutputs({}, value)).to.throw('an object with its outputs');
    }
  });

  it('wants each declared output and no others', () => {
    const shapes = { one: of('string'), two: of('number') };
    expect(checkOutputs(shapes, { two: 2, one: '1' })).to.deep.equal({ one: '1', two: 2 });
    expect(() => checkOutputs(shapes, { one: '1' })).to.throw('no output "two"');
    expect(() => checkOutputs(shapes, { one: '1', two: 2, three: 3 })).to.throw(
      '"three", which is not declared',
    );
    expect(checkOutputs({}, {})).to.deep.equal({});
  });

  it('is not fooled by names that objects have anyway', () => {
    expect(() => checkOutputs({ toString: of('string') }, {})).to.throw('no output "toString"');
    const shapes = Object.fromEntries([['__proto__', of('string')]]);
    const value = Object.fromEntries([['__proto__', 'x']]);
    expect(Object.keys(checkOutputs(shapes, value))).to.deep.equal(['__proto__']);
  });

  it('gives JSON or a coded error, whatever comes', () => {
    const json = fc.jsonValue({ maxDepth: 7 }).map((value): Json => {
      const copy: unknown = JSON.parse(JSON.stringify(value));
      return isJson(copy) ? copy : null;
    });
    fc.assert(
      fc.property(fc.constantFrom(...VALUE_TYPES), json, (type, value) => {
        expect(isJson(checked(of(type), value))).to.equal(true);
      }),
      { numRuns: 1000 },
    );
  });
});
