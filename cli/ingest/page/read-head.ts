import { html as namespaces } from 'parse5';
import { cleanLine } from '../clean-text.ts';
import { attribute, find, textOf, walk } from '../html-tree.ts';
import type { HtmlElement, HtmlNode } from '../html-tree.ts';

/** What a page says of itself outside of its content. */
export interface PageHead {
  /** Of `<title>`; null when there is none. */
  readonly title: string | null;
  readonly language: string | null;
  /** Canonical address as it is written, else that of `og:url`. */
  readonly url: string | null;
  /** Address that relative links start from; null: that of the page. */
  readonly base: string | null;
  /** Asks search engines to leave it out. */
  readonly isNoIndex: boolean;
  /** Where the page sends its readers at once; null: nowhere. */
  readonly refresh: string | null;
  /** When it was last changed, as it is written. */
  readonly modified: string | null;
}

/** Longest address that is kept. */
const MAX_ADDRESS = 2_000;

/** Reads the head of a page. Of several entries of one kind the first counts. */
export function readHead(document: HtmlNode): PageHead {
  const metas = new Map<string, string>();
  const links: HtmlElement[] = [];
  let base: string | null = null;
  walk(document, (element) => {
    const { tagName } = element;
    if (tagName === 'meta') {
      const name =
        attribute(element, 'name') ?? attribute(element, 'property') ?? attribute(element, 'http-equiv');
      const key = name?.trim().toLowerCase();
      if (key !== undefined && !metas.has(key)) metas.set(key, attribute(element, 'content') ?? '');
    } else if (tagName === 'link') links.push(element);
    else if (tagName === 'base') base ??= attribute(element, 'href');
  });
  const title = find(
    document,
    (element) => element.tagName === 'title' && element.namespaceURI === namespaces.NS.HTML,
  );
  const canonical = links.find((link) => relOf(link).includes('canonical'));
  const written = (canonical === undefined ? null : attribute(canonical, 'href')) ?? metas.get('og:url');
  const url = written === undefined || written.length > MAX_ADDRESS ? null : written.trim();
  const siteTitle = title === null ? '' : cleanLine(textOf(title));
  return {
    title: siteTitle === '' ? null : siteTitle,
    language: languageOf(document, links, url, metas),
    url: url === '' ? null : url,
    base,
    isNoIndex: /\b(?:noindex|none)\b/i.test(metas.get('robots') ?? metas.get('googlebot') ?? ''),
    refresh: refreshOf(metas.get('refresh')),
    modified: metas.get('article:modified_time') ?? metas.get('last-modified') ?? null,
  };
}

function relOf(link: HtmlElement): readonly string[] {
  return (attribute(link, 'rel') ?? '').toLowerCase().split(/\s+/);
}

/** `lang`; else what the page calls itself among its translations; else what its metas say. */
function languageOf(
  document: HtmlNode,
  links: readonly HtmlElement[],
  url: string | null,
  metas: ReadonlyMap<string, string>,
): string | null {
  const root = find(document, (element) => element.tagName === 'html');
  const own = links.find(
    (link) => relOf(link).includes('alternate') && url !== null && attribute(link, 'href') === url,
  );
  const found = [
    root === null ? null : (attribute(root, 'lang') ?? attribute(root, 'xml:lang')),
    own === undefined ? null : attribute(own, 'hreflang'),
    metas.get('content-language'),
    metas.get('og:locale'),
  ].find((value) => value !== null && value !== undefined && /^[a-z]{2,3}(?:[-_]|$)/i.test(value.trim()));
  return found?.trim() ?? null;
}

/** `0; url=…` with at most ten seconds; later ones only reload. */
function refreshOf(content: string | undefined): string | null {
  const found = /^\s*(\d{1,6})[^;,]{0,10}[;,]\s*(?:url\s*=\s*)?["']?([^"'\s]{1,2000})/i.exec(content ?? '');
  return found?.[2] !== undefined && Number(found[1]) <= 10 ? found[2] : null;
}
