import { cleanLine } from '../clean-text.ts';
import { countWords } from '../count-words.ts';
import { attribute, find, isElement, textOf } from '../html-tree.ts';
import type { HtmlElement, HtmlNode } from '../html-tree.ts';

const LEAST_WORDS = 3;
const MOST_WORDS = 60;
/** Names of files, and of what a picture is and not of what it shows. */
const EMPTY =
  /\.(?:png|jpe?g|gif|svg|webp|avif|bmp)$|^(?:image|img|screen ?shot|picture|photo|figure|icon|logo|avatar|thumbnail)\b[\s\d_.:-]*(?:\d|at|of|$)|\blogo$|^https?:/i;

/** What the text in place of an image says, where it says something that stands in no caption; else ''. */
export function altText(image: HtmlElement): string {
  const element = image.tagName === 'img' ? image : find(image, (inner) => inner.tagName === 'img');
  if (element === null) return '';
  const alt = cleanLine((attribute(element, 'alt') ?? '').slice(0, 1_000)).replace(/[*_[\]`|<>]/g, '');
  const words = countWords(alt);
  if (words < LEAST_WORDS || words > MOST_WORDS || EMPTY.test(alt)) return '';
  if (attribute(element, 'role') === 'presentation') return '';
  return hasCaption(element) ? '' : alt;
}

function hasCaption(element: HtmlElement): boolean {
  let node: HtmlNode | null = element.parentNode;
  for (let up = 0; up < 4 && node !== null && isElement(node); up += 1) {
    if (node.tagName === 'figure') {
      const caption = find(node, (inner) => inner.tagName === 'figcaption');
      return caption !== null && cleanLine(textOf(caption)) !== '';
    }
    node = node.parentNode;
  }
  return false;
}
