import { attribute, find, isElement, textOf, walk } from '../html-tree.ts';
import type { HtmlElement, HtmlNode } from '../html-tree.ts';
import { elementNames } from './element-names.ts';
import { measureText } from './measure-text.ts';

const HEADING = /^h[1-6]$/;
const NOTE =
  /(?:^|[ -])(?:notes?|tips?|warning|caution|danger|important|info|admonition|callout|hint|alert)(?:$|[ -])/;
const COOKIES = /cookie|consent/i;
/** Where a `header` belongs to an article and not to the site. */
const ARTICLES: ReadonlySet<string> = new Set(['main', 'article']);

/**
 * Renames elements whose names say that they are left out, but which are content where they stand: panels that a button
 * unfolds, the button that is a question, the head of an article, notes in an `aside`, and a form around a whole page.
 * @param root - The tree; changed.
 */
export function showFolded(root: HtmlNode): void {
  const measure = measureText(root);
  const total = measure(root).words;
  const panels = new Map<string, HtmlElement>();
  const buttons: { readonly button: HtmlElement; readonly panel: string; readonly isInHeading: boolean }[] =
    [];
  const visit = (node: HtmlNode, isInArticle: boolean, isInHeading: boolean): void => {
    if (!('childNodes' in node)) return;
    for (const child of node.childNodes) {
      if (!isElement(child)) continue;
      const { tagName } = child;
      const id = attribute(child, 'id');
      if (id !== null && id !== '') panels.set(id, child);
      const isHeading = isInHeading || HEADING.test(tagName) || tagName === 'summary' || tagName === 'dt';
      if (isButton(child)) {
        const panel = attribute(child, 'aria-controls');
        const isFolding = attribute(child, 'aria-expanded') !== null && panel !== null;
        if (isFolding) buttons.push({ button: child, panel, isInHeading: isHeading });
        else if (isHeading && tagName === 'button') rename(child, 'span');
      } else if (isContent(child, isInArticle)) {
        rename(child, 'div');
        child.attrs = child.attrs.filter(({ name }) => name !== 'role');
      } else if (tagName === 'form' && holdsPage(child, measure(child).words, total)) rename(child, 'div');
      const isArticle = isInArticle || ARTICLES.has(tagName) || attribute(child, 'role') === 'main';
      visit(child, isArticle, isHeading);
    }
  };
  visit(root, false, false);
  for (const { button, panel, isInHeading } of buttons) {
    const target = panels.get(panel);
    // Menus are unfolded by buttons too.
    if (target === undefined || target.tagName === 'nav' || /nav|menu|search|toc/.test(elementNames(target)))
      continue;
    if (/nav|menu|search/.test(elementNames(button)) || textOf({ ...button, tagName: 'span' }).trim() === '')
      continue;
    target.attrs = target.attrs.filter(({ name }) => !/^(?:hidden|aria-hidden|style)$/.test(name));
    if (target.tagName === 'dialog') continue;
    rename(button, isInHeading ? 'span' : 'h6');
  }
}

function isButton(element: HtmlElement): boolean {
  return element.tagName === 'button' || attribute(element, 'role') === 'button';
}

function isContent(element: HtmlElement, isInArticle: boolean): boolean {
  const role = attribute(element, 'role');
  if (element.tagName === 'header') return isInArticle && role === null;
  const names = elementNames(element);
  const isNote = NOTE.test(names) || role === 'note';
  if (element.tagName === 'aside') return isInArticle && isNote;
  return isInArticle && role === 'alert' && isNote && !COOKIES.test(names);
}

/** Old servers write one form around the whole page. */
function holdsPage(form: HtmlElement, words: number, total: number): boolean {
  if (find(form, (element) => element.tagName === 'main' || element.tagName === 'h1') !== null) return true;
  let fields = 0;
  walk(form, ({ tagName }) => {
    if (tagName === 'input' || tagName === 'textarea' || tagName === 'select') fields += 1;
  });
  return words > total / 2 && words > fields * 20;
}

function rename(element: HtmlElement, tagName: string): void {
  element.tagName = tagName;
  element.nodeName = tagName;
}
