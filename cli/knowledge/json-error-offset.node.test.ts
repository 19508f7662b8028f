import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { jsonErrorOffset } from './json-error-offset.ts';

describe('the place where JSON breaks', () => {
  it('is told', () => {
    for (const [text, offset] of [
      ['{"a":\n [}', 8],
      ['[1,]', 3],
      ['{"a" 1}', 5],
      ['[1 2]', 3],
      ['{"a":1', 6],
      ['"open', 0],
      ['[1]]', 3],
      ['', 0],
      ['[tru]', 1],
    ] as const) {
      assert.equal(jsonErrorOffset(text), offset, text);
    }
  });

  it('is the end for what is JSON, and never behind the first change', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), (text, at) => {
        assert.equal(jsonErrorOffset(text), text.length);
        const cut = at % text.length;
        const broken = `${text.slice(0, cut)}\u0001${text.slice(cut)}`;
        assert.ok(jsonErrorOffset(broken) <= cut);
      }),
    );
  });
});
