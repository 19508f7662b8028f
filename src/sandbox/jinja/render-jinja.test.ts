import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { isUnderstudyError } from '../../contracts/errors.ts';
import type { JsonObject } from '../../contracts/json.ts';
import { JINJA_CASES, JINJA_VALUES } from '../../../test/fixtures/jinja-cases.ts';
import { renderJinja } from './render-jinja.ts';

/** The error's code, or what was rendered. */
function attempt(source: string, values: JsonObject = {}, now?: () => number): string {
  try {
    return renderJinja(source, values, now === undefined ? {} : { now });
  } catch (error) {
    return isUnderstudyError(error) ? error.code : String(error);
  }
}

describe('a Jinja template', () => {
  for (const [source, wanted] of JINJA_CASES)
    it(`renders ${JSON.stringify(source)}`, () => {
      expect(attempt(source, JINJA_VALUES)).to.equal(wanted ?? 'sandbox/template-failed');
    });

  it('names the line of what failed', () => {
    try {
      renderJinja('a\nb\n{{ 1 / 0 }}', {});
      expect.fail();
    } catch (error) {
      expect(isUnderstudyError(error) ? error.facts : error).to.deep.equal({
        error: 'division by zero',
        line: 3,
      });
    }
  });

  it('ends what gives too much or takes too long', () => {
    expect(attempt('{% for i in range(99999) %}xxxxx{% endfor %}')).to.equal('sandbox/template-failed');
    expect(attempt('{{ range(1000000000) }}')).to.equal('sandbox/template-failed');
    expect(attempt('{{ "x" * 1000000000 }}')).to.equal('sandbox/template-failed');
    expect(attempt('{{ "%1000000d" % 1 }}')).to.equal('sandbox/template-failed');
    expect(attempt('{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}')).to.equal('sandbox/template-failed');
    expect(attempt('('.repeat(5000))).to.equal('('.repeat(5000));
    expect(attempt(`{{ ${'('.repeat(5000)} }}`)).to.equal('sandbox/template-failed');
    let time = 0;
    const clock = (): number => (time += 3000);
    expect(attempt('{% for i in range(9999) %}{% set x = i %}{% endfor %}', {}, clock)).to.equal(
      'sandbox/template-failed',
    );
  });

  it('gives no way to JavaScript', () => {
    for (const name of ['constructor', '__proto__', 'prototype', '__class__', 'toString', 'valueOf'])
      for (const of of ['x', '""', '[]', '{}', '1', 'range', 'loop'])
        expect(attempt(`{{ (${of}).${name} }}`, { x: {} })).to.be.oneOf(['', 'sandbox/template-failed']);
    expect(attempt('{{ x.__proto__ }}', JSON.parse('{"x": {"__proto__": {"a": 1}}}') as JsonObject)).to.equal(
      "{'a': 1}",
    );
  });

  it('renders or fails as told, whatever it is', () => {
    const piece = fc.constantFrom(
      '{{',
      '}}',
      '{%',
      '%}',
      '{#',
      '#}',
      ' a ',
      '"x"',
      '1',
      '|',
      'join',
      'if',
      'for i in',
      'set',
      'endfor',
      'else',
      '(',
      ')',
      '[',
      ']',
      ':',
      '.',
      '-',
      '\n',
      'is',
      'not',
      ',',
      '~',
      'raw',
      'endraw',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece, { maxLength: 40 }).map((all) => all.join(' ')),
        ),
        (source) => {
          const outcome = attempt(source, { a: [1, 'b'] });
          expect(outcome === 'sandbox/template-failed' || !outcome.includes('Error:')).to.equal(true);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('gives text without marks as it is, but for line ends', () => {
    fc.assert(
      fc.property(
        fc.string().filter((text) => !text.includes('{')),
        (text) => {
          expect(renderJinja(text, {})).to.equal(text.replace(/\r\n|\r/g, '\n').replace(/\n$/, ''));
        },
      ),
    );
  });
});
