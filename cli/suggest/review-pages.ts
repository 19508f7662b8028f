import type { Passage } from '../../src/contracts/passage.ts';
import { analyzeText } from '../../src/retrieval/analyze.ts';
import { normalizeText } from '../../src/text/normalize-text.ts';
import { countWords } from '../ingest/count-words.ts';
import { findDuplicates } from '../ingest/find-duplicates.ts';
import { pagesOf } from '../ingest/pages-of.ts';

/** Something about a page that makes it hard to find or to answer from. */
export interface PageRemark {
  readonly kind: 'thin' | 'duplicate' | 'empty-heading';
  readonly documentId: string;
  readonly what: string;
}

/** A page with fewer words answers little. */
const THIN_WORDS = 40;
/** Runs of words that two pages are compared by. */
const RUN = 6;
/** Share of the shorter page's runs that makes two pages say the same. */
const SAME_SHARE = 0.5;

/** A run in more pages than this is boilerplate. */
const MAX_HOLDERS = 12;

const EMPTY_HEADINGS = new Set(
  (
    'overview|introduction|intro|general|general information|information|more information|further information|details|other details|' +
    'other|others|misc|miscellaneous|notes|note|important|faq|faqs|summary|conclusion|about|background|content|contents|description|' +
    'good to know|tips|see also|related|read more|next steps|section|untitled|' +
    '概述|概览|简介|介绍|说明|其他|其它|更多|更多信息|详情|备注|注意|注意事项|提示|总结|相关|背景|常见问题|须知'
  ).split('|'),
);

/** Reviews pages: too short ones, ones that say the same, headings that say nothing of what stands under them. */
export function reviewPages(passages: readonly Passage[]): readonly PageRemark[] {
  const pages = pagesOf(passages);
  return [...findThin(pages), ...findSame(pages), ...findEmptyHeadings(passages)];
}

function findThin(pages: ReadonlyMap<string, readonly Passage[]>): readonly PageRemark[] {
  return [...pages].flatMap(([documentId, own]): PageRemark[] => {
    // The answer to one question may be short; a page may not.
    if (own.some(({ questions, title }) => questions.includes(title))) return [];
    const words = own.reduce((sum, { text }) => sum + countWords(text), 0);
    return words >= THIN_WORDS ? [] : [{ kind: 'thin', documentId, what: `${words} words in all` }];
  });
}

function findSame(pages: ReadonlyMap<string, readonly Passage[]>): readonly PageRemark[] {
  const texts = [...pages].map(([id, own]) => {
    return { id, language: own[0]?.language ?? '', text: own.map(({ text }) => text).join('\n') };
  });
  return findDuplicates(texts, {
    run: RUN,
    leastWords: RUN * 2,
    leastOfShorter: SAME_SHARE,
    mostSharers: MAX_HOLDERS,
  }).map(({ first, second, ofShorter }): PageRemark => {
    return {
      kind: 'duplicate',
      documentId: second,
      what: `${Math.round(100 * ofShorter)} % the same as ${first}`,
    };
  });
}

function findEmptyHeadings(passages: readonly Passage[]): readonly PageRemark[] {
  const seen = new Set<string>();
  return passages.flatMap(({ documentId, headings, language }): PageRemark[] => {
    const heading = headings.at(-1);
    if (heading === undefined || seen.has(`${documentId}\n${heading}`)) return [];
    seen.add(`${documentId}\n${heading}`);
    const bare = normalizeText(heading)
      .replace(/[:：.。!！?？]+$/u, '')
      .trim();
    const isShort = countWords(heading) <= 3;
    const isEmpty =
      EMPTY_HEADINGS.has(bare) ||
      (isShort && analyzeText(heading, language).every((term) => /^[\d.]+$/.test(term)));
    return isEmpty
      ? [{ kind: 'empty-heading', documentId, what: `"${heading}" says nothing of what stands under it` }]
      : [];
  });
}
