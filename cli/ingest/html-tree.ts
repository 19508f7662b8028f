import type { DefaultTreeAdapterTypes } from 'parse5';
import { backgroundIn, hidesText } from './hidden-style.ts';

/** A node of a parsed page. */
export type HtmlNode = DefaultTreeAdapterTypes.Node;
/** An element of a parsed page. */
export type HtmlElement = DefaultTreeAdapterTypes.Element;

/** Deepest nesting that is kept; real pages stay far below, and recursion stays safe. */
const MAX_DEPTH = 300;

/** Elements that are left out with all in them. */
export const DROPPED: ReadonlySet<string> = new Set(
  (
    'script style noscript template svg math nav header footer aside form button select textarea input iframe object embed ' +
    'canvas audio video picture img dialog head menu link meta base map frameset'
  ).split(' '),
);
const DROPPED_ROLES = new Set([
  'navigation',
  'banner',
  'contentinfo',
  'search',
  'complementary',
  'dialog',
  'alert',
]);
const BLOCKS: ReadonlySet<string> = new Set(
  'p div section article main ul ol li dl dt dd table caption tbody tr td th blockquote figure'.split(' '),
);

/** Reports whether an element and all in it is left out: navigation, forms, media, scripts, hidden parts. */
export function isDropped(element: HtmlElement): boolean {
  return (
    DROPPED.has(element.tagName) || isHidden(element) || DROPPED_ROLES.has(attribute(element, 'role') ?? '')
  );
}

/** Reports whether an element is hidden from readers by its own attributes. */
export function isHidden(element: HtmlElement): boolean {
  const hidden = attribute(element, 'hidden');
  // Browsers show it when a visitor searches the page: panels that fold are written so.
  if (hidden !== null && hidden.toLowerCase() !== 'until-found') return true;
  if (attribute(element, 'aria-hidden') === 'true') return true;
  const style = attribute(element, 'style');
  return style !== null && hidesText(style, () => backgroundOf(element));
}

/** The nearest background color that an element or one around it sets itself; null: none does. */
function backgroundOf(element: HtmlElement): string | null {
  for (let node: HtmlElement | null = element; node !== null; node = parentOf(node)) {
    const own = backgroundIn(attribute(node, 'style') ?? '') ?? attribute(node, 'bgcolor');
    if (own !== null) return own;
  }
  return null;
}

function parentOf(element: HtmlElement): HtmlElement | null {
  const parent = element.parentNode;
  return parent !== null && isElement(parent) ? parent : null;
}

/** Reports whether a node is an element. */
export function isElement(node: HtmlNode): node is HtmlElement {
  return 'tagName' in node;
}

/** The value of an attribute; null when it is missing. */
export function attribute(element: HtmlElement, name: string): string | null {
  return element.attrs.find((attr) => attr.name === name)?.value ?? null;
}

/** The text of a node without what is left out. */
export function textOf(node: HtmlNode): string {
  if (node.nodeName === '#text' && 'value' in node) return node.value;
  if (isElement(node) && (DROPPED.has(node.tagName) || isHidden(node))) return '';
  if (isElement(node) && node.tagName === 'br') return '\n';
  const text = 'childNodes' in node ? node.childNodes.map(textOf).join('') : '';
  // Blocks inside code or a heading are no words of one another.
  return isElement(node) && BLOCKS.has(node.tagName) ? `\n${text}\n` : text;
}

/** The first element in document order that passes the test; null when none does. */
export function find(node: HtmlNode, test: (element: HtmlElement) => boolean): HtmlElement | null {
  if (isElement(node) && test(node)) return node;
  if (!('childNodes' in node)) return null;
  for (const child of node.childNodes) {
    const found = find(child, test);
    if (found !== null) return found;
  }
  return null;
}

/** Shows every element below a node, in document order. */
export function walk(node: HtmlNode, see: (element: HtmlElement) => void): void {
  if (!('childNodes' in node)) return;
  for (const child of node.childNodes) {
    if (isElement(child)) see(child);
    walk(child, see);
  }
}

/** Replaces what is nested too deeply by its text, so that no page can overflow the stack. Works without recursion. */
export function flattenDeepNodes(root: HtmlNode): void {
  const open: { node: HtmlNode; depth: number }[] = [{ node: root, depth: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, depth } = next;
    if (!('childNodes' in node)) continue;
    if (depth < MAX_DEPTH) {
      for (const child of node.childNodes) open.push({ node: child, depth: depth + 1 });
      continue;
    }
    const value = deepText(node);
    node.childNodes = [{ nodeName: '#text', value, parentNode: node }];
  }
}

function deepText(root: HtmlNode): string {
  const texts: string[] = [];
  const open: HtmlNode[] = [root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node.nodeName === '#text' && 'value' in node) texts.push(node.value);
    if ('childNodes' in node && !(isElement(node) && isDropped(node)))
      open.push(...node.childNodes.toReversed());
  }
  return texts.join(' ');
}
