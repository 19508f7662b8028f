import { posix } from 'node:path';
import { decodeEntities } from '../../../src/plan/document/entities.ts';

/** A page as a sitemap lists it. */
export interface SitemapEntry {
  /** Absolute address. */
  readonly url: string;
  /** Date of the last change, `YYYY-MM-DD` or a part of it; null: not told. */
  readonly lastModified: string | null;
}

/** Most entries of one sitemap by sitemaps.org. */
const MAX_ENTRIES = 50_000;
const MAX_ADDRESS = 2_048;

/**
 * Reads a sitemap, or an index of sitemaps, whose entries are then other sitemaps (sitemaps.org, version 0.9). Reads in one pass, whatever
 * the file is: what is not well-formed is left out, entities of a document type are not expanded.
 */
export function readSitemap(xml: string): readonly SitemapEntry[] {
  const entries: SitemapEntry[] = [];
  const text = withoutComments(xml);
  for (const entry of elementsOf(text, isSitemapIndex(xml) ? 'sitemap' : 'url')) {
    const [loc = ''] = elementsOf(entry, 'loc');
    const [date = ''] = elementsOf(entry, 'lastmod');
    const url = textOf(loc);
    if (url.length > MAX_ADDRESS || !/^https?:\/\//i.test(url) || !URL.canParse(url)) continue;
    entries.push({ url, lastModified: /^\d{4}(?:-\d\d(?:-\d\d)?)?/.exec(textOf(date))?.[0] ?? null });
    if (entries.length >= MAX_ENTRIES) break;
  }
  return entries;
}

/** Reports whether the entries of a sitemap are other sitemaps. */
export function isSitemapIndex(xml: string): boolean {
  return xml.includes('<sitemapindex');
}

/** Finds the entry of a page of a saved site by its path. */
export type SitemapLookup = (path: string) => SitemapEntry | null;

/**
 * Makes the look-up of entries by the path of the file in which a page was saved: `/help/returns` was saved as `help/returns.html` or
 * `help/returns/index.html`, perhaps below a folder named after the host, and perhaps without the folders above.
 */
export function openSitemap(entries: readonly SitemapEntry[]): SitemapLookup {
  const byKey = new Map<string, SitemapEntry | null>();
  const byName = new Map<string, string[]>();
  for (const entry of entries) {
    const key = pageKey(new URL(entry.url).pathname);
    // Two addresses that differ in their query only are not told apart by a path.
    byKey.set(key, byKey.has(key) ? null : entry);
    const name = posix.basename(key);
    const keys = byName.get(name) ?? [];
    if (keys.length < 100) keys.push(key);
    byName.set(name, keys);
  }
  return (path) => {
    const key = pageKey(path);
    const below = key.includes('/') ? key.slice(key.indexOf('/') + 1) : null;
    const exact = byKey.get(key) ?? (below === null ? undefined : byKey.get(below));
    if (exact !== undefined || key === '') return exact ?? null;
    const near = new Set(
      (byName.get(posix.basename(key)) ?? []).filter(
        (one) => one.endsWith(`/${key}`) || key.endsWith(`/${one}`),
      ),
    );
    const [only] = near;
    return near.size === 1 && only !== undefined ? (byKey.get(only) ?? null) : null;
  };
}

/** What the path of a page and that of its file have in common: no extension, no `index`, no slashes at the ends. */
export function pageKey(path: string): string {
  let decoded = path;
  try {
    decoded = decodeURIComponent(path);
  } catch (error) {
    // decodeURIComponent: a lone percent sign.
    if (!(error instanceof URIError)) throw error;
  }
  return decoded
    .replace(/\.(?:html?|php|aspx?|jsp)$/i, '')
    .replace(/(?:^|\/)index$/i, '')
    .replace(/^\/+/, '')
    .replace(/\/+$/, '');
}

function* elementsOf(text: string, name: string): Generator<string> {
  const [open, close] = [`<${name}`, `</${name}>`];
  for (let at = text.indexOf(open); at >= 0; at = text.indexOf(open, at)) {
    const start = text.indexOf('>', at);
    if (start < 0) return;
    if (!/[\s>]/.test(text.charAt(at + open.length))) {
      at += open.length;
      continue;
    }
    const end = text.indexOf(close, start);
    if (end < 0) return;
    yield text.slice(start + 1, end);
    at = end + close.length;
  }
}

function withoutComments(text: string): string {
  const pieces: string[] = [];
  let at = 0;
  while (at < text.length) {
    const start = text.indexOf('<!--', at);
    pieces.push(text.slice(at, start < 0 ? text.length : start));
    const end = start < 0 ? -1 : text.indexOf('-->', start);
    if (end < 0) break;
    at = end + 3;
  }
  return pieces.join('');
}

function textOf(inner: string): string {
  const data = /^\s*<!\[CDATA\[([\s\S]{0,4096}?)\]\]>\s*$/.exec(inner)?.[1];
  return (data ?? decodeEntities(inner.slice(0, 4096))).trim();
}
