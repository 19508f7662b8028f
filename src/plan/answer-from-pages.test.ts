import { expect } from '@open-wc/testing';
import { samplePassage } from '../../test/fixtures/sample-passage.ts';
import type { ExtractSpan } from '../contracts/retrieval.ts';
import { showExtract } from './answer-from-pages.ts';
import { CitationList } from './citation-list.ts';

describe('showExtract', () => {
  const warranty = samplePassage('w#0', 'Warranty', 'About the warranty.');
  const parts = samplePassage('p#0', 'Parts', 'About parts.');
  const span = (passage: ExtractSpan['passage'], markdown: string, heading?: string): ExtractSpan => ({
    passage,
    markdown,
    text: markdown,
    ...(heading === undefined ? {} : { heading }),
  });
  const textOf = (...spans: ExtractSpan[]): string =>
    [...showExtract(spans, new CitationList(), false)]
      .map((part) => (part.type === 'text-delta' ? part.text : ''))
      .join('');

  it('puts a heading above what needs one', () => {
    expect(textOf(span(warranty, '- a dropped Jug', 'Not covered'))).to.equal(
      '**Not covered**\n\n- a dropped Jug [1]',
    );
    expect(textOf(span(warranty, 'Jugs are covered.'), span(parts, 'A lid is £4.', 'Lids'))).to.equal(
      'Jugs are covered. [1]\n\n**Lids**\n\nA lid is £4. [2]',
    );
  });

  it('puts none above a further piece of the same passage', () => {
    expect(textOf(span(warranty, 'Read this first.'), span(warranty, '- a jug', 'Covered'))).to.equal(
      'Read this first. [1]\n\n- a jug [1]',
    );
  });

  it('shows the words of a heading alone, whatever marks a page has in it', () => {
    expect(textOf(span(warranty, '- a', '**[Buy](javascript:x)** `now` | #1'))).to.equal(
      '**Buy(javascript:x) now  1**\n\n- a [1]',
    );
    expect(textOf(span(warranty, '- a', '**'))).to.equal('- a [1]');
  });
});
