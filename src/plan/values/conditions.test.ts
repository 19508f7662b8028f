import { expect } from '@open-wc/testing';
import * as fc from 'fast-check';
import { isUnderstudyError } from '../../contracts/errors.ts';
import type { Json } from '../../contracts/json.ts';
import { isJson } from '../../contracts/json.ts';
import type { Condition, ConditionOperator, ConditionSet } from '../../contracts/plan-configs.ts';
import { CONDITION_OPERATORS } from '../../contracts/plan-configs.ts';
import type { PlanValue } from '../plan-value.ts';
import { sceneFile } from '../steps/step-scene.ts';
import { evaluateConditions } from './conditions.ts';

function asJson(value: unknown): Json {
  const copy: unknown = JSON.parse(JSON.stringify(value));
  return isJson(copy) ? copy : null;
}

function show(value: Json | undefined): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}

type Outcome = boolean | 'value-invalid' | 'variable-missing' | 'other';

function outcome(set: ConditionSet, values: { readonly [name: string]: PlanValue }): Outcome {
  try {
    return evaluateConditions(set, ([scope, name]) => values[`${scope}.${name}`]);
  } catch (error) {
    if (isUnderstudyError(error, 'plan/value-invalid')) return 'value-invalid';
    return isUnderstudyError(error, 'plan/variable-missing') ? 'variable-missing' : 'other';
  }
}

function one(operator: ConditionOperator, value: Json | undefined, name = 'value'): Condition {
  const expected = value === undefined ? null : typeof value === 'string' ? [value] : { value };
  return { from: ['a', name], operator, value: expected, files: null };
}

function tried(actual: PlanValue, operator: ConditionOperator, value?: Json): Outcome {
  return outcome({ mode: 'all', conditions: [one(operator, value)] }, { 'a.value': actual });
}

type Row = readonly [
  actual: PlanValue,
  operator: ConditionOperator,
  value: Json | undefined,
  outcome: Outcome,
];

const rows: readonly Row[] = [
  ['abc', 'contains', 'b', true],
  ['abc', 'contains', 'B', false],
  ['abc', 'contains', '', true],
  ['', 'contains', '', false],
  ['None', 'contains', undefined, true],
  ['say True', 'contains', true, true],
  [['a', 'b'], 'contains', 'b', true],
  [['ab'], 'contains', 'a', false],
  [[1, 2], 'contains', '1', false],
  [[true, false], 'contains', 'true', true],
  [[true], 'contains', 'yes', 'value-invalid'],
  [[], 'contains', 'a', false],
  [null, 'contains', 'a', false],
  [0, 'contains', 'a', false],
  [5, 'contains', '5', 'value-invalid'],
  [{ a: 1 }, 'contains', 'a', 'value-invalid'],
  ['abc', 'not contains', 'b', false],
  ['abc', 'not contains', 'x', true],
  ['', 'not contains', 'x', true],
  [null, 'not contains', 'x', true],
  [['a'], 'not contains', 'a', false],
  [7, 'not contains', 'a', 'value-invalid'],
  ['abc', 'start with', 'ab', true],
  ['abc', 'start with', 'bc', false],
  ['', 'start with', '', false],
  [['abc'], 'start with', 'a', 'value-invalid'],
  ['abc', 'start with', undefined, 'value-invalid'],
  [3, 'start with', '3', 'value-invalid'],
  ['abc', 'end with', 'bc', true],
  ['abc', 'end with', 'ab', false],
  [null, 'end with', 'ab', false],
  [true, 'end with', 'true', 'value-invalid'],
  ['a', 'is', 'a', true],
  ['a', 'is', 'A', false],
  ['', 'is', '', true],
  [true, 'is', 'true', true],
  [true, 'is', true, true],
  [true, 'is', '1', true],
  [false, 'is', '0', true],
  [true, 'is', 'True', 'value-invalid'],
  [true, 'is', '', 'value-invalid'],
  [null, 'is', '', false],
  [1, 'is', '1', 'value-invalid'],
  [['a'], 'is', 'a', 'value-invalid'],
  ['a', 'is', undefined, false],
  ['a', 'is not', 'b', true],
  ['a', 'is not', 'a', false],
  [null, 'is not', 'b', false],
  [false, 'is not', 'true', true],
  [2, 'is not', '1', 'value-invalid'],
  ['', 'empty', undefined, true],
  [0, 'empty', undefined, true],
  [false, 'empty', undefined, true],
  [[], 'empty', undefined, true],
  [{}, 'empty', undefined, true],
  [null, 'empty', undefined, true],
  [' ', 'empty', undefined, false],
  [[null], 'empty', undefined, false],
  ['a', 'empty', 'whatever', false],
  ['', 'not empty', undefined, false],
  [0, 'not empty', undefined, false],
  ['0', 'not empty', undefined, true],
  [{ a: null }, 'not empty', undefined, true],
  ['a', 'in', ['a', 'b'], true],
  ['c', 'in', ['a', 'b'], false],
  ['', 'in', ['', 'b'], false],
  ['a', 'in', 'abc', 'value-invalid'],
  ['', 'in', 'abc', false],
  [1, 'in', ['1'], false],
  [true, 'in', ['true', 'false'], true],
  ['a', 'not in', ['a'], false],
  ['c', 'not in', ['a'], true],
  ['', 'not in', 'a', true],
  ['c', 'not in', 'a', 'value-invalid'],
  [['a', 'b', 'c'], 'all of', ['a', 'c'], true],
  [['a'], 'all of', ['a', 'c'], false],
  ['a and c', 'all of', ['a', 'c'], true],
  [['a'], 'all of', [], true],
  [[], 'all of', [], false],
  ['', 'all of', 'a', 'value-invalid'],
  [[true, false], 'all of', [true], true],
  [{ a: 1 }, 'all of', ['a'], false],
  [['a'], 'all of', ['a', true], 'value-invalid'],
  [3, '=', '3', true],
  [3, '=', ' 3 ', true],
  [3, '=', '1_0', false],
  [3, '=', '4', false],
  [3, '=', '3.7', 'value-invalid'],
  [3, '=', 'three', 'value-invalid'],
  [3, '=', undefined, 'value-invalid'],
  [3.5, '=', '3.5', true],
  [3.5, '=', '3', false],
  [3.5, '=', '.5e1', false],
  [1, '=', true, true],
  [true, '=', 'true', true],
  [false, '=', '0', true],
  ['3', '=', '3', 'value-invalid'],
  [null, '=', '3', false],
  [3, '≠', '4', true],
  [3, '≠', '3', false],
  [3, '≠', '3.0', 'value-invalid'],
  [null, '≠', '4', false],
  [['a'], '≠', '1', 'value-invalid'],
  [3, '>', '2', true],
  [3, '>', '2.9', true],
  [3, '>', '3', false],
  [0.1, '>', '-inf', true],
  [3, '>', 'x', 'value-invalid'],
  [3, '>', undefined, 'value-invalid'],
  [null, '>', '3', false],
  ['4', '>', '3', 'value-invalid'],
  [true, '>', 'false', true],
  [2, '<', '2.5', true],
  [3, '<', '2.5', false],
  [null, '<', '2', false],
  [3, '≥', '3', true],
  [3, '≥', '3.1', false],
  [3, '≤', '3', true],
  [4, '≤', '3', false],
  [{}, '≤', '3', 'value-invalid'],
  [100, 'before', '200', true],
  [300, 'before', '200', false],
  [300, 'after', '200', true],
  [null, 'after', '200', false],
  [null, 'null', undefined, true],
  ['', 'null', undefined, false],
  [null, 'not null', undefined, false],
  [0, 'not null', undefined, true],
  [null, 'exists', undefined, false],
  ['', 'exists', undefined, true],
  [null, 'not exists', undefined, true],
  [[], 'not exists', undefined, false],
  [true, 'exists', '', true],
  [true, 'empty', '', 'value-invalid'],
  ['a', 'contains', { a: 1 }, 'value-invalid'],
  ['a', 'contains', ['a', 1], 'value-invalid'],
];

describe('conditions', () => {
  for (const [actual, operator, value, expected] of rows) {
    it(`finds ${JSON.stringify(actual)} ${operator} ${show(value)} ${String(expected)}`, () => {
      expect(tried(actual, operator, value)).to.equal(expected);
    });
  }

  it('compares with templates', () => {
    const condition: Condition = {
      from: ['a', 'value'],
      operator: 'is',
      value: ['gold ', { from: ['b', 'name'] }, { from: ['b', 'gone'] }],
      files: null,
    };
    const set: ConditionSet = { mode: 'all', conditions: [condition] };
    expect(outcome(set, { 'a.value': 'gold cardb.gone', 'b.name': 'card' })).to.equal(true);
  });

  it('fails where the variable is missing, and only there', () => {
    const missing = one('is', 'x', 'gone');
    const values = { 'a.value': 'x' };
    expect(outcome({ mode: 'all', conditions: [missing] }, values)).to.equal('variable-missing');
    expect(outcome({ mode: 'any', conditions: [one('is', 'x'), missing] }, values)).to.equal(true);
    expect(outcome({ mode: 'all', conditions: [one('is', 'y'), missing] }, values)).to.equal(false);
    expect(outcome({ mode: 'any', conditions: [one('is', 'y'), missing] }, values)).to.equal(
      'variable-missing',
    );
  });

  it('finds that all of none hold, and any of none do not', () => {
    expect(outcome({ mode: 'all', conditions: [] }, {})).to.equal(true);
    expect(outcome({ mode: 'any', conditions: [] }, {})).to.equal(false);
  });
});

describe('conditions on files', () => {
  const files = [
    sceneFile('jug.png', { type: 'image', sizeBytes: 10, mimeType: 'image/png' }),
    sceneFile('terms.pdf', { url: 'https://shop.example/terms.pdf' }),
  ];

  function on(
    operator: ConditionOperator,
    key: string,
    each: ConditionOperator,
    value: Json,
    list: PlanValue = files,
  ): Outcome {
    const inner: Condition = {
      from: ['file', key],
      operator: each,
      value: typeof value === 'string' ? [value] : { value },
      files: null,
    };
    const condition: Condition = {
      from: ['a', 'value'],
      operator,
      value: null,
      files: { mode: 'all', conditions: [inner] },
    };
    return outcome({ mode: 'all', conditions: [condition] }, { 'a.value': list });
  }

  it('asks whether one file is such', () => {
    expect(on('contains', 'extension', 'is', 'png')).to.equal(true);
    expect(on('contains', 'extension', 'is', '.png')).to.equal(true);
    expect(on('contains', 'extension', 'is', 'docx')).to.equal(false);
    expect(on('contains', 'name', 'start with', 'terms')).to.equal(true);
    expect(on('contains', 'size', '>', '50')).to.equal(true);
    expect(on('contains', 'type', 'in', ['image', 'audio'])).to.equal(true);
    expect(on('contains', 'transfer_method', 'in', ['remote_url'])).to.equal(true);
    expect(on('contains', 'mime_type', 'contains', 'image')).to.equal(true);
    expect(on('contains', 'extension', 'not empty', null)).to.equal(true);
  });

  it('asks of every file where the operator denies', () => {
    expect(on('contains', 'extension', 'is not', 'png')).to.equal(false);
    expect(on('contains', 'extension', 'is not', 'docx')).to.equal(true);
    expect(on('not contains', 'name', 'not contains', 'jug')).to.equal(false);
  });

  it('fails on attributes and extensions that cannot be', () => {
    expect(on('contains', 'color', 'is', 'red')).to.equal('value-invalid');
    expect(on('contains', 'extension', 'in', ['png'])).to.equal('value-invalid');
    expect(on('contains', 'size', 'contains', '1')).to.equal('value-invalid');
  });

  it('finds nothing in no files, and that all of no files are such', () => {
    expect(on('contains', 'name', 'is', 'x', [])).to.equal(false);
    expect(on('contains', 'name', 'is not', 'x', [])).to.equal(true);
  });

  it('needs conditions on the files of a list', () => {
    expect(tried(files, 'contains', 'png')).to.equal('value-invalid');
    expect(tried(files, 'not empty')).to.equal(true);
    expect(tried([], 'contains', 'png')).to.equal(false);
  });
});

describe('conditions on anything', () => {
  const json = fc.jsonValue({ maxDepth: 2 }).map(asJson);
  const simple = fc.oneof(
    json,
    fc.constantFrom<Json>('', 'true', '1', '1.5', 0, 1, true, null, [], ['a'], [true]),
  );

  it('hold, or do not, or fail with a code', () => {
    fc.assert(
      fc.property(simple, fc.constantFrom(...CONDITION_OPERATORS), simple, (actual, operator, value) => {
        expect(tried(actual, operator, value)).to.be.oneOf([true, false, 'value-invalid']);
      }),
      { numRuns: 2000 },
    );
  });

  it('deny what their opposites find', () => {
    const opposites = fc.constantFrom<readonly [ConditionOperator, ConditionOperator]>(
      ['contains', 'not contains'],
      ['empty', 'not empty'],
      ['in', 'not in'],
      ['null', 'not null'],
      ['exists', 'not exists'],
    );
    fc.assert(
      fc.property(simple, opposites, simple, (actual, [operator, opposite], value) => {
        const found = tried(actual, operator, value);
        expect(tried(actual, opposite, value)).to.equal(typeof found === 'boolean' ? !found : found);
      }),
      { numRuns: 1000 },
    );
  });
});
