import { expect } from '@open-wc/testing';
import * as fc from 'fast-check';
import { isJson } from '../../contracts/json.ts';
import type { ValueType } from '../../contracts/plan-configs.ts';
import { VALUE_TYPES } from '../../contracts/plan-configs.ts';
import type { PlanValue } from '../plan-value.ts';
import { sceneFile } from '../steps/step-scene.ts';
import { isOfType, typeOfValue, zeroValue } from './value-type.ts';

const file = sceneFile('a.txt');
const types: readonly (readonly [value: PlanValue, type: ValueType])[] = [
  [null, 'none'],
  ['', 'string'],
  [1.5, 'number'],
  [true, 'boolean'],
  [{}, 'object'],
  [file, 'file'],
  [[], 'array[any]'],
  [['a'], 'array[string]'],
  [[1, 2.5], 'array[number]'],
  [[false], 'array[boolean]'],
  [[{}, { a: 1 }], 'array[object]'],
  [[file], 'array[file]'],
  [['a', 1], 'array[any]'],
  [[null], 'array[any]'],
  [[['a'], ['b']], 'array[any]'],
];

describe('types of values', () => {
  for (const [value, type] of types) {
    it(`knows that ${JSON.stringify(value)} is ${type}`, () => {
      expect(typeOfValue(value)).to.equal(type);
      expect(isOfType(value, type)).to.equal(true);
    });
  }

  it('takes yes and no for numbers, and nothing for no type but its own', () => {
    expect(isOfType(true, 'number')).to.equal(true);
    expect(isOfType(1, 'boolean')).to.equal(false);
    expect(VALUE_TYPES.filter((type) => isOfType(null, type))).to.deep.equal(['any', 'none']);
  });

  it('tells files from objects', () => {
    expect(isOfType(file, 'object')).to.equal(false);
    expect(isOfType({ kind: 'file' }, 'file')).to.equal(false);
  });

  it('clears every type but files to a value of it', () => {
    for (const type of VALUE_TYPES.filter((known) => known !== 'file')) {
      expect(isOfType(zeroValue(type), type), type).to.equal(true);
    }
  });

  it('gives any JSON a type that it is of', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const copy: unknown = JSON.parse(JSON.stringify(value));
        if (!isJson(copy)) return;
        expect(isOfType(copy, typeOfValue(copy))).to.equal(true);
      }),
    );
  });
});
