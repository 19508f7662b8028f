import { isDropped, isElement } from '../html-tree.ts';
import type { HtmlElement, HtmlNode } from '../html-tree.ts';
import { cleanLine } from '../clean-text.ts';
import { countWords } from '../count-words.ts';
import { isNoticeText, isSentence } from './furniture-texts.ts';
import { linkShare, measureText } from './measure-text.ts';
import type { TextMeasure } from './measure-text.ts';

/** Lines with fewer words may be labels, unless they are sentences. */
const PARAGRAPH_WORDS = 12;
/** Share of what a page says outside of links that its content holds at least. */
const LEAST_SHARE = 0.8;
const TEXT: ReadonlySet<string> = new Set('p div section td span font center'.split(' '));
const STRUCTURE: ReadonlySet<string> = new Set('h1 pre table ol ul dl details blockquote'.split(' '));

/**
 * Finds the element of a page without semantic marks in which its content stands: the innermost one around its first heading and all
 * paragraphs, lists, tables and code that are no links and no notices, and around four fifths of what the page says.
 *
 * It loses less than Readability, which drops short lists, tables and code; see docs/decisions.
 * @param body - Without furniture.
 */
export function findPlace(body: HtmlElement): HtmlElement {
  const measure = measureText(body);
  const said = measureSaid(body);
  const marks: HtmlElement[] = [];
  const visit = (node: HtmlElement): void => {
    for (const child of node.childNodes) {
      if (!isElement(child) || isDropped(child)) continue;
      if (isContent(child, measure, said)) marks.push(child);
      else visit(child);
    }
  };
  visit(body);
  let place = commonAncestor(marks) ?? body;
  while (place !== body && (said(place) < LEAST_SHARE * said(body) || marks.includes(place))) {
    const { parentNode } = place;
    if (parentNode === null || !isElement(parentNode)) return body;
    place = parentNode;
  }
  return place;
}

/** Counts the words of nodes that stand in no link and no notice. */
function measureSaid(root: HtmlNode): (node: HtmlNode) => number {
  const known = new Map<HtmlNode, number>();
  const count = (node: HtmlNode): number => {
    let words = 0;
    if (node.nodeName === '#text' && 'value' in node) {
      words = node.value.trim() === '' || isNoticeText(node.value) ? 0 : countWords(node.value);
    } else if ('childNodes' in node && !(isElement(node) && (node.tagName === 'a' || isDropped(node))))
      for (const child of node.childNodes) words += count(child);
    known.set(node, words);
    return words;
  };
  count(root);
  return (node) => known.get(node) ?? 0;
}

function isContent(
  element: HtmlElement,
  measure: (node: HtmlNode) => TextMeasure,
  said: (node: HtmlNode) => number,
): boolean {
  if (linkShare(measure(element)) >= 0.5 || said(element) === 0) return false;
  if (STRUCTURE.has(element.tagName)) return true;
  if (!TEXT.has(element.tagName)) return false;
  // The words of the element itself; those of blocks in it are looked at there.
  const own = element.childNodes.filter(
    (child) => !isElement(child) || !(TEXT.has(child.tagName) || STRUCTURE.has(child.tagName)),
  );
  const words = own.reduce((sum, child) => sum + said(child), 0);
  if (words >= PARAGRAPH_WORDS) return true;
  return words > 0 && own.some((child) => 'value' in child && isSentence(cleanLine(child.value)));
}

/** The innermost element around all of them; null for none. */
function commonAncestor(elements: readonly HtmlElement[]): HtmlElement | null {
  let common: readonly HtmlElement[] | null = null;
  for (const element of elements) {
    const path = pathTo(element);
    const known: readonly HtmlElement[] = common ?? path;
    const end = known.findIndex((one, at) => path[at] !== one);
    common = end < 0 ? known : known.slice(0, end);
  }
  return common?.at(-1) ?? null;
}

function pathTo(element: HtmlElement): readonly HtmlElement[] {
  const path: HtmlElement[] = [];
  for (let node: HtmlNode | null = element; node !== null && isElement(node); node = node.parentNode)
    path.push(node);
  return path.reverse();
}
