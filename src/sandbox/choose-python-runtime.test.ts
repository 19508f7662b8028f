import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { choosePythonRuntime } from './choose-python-runtime.ts';
import { rewritePython } from './python/rewrite-python.ts';
import { tokenizePython } from './python/tokenize-python.ts';

const runtimeOf = (source: string): string => choosePythonRuntime(source).runtime;
const reasonsOf = (source: string): readonly string[] => {
  const choice = choosePythonRuntime(source);
  return choice.runtime === 'micropython' ? [] : choice.reasons;
};

describe('the choice of the Python interpreter', () => {
  it('takes MicroPython for plain code and the modules it has here', () => {
    expect(
      runtimeOf('def main(a: str) -> dict:\n    return {"r": a.title()[::-1], "n": f"{1234.5:,.2f}"}'),
    ).to.equal('micropython');
    expect(
      choosePythonRuntime(
        'import json, re as regex\nfrom datetime import (\n  datetime,\n  timedelta)\nimport urllib.parse',
      ),
    ).to.deep.equal({
      runtime: 'micropython',
      modules: ['datetime', 'json', 're', 'urllib.parse'],
    });
    expect(
      choosePythonRuntime('def main():\n    from collections import Counter; import math').modules,
    ).to.deep.equal(['collections', 'math']);
  });

  for (const [reason, source] of [
    ['imports unicodedata', 'import unicodedata'],
    ['uses match', 'match x:\n    case 1: pass'],
    ['unpacks a value within a display', 'a = [*b, 1]'],
    ['unpacks a value within a display', 'a = {**b}'],
    ['has parameters that are positional only', 'def f(a, /, b): pass'],
    ['changes a slice with a step', 'a[::2] = b'],
    ['changes a slice with a step', 'del a[::2]'],
    ['uses eval', 'x = eval("1")'],
    ['uses .bit_length', 'n.bit_length()'],
    ['uses an encoding other than UTF-8', 's.encode("gbk")'],
    ['imports unescape of html', 'from html import unescape'],
    ['uses unescape of html', 'import html as h\nh.unescape(x)'],
    ['imports all names of a module', 'from math import *'],
    ['uses .__len__', 's.__len__()'],
    ['formats a number with separators', '"{:,}".format(x)'],
    ['uses locals', 'f"{locals()}"'],
    ['is written in a way that only CPython reads', 'x = "unterminated'],
  ] as const)
    it(`takes Pyodide for what ${reason}: ${source.replace(/\n/g, ' ⏎ ')}`, () => {
      expect(runtimeOf(source)).to.equal('pyodide');
      expect(reasonsOf(source)).to.include(reason);
    });

  it('refuses networks, packages and what needs an operating system, with the reason', () => {
    expect(reasonsOf('import requests')).to.deep.equal(['talks to a network (module requests)']);
    expect(reasonsOf('from urllib import request')).to.deep.equal([
      'talks to a network (module urllib.request)',
    ]);
    expect(reasonsOf('import numpy as np, pandas.io')).to.deep.equal([
      'needs the package numpy',
      'needs the package pandas',
    ]);
    expect(reasonsOf('import subprocess')).to.deep.equal(['needs the operating system (module subprocess)']);
    expect(runtimeOf('import js')).to.equal('unsupported');
  });

  it('does not take words in texts and comments for code', () => {
    expect(runtimeOf('# import requests\nx = """\nimport numpy\n"""\ny = "eval(1)"')).to.equal('micropython');
    expect(runtimeOf('x.match(y)\nmatch = 3\nimportant = 1')).to.equal('micropython');
  });

  it('comes to an end for any text, and rewriting keeps the lines', () => {
    const piece = fc.constantFrom(
      'def main():',
      'f"{a',
      '}"',
      "'",
      '"""',
      '[',
      ']',
      ':',
      'a',
      '::',
      '\n',
      ' ',
      'import ',
      'from ',
      'x',
      '\\',
      '{',
      '(',
      ')',
      'str(',
      '*',
      '=',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece, { maxLength: 40 }).map((all) => all.join('')),
        ),
        (source) => {
          choosePythonRuntime(source);
          const lines = (text: string): number => text.split('\n').length;
          expect(lines(rewritePython(source))).to.equal(lines(source));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('reads tokens that are the source again', () => {
    fc.assert(
      fc.property(fc.string(), (source) => {
        for (const { text, start, end } of tokenizePython(source) ?? [])
          expect(source.slice(start, end)).to.equal(text);
      }),
    );
  });
});

describe('the rewriting of Python for MicroPython', () => {
  for (const [source, wanted] of [
    ['x[::-1]', 'x._cut(None,None,-1)'],
    ['x[1:n:2][0]', 'x._cut(1,n,2)[0]'],
    ['x[a[1:2]:b]', 'x[a[1:2]:b]'],
    ['str(x) + repr(y)', '_py_str(x) + _py_repr(y)'],
    ['isinstance(x, str)', 'isinstance(x, str)'],
    ['a.str(1)', 'a.str(1)'],
    ['f"{x} {y!r} {z:>5}"', 'f"{_py_str(x)} {_py_repr(y)} {z:>5}"'],
    ['f"{x:,.2f}"', `f"{_py_format(x, ',.2f')}"`],
    ['f"{{x}} {d[\'a\']}"', `f"{{x}} {_py_str(d['a'])}"`],
    ['"{x}"', '"{x}"'],
    ["f'{s[::-1]}'", "f'{_py_str(s._cut(None,None,-1))}'"],
  ] as const)
    it(`makes ${wanted} of ${source}`, () => {
      expect(rewritePython(source)).to.equal(wanted);
    });
});
