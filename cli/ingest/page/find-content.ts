import { attribute, find, isElement, isHidden, walk } from '../html-tree.ts';
import type { HtmlElement, HtmlNode } from '../html-tree.ts';
import { findPlace } from './find-place.ts';
import { measureText } from './measure-text.ts';

/**
 * Finds the element that holds what a page is about: `main`, else the only `article` or `articleBody`, else the place in which its text
 * stands. Null where there is no body.
 * @param isWhole - Whether this is a page with its head and body, and not a piece of one, which has nothing around it.
 */
export function findContent(document: HtmlNode, isWhole: boolean): HtmlElement | null {
  const body = find(document, (element) => element.tagName === 'body');
  return (
    largest(document, (element) => element.tagName === 'main' || attribute(element, 'role') === 'main') ??
    only(document, (element) => element.tagName === 'article') ??
    only(document, (element) => attribute(element, 'itemprop') === 'articleBody') ??
    (isWhole && body !== null ? findPlace(body) : null) ??
    body
  );
}

function largest(node: HtmlNode, test: (element: HtmlElement) => boolean): HtmlElement | null {
  const found = collect(node, test);
  if (found.length < 2) return found[0] ?? null;
  const measure = measureText(node);
  return found.reduce((best, one) => (measure(one).words > measure(best).words ? one : best));
}

function only(node: HtmlNode, test: (element: HtmlElement) => boolean): HtmlElement | null {
  const found = collect(node, test);
  return found.length === 1 ? (found[0] ?? null) : null;
}

function collect(node: HtmlNode, test: (element: HtmlElement) => boolean): HtmlElement[] {
  const found: HtmlElement[] = [];
  walk(node, (element) => {
    if (isElement(element) && !isHidden(element) && test(element)) found.push(element);
  });
  return found;
}
