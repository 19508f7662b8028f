import { expect } from '@open-wc/testing';
import { markSnippet } from './mark-snippet.ts';
import { parseMarkdown } from './parse-markdown.ts';
import type { Block, Inline } from './syntax.ts';

function marked(blocks: readonly Block[] | null): string {
  const visit = (inlines: readonly Inline[]): string =>
    inlines
      .map((inline) => {
        if (inline.type === 'mark') return `<${inline.text}>`;
        if ('children' in inline) return visit(inline.children);
        return 'text' in inline ? inline.text : '';
      })
      .join('');
  return (blocks ?? [])
    .map((block) => {
      if (block.type === 'list') return block.items.map((item) => visit(item.children)).join('/');
      return 'children' in block ? visit(block.children) : '';
    })
    .join('/');
}

describe('markSnippet', () => {
  it('marks a snippet over bold words', () => {
    expect(
      marked(markSnippet(parseMarkdown('You have **30 days** to return it.'), '30 days to return')),
    ).to.equal('You have <30 days>< to return> it.');
  });

  it('does not mind white space and case', () => {
    expect(
      marked(markSnippet(parseMarkdown('Within thirty\ndays of delivery.'), 'within  Thirty days')),
    ).to.equal('<Within thirty days> of delivery.');
  });

  it('runs over list entries', () => {
    expect(marked(markSnippet(parseMarkdown('- keep the box\n- print it'), 'the box print'))).to.equal(
      'keep <the box>/<print> it',
    );
  });

  it('marks the sentences it finds when the snippet as a whole is not there', () => {
    const blocks = parseMarkdown('Keep the box. It rains. Print the label.');
    expect(marked(markSnippet(blocks, 'Keep the box. Print the label.'))).to.equal(
      '<Keep the box.> It rains. <Print the label.>',
    );
    expect(marked(markSnippet(parseMarkdown('保留原包装。请打印标签。'), '请打印标签。'))).to.equal(
      '保留原包装。<请打印标签。>',
    );
  });

  it('gives null when nothing is found', () => {
    expect(markSnippet(parseMarkdown('Keep the box.'), 'Something else entirely.')).to.equal(null);
    expect(markSnippet(parseMarkdown('Keep the box.'), '')).to.equal(null);
  });
});
