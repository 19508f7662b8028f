import { cleanLine } from '../clean-text.ts';
import { attribute, find, isElement, textOf } from '../html-tree.ts';
import type { HtmlElement, HtmlNode } from '../html-tree.ts';
import { elementNames } from './element-names.ts';
import { isFurnitureText, isNoticeText, isRelatedHeading, isSentence } from './furniture-texts.ts';
import { linkShare, measureText } from './measure-text.ts';
import type { TextMeasure } from './measure-text.ts';

/** Whole words of classes and ids. */
const named = (...names: readonly string[]): RegExp =>
  new RegExp(`(?:^|[ -])(?:${names.join('|')})(?:$|[ -])`);

/** Names of what is furniture where it has no sentence in it. */
const SMALL = named(
  'skip-(?:nav|navigation|link|links|content|to-[a-z]+)|bread-?crumbs?',
  'share|sharing|social|votes?|feedback|helpful|reactions?|reaction-picker|ratings?|more-questions',
  'toc|table-of-contents|on-this-page|pagination|pager|prev-next|next-prev|page-nav',
  'copyright|edit-(?:page|link|this-page)|back-to-top|scroll-top|copy-(?:button|link)|lineno|linenos|gutter',
  'last-updated|last-modified|article-meta|page-metadata|meta-data|byline|avatar|avatar-info|version-badge',
  'header-?link|hash-link|permalink|anchor-link|newsletter|subscribe|language-(?:switcher|selector|picker)',
  'attachments',
);
/** Names of what is furniture where it is links. */
const LINKED = named(
  'related(?:-[a-z]+)?|relatives|recent-articles|recently-viewed|recommendations?|read-next|see-also',
  'side-?bar|side-?nav|nav-?bar|nav|navigation|menu|top-?bar|sub-?nav|masthead|header',
  'footer|legal|search|promo|advert|ads?|top|page-section',
);
const NOTICE =
  /(?:^|[ -])(?:cookies?|cookie-?[a-z]*|[a-z]*consent|gdpr|ccpa|onetrust|privacy-(?:banner|notice|popup))(?:$|[ -])/;
/** A cookie notice is longer than other furniture, but no article. */
const NOTICE_WORDS = 150;
/** Furniture that is no menu is short. */
const MOST_WORDS = 60;
/** A label has fewer words. */
const LABEL_WORDS = 8;
/** A line that says nothing by itself. */
const LINE_WORDS = 16;
const BLOCKS: ReadonlySet<string> = new Set('p div span a li ul ol section label small footer td'.split(' '));
/** What marks an element as content, whatever its name. */
const CONTENT: ReadonlySet<string> = new Set('main article h1 pre table details dl'.split(' '));
const STRUCTURE: ReadonlySet<string> = new Set('html head body main'.split(' '));

/**
 * Takes out of a page what stands around its article: by the names of elements (never by a name alone: what has sentences, a
 * table or code in it stays), and by lines that say nothing, such as "Was this helpful?".
 * @param root - The tree; changed.
 */
export function removeFurniture(root: HtmlNode): void {
  const measure = measureText(root);
  const total = measure(root).words;
  const visit = (node: HtmlNode, isInHeading: boolean): void => {
    if (!('childNodes' in node)) return;
    const kept: (typeof node.childNodes)[number][] = [];
    for (const child of node.childNodes) {
      if (!isElement(child)) kept.push(child);
      else if (isFurniture(child, measure(child), total, labelAtEnd(kept), isInHeading)) {
        // A heading over what is taken out would stand over what follows.
        const label = labelAtEnd(kept);
        if (label !== null && isRelatedHeading(cleanLine(textOf(label))))
          kept.splice(kept.lastIndexOf(label));
        child.parentNode = null;
      } else {
        kept.push(child);
        visit(child, isInHeading || /^h[1-6]$/.test(child.tagName));
      }
    }
    node.childNodes = kept;
  };
  visit(root, false);
}

/** The heading or short line that nodes end with; null when they end with anything else. */
function labelAtEnd(nodes: readonly HtmlNode[]): HtmlElement | null {
  for (let at = nodes.length - 1; at >= 0; at -= 1) {
    const last = nodes[at];
    if (last === undefined) return null;
    if (isElement(last)) return /^(?:h[2-6]|p|div|span|strong|label)$/.test(last.tagName) ? last : null;
    if (!('value' in last) || last.value.trim() !== '') return null;
  }
  return null;
}

function isFurniture(
  element: HtmlElement,
  measure: TextMeasure,
  total: number,
  label: HtmlElement | null,
  isInHeading: boolean,
): boolean {
  const { words, linked } = measure;
  // What holds nearly the whole page is its frame, whatever it is called.
  if (words === 0 || STRUCTURE.has(element.tagName) || words > total * 0.9) return false;
  const names = elementNames(element);
  if (NOTICE.test(names) && words <= NOTICE_WORDS && words < total / 2 && isNoticeText(textOf(element)))
    return !holdsContent(element);
  if (isPermalink(element, words)) return true;
  if (isInHeading) return false;
  if (words <= LINE_WORDS && BLOCKS.has(element.tagName) && isFurnitureText(cleanLine(textOf(element))))
    return true;
  const isLinks = linkShare(measure) >= 0.5;
  if (linked > 1 && (isJumpList(element, measure) || isRelatedList(measure, label))) return true;
  const isNamed = LINKED.test(names) ? isLinks || words <= LABEL_WORDS : SMALL.test(names);
  if (!isNamed || holdsContent(element)) return false;
  return (isLinks ? words - linked <= MOST_WORDS : words <= MOST_WORDS) && !saysSomething(element);
}

/** The mark behind a heading that links to itself. */
function isPermalink(element: HtmlElement, words: number): boolean {
  return (
    element.tagName === 'a' &&
    words <= 1 &&
    (attribute(element, 'href') ?? '').includes('#') &&
    /^[¶#§🔗\u200b\s]*$/u.test(textOf(element))
  );
}

/** A table of contents: every link jumps within the page. */
function isJumpList(element: HtmlElement, measure: TextMeasure): boolean {
  if (!/^(?:ul|ol|div|nav)$/.test(element.tagName) || measure.words - measure.linked > LABEL_WORDS)
    return false;
  const links = linksIn(element);
  const label = cleanLine(textBesideLinks(element));
  if (label !== '' && !isRelatedHeading(label)) return false;
  return links.length > 1 && links.every((link) => (attribute(link, 'href') ?? '').startsWith('#'));
}

/** Links under a heading such as "Related articles". */
function isRelatedList(measure: TextMeasure, label: HtmlElement | null): boolean {
  if (linkShare(measure) < 0.9 || measure.linked < 2 || label === null) return false;
  return isRelatedHeading(cleanLine(textOf(label)));
}

/** The text of an element outside of its links. */
function textBesideLinks(node: HtmlNode): string {
  if ('value' in node) return node.value;
  if (!('childNodes' in node) || node.nodeName === 'a') return ' ';
  return node.childNodes.map(textBesideLinks).join('');
}

function linksIn(element: HtmlElement): HtmlElement[] {
  const links: HtmlElement[] = [];
  const visit = (node: HtmlNode): void => {
    if (/^h[1-6]$/.test(node.nodeName)) return;
    if (isElement(node) && node.tagName === 'a') links.push(node);
    if ('childNodes' in node) node.childNodes.forEach(visit);
  };
  visit(element);
  return links;
}

function holdsContent(element: HtmlElement): boolean {
  return find(element, (inner) => CONTENT.has(inner.tagName)) !== null;
}

/** A sentence outside of links: furniture has labels, questions and the owner's rights. */
function saysSomething(element: HtmlElement): boolean {
  const outside = (node: HtmlNode): string => {
    if (node.nodeName === '#text' && 'value' in node) return node.value;
    if (!('childNodes' in node) || (isElement(node) && node.tagName === 'a')) return ' ';
    return isElement(node) && node.tagName !== 'span'
      ? `\n${node.childNodes.map(outside).join('')}\n`
      : node.childNodes.map(outside).join('');
  };
  return outside(element)
    .split('\n')
    .map(cleanLine)
    .some((line) => isSentence(line) && !isNoticeText(line));
}
