import { cleanLine } from '../clean-text.ts';
import { attribute, isDropped, isElement, textOf } from '../html-tree.ts';
import type { HtmlElement, HtmlNode } from '../html-tree.ts';
import { plainWords } from '../text-runs.ts';
import { measureText } from './measure-text.ts';
import type { NotedQuestion } from './structured-data.ts';

const HEADINGS: ReadonlySet<string> = new Set('h1 h2 h3 h4 h5 h6 summary dt'.split(' '));
const BLOCKS: ReadonlySet<string> = new Set('p div span strong b label button'.split(' '));
const MAX_WORDS = 60;

/**
 * Makes headings of the elements that the page's own data calls questions: microdata's `Question`, and texts that are word for word a
 * question of its JSON-LD. What is a heading already, or a link, stays as it is.
 * @param root - The tree; changed.
 */
export function markQuestions(root: HtmlNode, questions: readonly NotedQuestion[]): void {
  const noted = new Set(questions.map(({ question }) => plainWords(question).join(' ')));
  const measure = measureText(root);
  const visit = (node: HtmlNode, isInQuestion: boolean): void => {
    if (!('childNodes' in node)) return;
    for (const child of node.childNodes) {
      if (!isElement(child) || isDropped(child) || HEADINGS.has(child.tagName)) continue;
      const type = attribute(child, 'itemtype') ?? '';
      const isQuestion = /schema\.org\/Question\b/.test(type) || (isInQuestion && type === '');
      const { words, linked } = measure(child);
      const canBe = BLOCKS.has(child.tagName) && words > 0 && words <= MAX_WORDS && linked === 0;
      const isName = isInQuestion && (attribute(child, 'itemprop') ?? '').split(' ').includes('name');
      if (canBe && (isName || (noted.size > 0 && noted.has(plainWords(textOf(child)).join(' '))))) {
        if (cleanLine(textOf(child)) !== '' && !holdsHeading(child)) {
          child.tagName = child.nodeName = 'h6';
          continue;
        }
      }
      visit(child, isQuestion);
    }
  };
  visit(root, false);
}

function holdsHeading(element: HtmlElement): boolean {
  return element.childNodes.some(
    (child) => isElement(child) && (HEADINGS.has(child.tagName) || holdsHeading(child)),
  );
}
