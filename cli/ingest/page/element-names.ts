import { attribute } from '../html-tree.ts';
import type { HtmlElement } from '../html-tree.ts';

/** Longest class or id that is looked at. */
const MAX_CHARACTERS = 500;

/**
 * What an element is called by class, id and `data-testid`, in one line: words in lower case with `-` between
 * them, whatever the style (`articleVotes`, `article__votes` and `article-votes` are one), names apart by blanks.
 */
export function elementNames(element: HtmlElement): string {
  return ['class', 'id', 'data-testid']
    .map((name) => (attribute(element, name) ?? '').slice(0, MAX_CHARACTERS))
    .join(' ')
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/[_-]+/g, '-')
    .toLowerCase();
}
