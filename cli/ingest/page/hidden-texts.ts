import { cleanLine } from '../clean-text.ts';
import { findInstructions } from '../find-instructions.ts';
import { isElement, isHidden, textOf } from '../html-tree.ts';
import type { HtmlNode } from '../html-tree.ts';

/** Hidden text of a page. */
export interface HiddenText {
  /** 1-based line. */
  readonly line: number | null;
  readonly text: string;
}

const UNSEEN: ReadonlySet<string> = new Set('script style noscript template svg math iframe'.split(' '));

/** The outermost hidden elements, without what no reader would see anyway, and comments that a person might have written. */
export function hiddenTexts(root: HtmlNode): HiddenText[] {
  const found: HiddenText[] = [];
  const visit = (node: HtmlNode): void => {
    const line = node.sourceCodeLocation?.startLine ?? null;
    if (node.nodeName === '#comment' && 'data' in node) {
      // Only orders are told of comments: every template is full of them.
      if (findInstructions(node.data).length > 0) found.push({ line, text: cleanLine(node.data) });
      return;
    }
    if (isElement(node) && UNSEEN.has(node.tagName)) return;
    if (isElement(node) && isHidden(node)) {
      const text = cleanLine(node.childNodes.map(textOf).join(''));
      if (text !== '') found.push({ line, text });
      return;
    }
    if ('childNodes' in node) node.childNodes.forEach(visit);
  };
  visit(root);
  return found;
}
