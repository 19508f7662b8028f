import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import type { Json } from '../../src/contracts/json.ts';
import type { FormField } from '../../src/contracts/plan-configs.ts';
import { entryOf, fits, readField } from './read-field.ts';

const field = (changes: Partial<FormField>): FormField => ({
  name: 'a',
  label: 'A',
  type: 'text',
  isRequired: false,
  maxLength: null,
  options: [],
  default: null,
  ...changes,
});
const kindOf = (of: Partial<FormField>, entry: string): string => {
  const reading = readField(field(of), entry);
  return 'problem' in reading ? reading.problem.kind : 'fine';
};

describe('readField', () => {
  it('takes text as it is, up to its longest', () => {
    expect(readField(field({ maxLength: 3 }), 'abc')).to.deep.equal({ value: 'abc' });
    expect(readField(field({ maxLength: 3 }), 'abcde')).to.deep.equal({
      problem: { kind: 'too-long', excess: 2 },
    });
  });

  it('misses what is required', () => {
    for (const type of ['text', 'paragraph', 'select', 'number', 'json'] as const) {
      expect(kindOf({ type, isRequired: true }, '  '), type).to.equal('missing');
      expect(kindOf({ type }, ''), type).to.equal('fine');
    }
  });

  it('takes empty text as such, and an empty choice or number as none', () => {
    expect(readField(field({}), '')).to.deep.equal({ value: '' });
    expect(readField(field({ type: 'paragraph' }), ' ')).to.deep.equal({ value: '' });
    expect(readField(field({ type: 'select' }), '')).to.deep.equal({ value: null });
    expect(readField(field({ type: 'number' }), '')).to.deep.equal({ value: null });
  });

  it('takes only the options of a choice', () => {
    const select = { type: 'select', options: ['x', 'y'] } as const;
    expect(kindOf(select, 'x')).to.equal('fine');
    expect(kindOf(select, 'z')).to.equal('not-option');
  });

  it('reads numbers with a point or a comma and guesses none', () => {
    const read = (text: string): unknown => Reflect.get(readField(field({ type: 'number' }), text), 'value');
    expect(['12', ' 4.5 ', '4,5', '-3', '.5', '5.'].map(read)).to.deep.equal([12, 4.5, 4.5, -3, 0.5, 5]);
    for (const text of ['1,000.5', '0x1', 'Infinity', 'twelve', '１２', '--1', '9'.repeat(400)])
      expect(kindOf({ type: 'number' }, text), text).to.equal('not-number');
  });

  it('reads objects of JSON and nothing else of it', () => {
    expect(readField(field({ type: 'json' }), '{"a":[1]}')).to.deep.equal({ value: { a: [1] } });
    for (const text of ['{a}', 'null', '1', '"a"', '[{}]'])
      expect(kindOf({ type: 'json' }, text), text).to.equal('not-json');
  });

  it('reads a box that is not ticked as false', () => {
    expect(readField(field({ type: 'checkbox', isRequired: true }), false)).to.deep.equal({ value: false });
    expect(readField(field({ type: 'checkbox' }), true)).to.deep.equal({ value: true });
  });

  it('shows each value it read so that it is read again as the same', () => {
    const anyField = fc.record({
      type: fc.constantFrom<FormField['type'][]>('text', 'paragraph', 'select', 'number', 'checkbox', 'json'),
      isRequired: fc.boolean(),
      maxLength: fc.option(fc.integer({ min: 1, max: 20 })),
      options: fc.array(fc.string({ minLength: 1 }), { maxLength: 3 }),
    });
    const entry = fc.oneof(fc.string(), fc.boolean(), fc.integer().map(String), fc.json());
    fc.assert(
      fc.property(anyField, entry, (settings, text) => {
        const of = field(settings);
        const reading = readField(of, text);
        if ('problem' in reading) return true;
        const again = readField(of, entryOf(of, reading.value));
        return JSON.stringify(again) === JSON.stringify(reading);
      }),
      { numRuns: 500 },
    );
  });
});

describe('fits', () => {
  it('never throws, and what fits is shown and read without a problem', () => {
    const value = fc.jsonValue().map((json): Json => JSON.parse(JSON.stringify(json)) as Json);
    const type = fc.constantFrom<FormField['type'][]>(
      'text',
      'paragraph',
      'select',
      'number',
      'checkbox',
      'json',
    );
    fc.assert(
      fc.property(value, type, fc.boolean(), (json, kind, isRequired) => {
        const of = field({ type: kind, isRequired, options: ['a'], maxLength: 5 });
        return !fits(of, json) || json === null || 'value' in readField(of, entryOf(of, json));
      }),
    );
  });

  it('refuses nothing where something is required', () => {
    expect(fits(field({ isRequired: true }), null)).to.equal(false);
    expect(fits(field({ isRequired: true }), '')).to.equal(false);
    expect(fits(field({}), null)).to.equal(true);
  });
});

describe('entryOf', () => {
  it('falls back to the default when the value does not fit', () => {
    expect(entryOf(field({ default: 'x' }), 7)).to.equal('x');
    expect(entryOf(field({ default: 'x' }), undefined)).to.equal('x');
    expect(entryOf(field({ type: 'checkbox', default: true }), undefined)).to.equal(true);
    expect(entryOf(field({ type: 'json' }), { a: 1 })).to.equal('{"a":1}');
  });
});
