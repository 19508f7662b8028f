import { decodeEntities } from './entities.ts';

const HIDDEN = /<(script|style|head|template|noscript)\b[\s\S]*?<\/\1\s*>/gi;
const BLOCK_ENDS =
  /<(?:br|hr)\b[^>]*>|<\/(?:p|div|section|article|header|footer|h[1-6]|li|ul|ol|dl|dt|dd|table|tr|blockquote|pre|figure|figcaption|body|title)\s*>/gi;

/** The words of HTML, a line for each block; for chapters and mails, which are simple. */
export function htmlText(html: string): string {
  const text = html
    .replace(/<!--[\s\S]*?-->/g, '')
    .replace(HIDDEN, '')
    .replace(/\s+/g, ' ')
    .replace(BLOCK_ENDS, '\n')
    .replace(/<\/t[dh]\s*>/gi, ' ')
    .replace(/<[^>]*>/g, '');
  return decodeEntities(text)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('\n');
}
