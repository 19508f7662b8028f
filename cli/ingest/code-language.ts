import { attribute, isElement } from './html-tree.ts';
import type { HtmlElement } from './html-tree.ts';

const NAMED = /(?:^|\s)(?:language|lang|highlight-source|highlight)-([\w+#.-]{1,20})(?=\s|$)/;

/** Language of a code block as highlighters note it: on the `pre`, the `code` in it, or the element around it; '' for none. */
export function codeLanguage(pre: HtmlElement): string {
  const inner = pre.childNodes.find((child) => isElement(child) && child.tagName === 'code');
  const parent = pre.parentNode;
  for (const element of [inner, pre, parent]) {
    if (element === undefined || element === null || !isElement(element)) continue;
    const named = NAMED.exec((attribute(element, 'class') ?? '').slice(0, 500))?.[1];
    const language = named ?? attribute(element, 'data-lang') ?? attribute(element, 'data-language') ?? '';
    if (/^[\w+#.-]{1,20}$/.test(language) && language !== 'none' && language !== 'default') return language;
  }
  return '';
}
