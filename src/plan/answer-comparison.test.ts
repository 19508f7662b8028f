import { expect } from '@open-wc/testing';
import { samplePassage } from '../../test/fixtures/sample-passage.ts';
import type { ComparedSide, Comparison, ExtractSpan } from '../contracts/retrieval.ts';
import { answerComparison } from './answer-comparison.ts';
import { CitationList } from './citation-list.ts';

const span = (id: string, text: string): ExtractSpan => ({
  passage: samplePassage(id, id, text),
  markdown: text,
  text,
});
const side = (name: string, ...spans: ExtractSpan[]): ComparedSide => ({ name, spans });

describe('answerComparison', () => {
  const textOf = (comparison: Comparison, language = 'en'): string =>
    [...answerComparison(comparison, new CitationList(), language)]
      .map((part) => (part.type === 'text-delta' ? part.text : ''))
      .join('');

  it('shows what tells of both with its citation', () => {
    const shared = [span('plans#0', 'Basic has 5 GB, Pro 50 GB.')];
    expect(textOf({ shared, sides: [side('Basic'), side('Pro')] })).to.equal(
      'Basic has 5 GB, Pro 50 GB. [1]',
    );
  });

  it('shows each side under its name, each with a citation of its own', () => {
    const sides = [side('Jug', span('jug#0', '2 years.')), side('Tap', span('tap#0', '5 years.'))] as const;
    expect(textOf({ shared: [], sides })).to.equal('**Jug**\n\n2 years. [1]\n\n**Tap**\n\n5 years. [2]');
  });

  it('begins with the side that nothing was found on', () => {
    const sides = [side('Jug', span('jug#0', '2 years.')), side('[Ket*tle](x)')] as const;
    expect(textOf({ shared: [], sides })).to.equal(
      'I could not find anything about this for “Kettle(x)” in our help pages. Of “Jug” they say:\n\n2 years. [1]',
    );
    expect(textOf({ shared: [], sides }, 'zh')).to.match(/^没有在帮助页面中找到/);
  });
});
