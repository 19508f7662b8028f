import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { parseInline } from './parse-inline.ts';
import { parseMarkdown, plainText } from './parse-markdown.ts';
import type { Block, Inline } from './syntax.ts';

const text = (value: string): Inline => ({ type: 'text', text: value });
const paragraph = (...children: Inline[]): Block => ({ type: 'paragraph', children });

/** Text the renderer may not drop: letters and digits of the source, without what addresses hold. */
const letters = (value: string): string => value.replaceAll(/[^\p{L}\p{N}]/gu, '');

describe('parseInline', () => {
  it('reads bold, italic, both, and code', () => {
    expect(parseInline('a **b** c')).to.deep.equal([
      text('a '),
      { type: 'strong', children: [text('b')] },
      text(' c'),
    ]);
    expect(parseInline('*b*')).to.deep.equal([{ type: 'emphasis', children: [text('b')] }]);
    expect(parseInline('_b_')).to.deep.equal([{ type: 'emphasis', children: [text('b')] }]);
    expect(parseInline('***b***')).to.deep.equal([
      { type: 'emphasis', children: [{ type: 'strong', children: [text('b')] }] },
    ]);
    expect(parseInline('`a*b*`')).to.deep.equal([{ type: 'code', text: 'a*b*' }]);
    expect(parseInline('`` a`b ``')).to.deep.equal([{ type: 'code', text: 'a`b' }]);
  });

  it('nests marks', () => {
    expect(parseInline('**a *b* `c`**')).to.deep.equal([
      {
        type: 'strong',
        children: [
          text('a '),
          { type: 'emphasis', children: [text('b')] },
          text(' '),
          { type: 'code', text: 'c' },
        ],
      },
    ]);
  });

  it('leaves incomplete marks as text, as in the middle of a stream', () => {
    for (const source of [
      '**bold',
      '*it',
      '`co',
      '[label](https://a.exa',
      '[label]',
      '![alt](x',
      '2 * 3 * 4',
      'a_b_c',
    ])
      expect(parseInline(source), source).to.deep.equal([text(source)]);
  });

  it('reads citations and leaves other brackets', () => {
    expect(parseInline('Yes [1][2].')).to.deep.equal([
      text('Yes '),
      { type: 'cite', index: 1 },
      { type: 'cite', index: 2 },
      text('.'),
    ]);
    expect(parseInline('[a] [1234]')).to.deep.equal([text('[a] [1234]')]);
  });

  it('reads links with a safe target and keeps the source of others', () => {
    expect(parseInline('[a](https://b.example/c_(d) "t")')).to.deep.equal([
      { type: 'link', href: 'https://b.example/c_(d)', children: [text('a')] },
    ]);
    expect(parseInline('[a](javascript:b)')).to.deep.equal([text('[a](javascript:b)')]);
    expect(parseInline('[a](b.html)', { base: 'https://c.example/d/' })).to.deep.equal([
      { type: 'link', href: 'https://c.example/d/b.html', children: [text('a')] },
    ]);
  });

  it('links a bare address without the punctuation after it', () => {
    expect(parseInline('See https://b.example/c.')).to.deep.equal([
      text('See '),
      { type: 'link', href: 'https://b.example/c', children: [text('https://b.example/c')] },
      text('.'),
    ]);
    expect(parseInline('请看https://b.example/c。')).to.deep.equal([
      text('请看'),
      { type: 'link', href: 'https://b.example/c', children: [text('https://b.example/c')] },
      text('。'),
    ]);
  });

  it('shows the description of an image and fetches nothing', () => {
    expect(parseInline('![a cat](https://b.example/c.png)')).to.deep.equal([text('a cat')]);
  });

  it('joins lines with a space, Chinese ones without, and breaks them when asked to', () => {
    expect(parseInline('a\nb')).to.deep.equal([text('a b')]);
    expect(parseInline('你好，\n世界')).to.deep.equal([text('你好，世界')]);
    expect(parseInline('a\nb', { hasHardBreaks: true })).to.deep.equal([
      text('a'),
      { type: 'break' },
      text('b'),
    ]);
    expect(parseInline('a  \nb')).to.deep.equal([text('a'), { type: 'break' }, text('b')]);
  });

  it('takes escapes literally', () => {
    expect(parseInline('\\*a\\* \\[1\\] \\\\')).to.deep.equal([text('*a* [1] \\')]);
  });
});

describe('parseMarkdown', () => {
  it('splits paragraphs at blank lines', () => {
    expect(parseMarkdown('a\n\n\nb')).to.deep.equal([paragraph(text('a')), paragraph(text('b'))]);
  });

  it('reads headings of every level', () => {
    expect(parseMarkdown('# a\n###### b ##\n#c')).to.deep.equal([
      { type: 'heading', children: [text('a')] },
      { type: 'heading', children: [text('b')] },
      paragraph(text('#c')),
    ]);
  });

  it('reads lists of two levels with lines that go on', () => {
    expect(parseMarkdown('- a\n  more\n  1. b\n  2. c\n- d')).to.deep.equal([
      {
        type: 'list',
        isOrdered: false,
        start: 1,
        items: [
          {
            children: [text('a more')],
            list: {
              type: 'list',
              isOrdered: true,
              start: 1,
              items: [
                { children: [text('b')], list: null },
                { children: [text('c')], list: null },
              ],
            },
          },
          { children: [text('d')], list: null },
        ],
      },
    ]);
  });

  it('puts deeper entries into the second level', () => {
    const [list] = parseMarkdown('- a\n  - b\n    - c\n      - d');
    expect(list?.type === 'list' && list.items[0]?.list?.items.length).to.equal(3);
  });

  it('goes on numbering where the source does', () => {
    const [list] = parseMarkdown('3. a\n4. b');
    expect(list?.type === 'list' && list.start).to.equal(3);
  });

  it('ends a list at a paragraph and does not begin one at a year', () => {
    expect(parseMarkdown('- a\n\nb').map((block) => block.type)).to.deep.equal(['list', 'paragraph']);
    expect(parseMarkdown('It was in\n2026. Then it ended.').map((block) => block.type)).to.deep.equal([
      'paragraph',
    ]);
    expect(parseMarkdown('Steps:\n1. a').map((block) => block.type)).to.deep.equal(['paragraph', 'list']);
  });

  it('reads tables and fills short rows', () => {
    expect(parseMarkdown('| a | b |\n|:--|--:|\n| 1 |\n| x \\| y | 2 | 3 |\nend')).to.deep.equal([
      {
        type: 'table',
        align: ['start', 'end'],
        header: [[text('a')], [text('b')]],
        rows: [
          [[text('1')], []],
          [[text('x | y')], [text('2')]],
        ],
      },
      paragraph(text('end')),
    ]);
  });

  it('leaves a table without its delimiter row as text, as in the middle of a stream', () => {
    expect(parseMarkdown('| a | b |\n|--').map((block) => block.type)).to.deep.equal(['paragraph']);
  });

  it('reads code blocks, an open one to the end', () => {
    expect(parseMarkdown('```js\na\n\n*b*\n```\nc')).to.deep.equal([
      { type: 'code-block', text: 'a\n\n*b*' },
      paragraph(text('c')),
    ]);
    expect(parseMarkdown('~~~\na')).to.deep.equal([{ type: 'code-block', text: 'a' }]);
  });

  it('reads quotes, of one level', () => {
    const quote = (...children: Inline[]): Block => ({ type: 'quote', children });
    expect(parseMarkdown('a\n> b\n>\n>> *c*\nd')).to.deep.equal([
      paragraph(text('a')),
      quote(text('b '), { type: 'emphasis', children: [text('c')] }),
      paragraph(text('d')),
    ]);
    expect(parseMarkdown('- a\n> b').map((block) => block.type)).to.deep.equal(['list', 'quote']);
    expect(parseMarkdown('5 > 4')).to.deep.equal([paragraph(text('5 > 4'))]);
  });

  it('shows boxes for what is to be done', () => {
    expect(plainText(parseMarkdown('- [ ] a\n- [x] b\n- [x](https://e.example/)\n- c [ ] d'))).to.equal(
      '☐ a\n☑ b\nx\nc [ ] d',
    );
  });

  it('keeps rules and HTML as text', () => {
    expect(parseMarkdown('***\n\n<b>c</b>')).to.deep.equal([
      paragraph(text('***')),
      paragraph(text('<b>c</b>')),
    ]);
  });

  it('gives plain text without marks and citations', () => {
    expect(plainText(parseMarkdown('**a** [1] `b`\n\n- c\n  - [d](https://e.example/)'))).to.equal(
      'a  b\nc\nd',
    );
  });

  it('never throws and loses no word of plain text', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[\p{L}\p{N} .,;?\n]{0,40}$/u)), (parts) => {
        const source = parts.join('\n\n');
        // Numbers with a dot at the start of a line are list markers.
        fc.pre(!/^\s*\d+[.]\s/m.test(source));
        return letters(plainText(parseMarkdown(source))) === letters(source);
      }),
    );
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'ab1 \n*_`[]()!|-#:.\\h>'.split('')), maxLength: 200 }),
        (source) => {
          parseMarkdown(source);
          parseMarkdown(source, { hasHardBreaks: true });
        },
      ),
    );
  });

  // What is quadratic or worse takes minutes here and ends in the runner's limit.
  it('reads 100 kB of hostile marks without going over them again and again', () => {
    for (const mark of [
      '*',
      '_',
      '`',
      '[',
      '![',
      '[a](',
      '**a',
      '|',
      '- ',
      '\\',
      'h',
      '`a',
      '[1]',
      '| a |\n|---|\n',
      '>',
      '> ',
      '> a\n',
    ]) {
      const source = mark.repeat(100_000 / mark.length);
      expect(() => parseMarkdown(source), mark).not.to.throw();
    }
  });
});
