import { parse } from 'parse5';
import { attribute, flattenDeepNodes, walk } from '../html-tree.ts';

/** Most links of one page that are looked at. */
const MAX_LINKS = 5_000;
const MAX_HREF = 2_048;
/** Files that are no pages; what is not known by its name is known by its content type. */
const NO_PAGE =
  /\.(?:avif|bmp|css|csv|docx?|exe|dmg|gif|gz|ico|jpe?g|js|json|map|mjs|mov|mp[34]|og[gv]|png|pptx?|rar|rss|svg|tar|tgz|tiff?|wasm|wav|webm|webp|woff2?|xlsx?|xml|zip|7z)$/i;

/**
 * Finds what a page leads to, in the order in which it says so: `a` and `area`, but those that it asks not to follow, and what is a
 * picture or another file by its name.
 * @param address - Where the page stands.
 * @returns Absolute addresses, each once.
 */
export function pageLinks(html: string, address: string): readonly string[] {
  const document = parse(html);
  flattenDeepNodes(document);
  let base = address;
  let hasBase = false;
  const wishes: string[] = [];
  const hrefs: string[] = [];
  walk(document, (element) => {
    const { tagName } = element;
    const href = attribute(element, 'href') ?? '';
    if (tagName === 'base' && !hasBase && href.length <= MAX_HREF && URL.canParse(href, address)) {
      base = new URL(href, address).href;
      hasBase = true;
    } else if (tagName === 'meta' && (attribute(element, 'name') ?? '').toLowerCase() === 'robots')
      wishes.push(attribute(element, 'content') ?? '');
    if (tagName !== 'a' && tagName !== 'area') return;
    if (href === '' || href.startsWith('#') || href.length > MAX_HREF || hrefs.length >= MAX_LINKS) return;
    if (!/\bnofollow\b/i.test(attribute(element, 'rel') ?? '')) hrefs.push(href);
  });
  if (wishes.some((wish) => /\b(?:nofollow|none)\b/i.test(wish))) return [];
  const found = new Set<string>();
  for (const href of hrefs) {
    if (!URL.canParse(href, base)) continue;
    const url = new URL(href, base);
    url.hash = '';
    if (!NO_PAGE.test(url.pathname)) found.add(url.href);
  }
  return [...found];
}
