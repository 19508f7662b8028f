import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { isJson, isRecord } from '../../contracts/json.ts';
import { readJson } from './read-json.ts';

describe('readJson', () => {
  it('reads JSON as it stands, within a fence and between words', () => {
    expect(readJson('{"a": [1, "x", null]}')).to.deep.equal({ a: [1, 'x', null] });
    expect(readJson('Here:\n```json\n{"a": 1}\n```\nBye {x}')).to.deep.equal({ a: 1 });
    expect(readJson('The answer is {"a": {"b": true}} as asked.')).to.deep.equal({ a: { b: true } });
    expect(readJson('"only a text"')).to.equal('only a text');
  });

  it('mends what small models break', () => {
    const broken: readonly (readonly [string, unknown])[] = [
      ["{'a': 'it', 'b': None, 'c': True,}", { a: 'it', b: null, c: true }],
      ['{a: 1, b-c: two words}', { a: 1, 'b-c': 'two words' }],
      ['{“a”: “x”，“b”：2}', { a: 'x', b: 2 }],
      ['{"a": "say "hi" to them", "b": 1}', { a: 'say "hi" to them', b: 1 }],
      ['{"a": 1 /* one */, // two\n "b": 2}', { a: 1, b: 2 }],
      ['{"a": [1, 2', { a: [1, 2] }],
      ['{"a": "cut of', { a: 'cut of' }],
      ['{"a": 1, "b', { a: 1 }],
      ['{"a": "tab\\there \\u00e9 \\q"}', { a: 'tab\there é q' }],
      ['[{"a": 1} {"a": 2}]', [{ a: 1 }, { a: 2 }]],
    ];
    for (const [text, value] of broken) expect(readJson(text), text).to.deep.equal(value);
  });

  it('gives nothing where there is no value', () => {
    for (const text of ['', 'no value', '{no', '{"a" 1}', '```\n```', '}{', '[}']) {
      expect(readJson(text), text).to.equal(undefined);
    }
  });

  it('gives back whatever JSON was written, and never more than JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        expect(JSON.stringify(readJson(`\n${text} `))).to.equal(text);
      }),
    );
    const mess = fc.array(fc.constantFrom(...Array.from('{}[]":,\'\\ntruea1 /*“”`-')), { maxLength: 60 });
    fc.assert(
      fc.property(mess, (letters) => {
        const value = readJson(letters.join(''));
        expect(value === undefined || isJson(value)).to.equal(true);
      }),
    );
  });

  it('keeps a name that objects of JavaScript know apart from them', () => {
    const value = readJson("{'__proto__': {'isAdmin': true}}");
    expect(isRecord(value) && Object.hasOwn(value, '__proto__')).to.equal(true);
    expect(isRecord(value) && 'isAdmin' in value).to.equal(false);
  });

  it('gives up on brackets without end in reasonable time', () => {
    expect(readJson('['.repeat(100_000))).to.equal(undefined);
    expect(readJson('{"a":'.repeat(30_000))).to.equal(undefined);
  });
});
