import { countWords } from '../count-words.ts';
import { attribute, isDropped, isElement } from '../html-tree.ts';
import type { HtmlElement, HtmlNode } from '../html-tree.ts';

/** How much a node says: the words in it that readers see, and those of them that stand in links. */
export interface TextMeasure {
  readonly words: number;
  readonly linked: number;
}

const NOTHING: TextMeasure = { words: 0, linked: 0 };

/** Measures all nodes of a tree at once; what is added or changed later counts nothing. */
export function measureText(root: HtmlNode): (node: HtmlNode) => TextMeasure {
  const known = new Map<HtmlNode, TextMeasure>();
  const measure = (node: HtmlNode, isLink: boolean, isHeading: boolean): TextMeasure => {
    let words = 0;
    let linked = 0;
    if (node.nodeName === '#text' && 'value' in node) {
      words = countWords(node.value);
      linked = isLink ? words : 0;
    } else if ('childNodes' in node && !(isElement(node) && isDropped(node))) {
      // Headings that lead to themselves are no links.
      const leads = isElement(node) && node.tagName === 'a' && !(isHeading && isJump(node));
      for (const child of node.childNodes) {
        const inner = measure(child, isLink || leads, isHeading || /^h[1-6]$/.test(node.nodeName));
        words += inner.words;
        linked += inner.linked;
      }
    }
    const found = { words, linked };
    known.set(node, found);
    return found;
  };
  measure(root, false, false);
  return (node) => known.get(node) ?? NOTHING;
}

/** Share of the words that stand in links, 0 to 1; 0 where there are none. */
export function linkShare({ words, linked }: TextMeasure): number {
  return words === 0 ? 0 : linked / words;
}

function isJump(link: HtmlElement): boolean {
  return (attribute(link, 'href') ?? '').startsWith('#');
}
