import { expect } from '@open-wc/testing';
import * as fc from 'fast-check';
import { isJson } from '../../contracts/json.ts';
import { sceneFile } from '../steps/step-scene.ts';
import type { PlanValue } from '../plan-value.ts';
import { renderMarkdown, renderPython, renderText } from './render-value.ts';

const cases: readonly (readonly [value: PlanValue, text: string, markdown: string, python: string])[] = [
  [null, '', '', 'None'],
  [true, 'True', 'True', 'True'],
  [false, 'False', 'False', 'False'],
  ['', '', '', "''"],
  ['say "hi"', 'say "hi"', 'say "hi"', `'say "hi"'`],
  ["it's", "it's", "it's", `"it's"`],
  [`it's "so"`, `it's "so"`, `it's "so"`, `'it\\'s "so"'`],
  ['a\n\tb\\', 'a\n\tb\\', 'a\n\tb\\', `'a\\n\\tb\\\\'`],
  ['\0\u007f\u00a0\u200b', '\0\u007f\u00a0\u200b', '\0\u007f\u00a0\u200b', `'\\x00\\x7f\\xa0\\u200b'`],
  ['日本 😀', '日本 😀', '日本 😀', `'日本 😀'`],
  ['\u{e0001}', '\u{e0001}', '\u{e0001}', `'\\U000e0001'`],
  [1, '1', '1', '1'],
  [-0.5, '-0.5', '-0.5', '-0.5'],
  [0.0001, '0.0001', '0.0001', '0.0001'],
  [0.00001, '1e-05', '1e-05', '1e-05'],
  [1.5e-10, '1.5e-10', '1.5e-10', '1.5e-10'],
  [1e21, '1e+21', '1e+21', '1e+21'],
  [{}, '{}', '{}', '{}'],
  [
    { a: 1, b: [true, null] },
    '{"a": 1, "b": [true, null]}',
    '{\n  "a": 1,\n  "b": [\n    true,\n    null\n  ]\n}',
    "{'a': 1, 'b': [True, None]}",
  ],
  [{ 'ü"': [] }, '{"ü\\"": []}', '{\n  "ü\\"": []\n}', `{'ü"': []}`],
  [[], '', '', '[]'],
  [['a', 'ü"'], '["a", "ü\\""]', '- a\n- ü"', `['a', 'ü"']`],
  [[1, 2.5], '[1, 2.5]', '- 1\n- 2.5', '[1, 2.5]'],
  [[true], '[True]', '- True', '[True]'],
  [[{ a: 'x' }], "[{'a': 'x'}]", "- {'a': 'x'}", "[{'a': 'x'}]"],
  [['a', 1, null], "['a', 1, None]", '- a\n- 1\n- None', "['a', 1, None]"],
  [[[1], ['b']], "[[1], ['b']]", "- [1]\n- ['b']", "[[1], ['b']]"],
];

describe('values as text', () => {
  for (const [value, text, markdown, python] of cases) {
    it(`writes ${JSON.stringify(value)}`, () => {
      expect(renderText(value)).to.equal(text);
      expect(renderMarkdown(value)).to.equal(markdown);
      expect(renderPython(value)).to.equal(python);
    });
  }

  it('leaves files out of texts and links them in answers', () => {
    const photo = sceneFile('jug.png', { type: 'image', url: 'https://shop.example/jug.png' });
    const terms = sceneFile('terms.pdf', { url: 'https://shop.example/terms.pdf' });
    const own = sceneFile('own.txt');
    expect(renderText(photo)).to.equal('');
    expect(renderText([photo, terms])).to.equal('');
    expect(renderMarkdown(photo)).to.equal('![jug.png](https://shop.example/jug.png)');
    expect(renderMarkdown([photo, terms, own])).to.equal(
      '![jug.png](https://shop.example/jug.png)\n[terms.pdf](https://shop.example/terms.pdf)\nown.txt',
    );
    expect(renderMarkdown({ ...terms, name: '' })).to.equal(
      '[https://shop.example/terms.pdf](https://shop.example/terms.pdf)',
    );
  });

  it('writes any JSON in every form, and objects so that they read back', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const copy: unknown = JSON.parse(JSON.stringify(value));
        const plain = isJson(copy) ? copy : null;
        expect(renderText(plain)).to.be.a('string');
        expect(renderPython(plain)).to.be.a('string');
        expect(renderMarkdown({ value: plain })).to.satisfy((text: string) => {
          expect(JSON.parse(text)).to.deep.equal({ value: plain });
          return true;
        });
        expect(JSON.parse(renderText({ value: plain }))).to.deep.equal({ value: plain });
      }),
    );
  });

  it('writes values of any depth', () => {
    let value: PlanValue = 'x';
    for (let depth = 0; depth < 20_000; depth += 1) value = depth % 2 === 0 ? [value] : { a: value };
    expect(renderText(value)).to.contain('...');
    expect(renderMarkdown(value)).to.contain('...');
  });
});
