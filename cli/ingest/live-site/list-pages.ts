import { gunzip } from 'node:zlib';
import { promisify } from 'node:util';
import { BrokenDownload } from '../../fetch/broken-download.ts';
import type { SitemapEntry } from '../site/sitemap.ts';
import { isSitemapIndex, readSitemap } from '../site/sitemap.ts';
import type { Robots } from './robots.ts';
import type { SiteHost } from './site-host.ts';
import type { SiteScope } from './site-scope.ts';

/** What the sitemaps of a site list. */
export interface ListedPages {
  /** By address, in the order in which they are listed; addresses of others are left out. */
  readonly entries: ReadonlyMap<string, SitemapEntry>;
  /** Sitemaps that could not be had, each with the reason as a clause. */
  readonly faults: readonly string[];
  /** Whether there are more pages than are taken. */
  readonly hasMore: boolean;
}

const unzip = promisify(gunzip);
const MAX_SITEMAPS = 500;
/** Of one sitemap, when it is unpacked (sitemaps.org). */
const MAX_BYTES = 50 * 1024 * 1024;
/** Of all sitemaps together; those of 10,000 pages have some megabytes. */
const MAX_ALL_CHARACTERS = 256 * 1024 * 1024;

/**
 * Lists the pages of a site by its sitemaps: the one by which it is named, else those that robots.txt names, else `sitemap.xml` in its folder
 * and in the root of the host; and those that a sitemap index lists.
 * @throws The signal's reason when aborted.
 */
export async function listPages(
  scope: SiteScope,
  robots: Robots,
  host: SiteHost,
  maxPages: number,
): Promise<ListedPages> {
  const entries = new Map<string, SitemapEntry>();
  const faults: string[] = [];
  let hasMore = false;
  let characters = 0;
  const { wanted, guessed } = firstSitemaps(scope, robots);
  const seen = new Set(wanted);
  for (const sitemap of wanted) {
    if (entries.size >= maxPages || characters > MAX_ALL_CHARACTERS) {
      hasMore = true;
      break;
    }
    const text = await readSitemapText(sitemap, host);
    if ('fault' in text) {
      // Where nobody says that there is one, there may be none.
      if (text.isBroken || !guessed.has(sitemap)) faults.push(`${sitemap}: ${text.fault}`);
      continue;
    }
    characters += text.xml.length;
    const isIndex = isSitemapIndex(text.xml);
    for (const { url, lastModified } of readSitemap(text.xml)) {
      const own = scope.onOrigin(url);
      if (own === null) continue;
      if (isIndex) {
        if (seen.has(own) || seen.size >= MAX_SITEMAPS) continue;
        seen.add(own);
        wanted.push(own);
      } else if (scope.covers(own) && !entries.has(own)) {
        if (entries.size >= maxPages) hasMore = true;
        else entries.set(own, { url: own, lastModified });
      }
    }
  }
  return { entries, faults, hasMore };
}

/** Where to begin, and which of these nobody names. */
function firstSitemaps(scope: SiteScope, robots: Robots): { wanted: string[]; guessed: ReadonlySet<string> } {
  if (scope.isSitemap) return { wanted: [scope.start], guessed: new Set() };
  const told = robots.sitemaps.flatMap((url) => scope.onOrigin(url, `${scope.origin}/`) ?? []);
  if (told.length > 0) return { wanted: [...new Set(told)], guessed: new Set() };
  const usual = [`${scope.origin}${scope.folder}sitemap.xml`, `${scope.origin}/sitemap.xml`];
  const guessed = new Set(usual.filter((url) => robots.allows(url)));
  return { wanted: [...guessed], guessed };
}

async function readSitemapText(
  url: string,
  host: SiteHost,
): Promise<{ readonly xml: string } | { readonly fault: string; readonly isBroken: boolean }> {
  try {
    const { status, bytes } = await host.askFile(url, MAX_BYTES);
    if (bytes === null)
      return {
        fault: status === 200 ? 'it is longer than 50 MB' : `status ${status}`,
        isBroken: status === 200,
      };
    const isZipped = bytes[0] === 0x1f && bytes[1] === 0x8b;
    const text = isZipped ? await unzip(bytes, { maxOutputLength: MAX_BYTES }) : bytes;
    return { xml: new TextDecoder().decode(text) };
  } catch (error) {
    if (error instanceof BrokenDownload) return { fault: error.message, isBroken: true };
    // zlib: it is damaged, or unpacks to more than it may.
    if (error instanceof Error && 'code' in error && /^(?:Z_|ERR_BUFFER_TOO_LARGE)/.test(String(error.code)))
      return { fault: 'it cannot be unpacked, or has more than 50 MB', isBroken: true };
    throw error;
  }
}
