import { posix } from 'node:path';
import type { Block, Section } from '../source-document.ts';
import { pageKey } from './sitemap.ts';

// A character of private use, which stands in no text: what a link leads to is only known when all pages are read.
const MARK = '\ue000';
const MARKS = /\ue000(\d{1,7})\ue000/g;

/** Keeps the targets of a page's links until the addresses of all pages are known. */
export interface HeldLinks {
  readonly hold: (href: string) => string;
  readonly targets: readonly string[];
}

/** Makes an empty {@link HeldLinks}. */
export function holdLinks(): HeldLinks {
  const targets: string[] = [];
  return { targets, hold: (href) => `${MARK}${targets.push(href) - 1}${MARK}` };
}

/** Writes the targets of held links into sections. */
export function releaseLinks(sections: readonly Section[], resolve: (target: number) => string): Section[] {
  const write = (text: string): string =>
    text.replace(MARKS, (_whole, number: string) => escapeTarget(resolve(Number(number))));
  return sections.map((section) => ({
    ...section,
    headings: section.headings.map(write),
    blocks: section.blocks.map((block): Block => ({
      ...block,
      markdown: write(block.markdown),
      parts: block.parts.map(write),
      head: write(block.head),
    })),
  }));
}

/** Where a page stands, for its links. */
export interface LinkPlace {
  /** Path of the file below the source. */
  readonly path: string;
  /** Address of the page; null: none. */
  readonly url: string | null;
  /** `<base href>`; null: none. */
  readonly base: string | null;
}

/**
 * Says where a link of a saved page leads on the site: to the address of the page that its file is, else to what it means from the
 * address of its own page. Without either it stays as it is.
 * @param addressOf - Address of the page saved under a key; null: none.
 */
export function resolveLink(
  href: string,
  place: LinkPlace,
  addressOf: (key: string) => string | null,
): string {
  if (/^[a-z][a-z0-9+.-]*:/i.test(href)) return href;
  if (href.startsWith('//')) return `https:${href}`;
  const [, path = '', tail = ''] = /^([^?#]*)(.*)$/s.exec(href) ?? [];
  if (path !== '') {
    const below = path.startsWith('/') ? path.slice(1) : posix.join(posix.dirname(place.path), path);
    const known = addressOf(pageKey(below));
    if (known !== null) return `${known.replace(/#.*$/s, '')}${/#.*$/s.exec(tail)?.[0] ?? ''}`;
  }
  return fromAddress(href, place);
}

const NOWHERE = 'https://nowhere.invalid';

function fromAddress(href: string, { url, base }: LinkPlace): string {
  const own = url === null ? null : url.startsWith('/') ? NOWHERE + url : url;
  const start =
    base === null ? own : URL.canParse(base, own ?? undefined) ? new URL(base, own ?? undefined).href : own;
  if (start === null || !/^https?:/i.test(start) || !URL.canParse(href, start)) return href;
  const found = new URL(href, start).href;
  return found.startsWith(`${NOWHERE}/`) ? found.slice(NOWHERE.length) : found;
}

function escapeTarget(target: string): string {
  return target.replace(/[\s<>()\\]/g, (sign) =>
    sign === '(' ? '%28' : sign === ')' ? '%29' : encodeURIComponent(sign),
  );
}
