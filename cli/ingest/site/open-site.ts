import { decodeSource } from '../decode-source.ts';
import { readHtml } from '../html.ts';
import type { HtmlPage } from '../html.ts';
import type { Section } from '../source-document.ts';
import { findCopies } from './find-copies.ts';
import { listSiteFiles, readSiteFile } from './list-site-files.ts';
import { dropRepeated } from './repeated-blocks.ts';
import type { RepeatedBlock } from './repeated-blocks.ts';
import { holdLinks, releaseLinks, resolveLink } from './site-links.ts';
import { nameSite } from './site-titles.ts';
import { openSitemap, pageKey, readSitemap } from './sitemap.ts';
import type { SitemapEntry, SitemapLookup } from './sitemap.ts';

/** A folder of saved pages, or one page. */
export interface SavedSite {
  /** Path on disk. */
  readonly path: string;
  /** How it is named in messages. */
  readonly name: string;
  /** Label of the encoding of all its files. Default: found out for each. */
  readonly encoding?: string;
  /** Where its pages were fetched from, by their paths. Default: what the pages and a saved sitemap say. */
  readonly addresses?: ReadonlyMap<string, SitemapEntry>;
}

/** A page of a saved site. */
export interface SitePage {
  readonly read: HtmlPage;
  readonly title: string | null;
  /** Own address: canonical, else null. */
  readonly canonical: string | null;
  /** What the sitemap says of it; null: nothing. */
  readonly listed: SitemapEntry | null;
  readonly breadcrumb: readonly string[];
  /** Why it is left out, as a clause; null: it is read. */
  readonly fault: string | null;
  /** What stands on most pages and is told with this one. */
  readonly repeated: readonly RepeatedBlock[];
  /** Its sections, with links as they lead from the address of the page. */
  sections(url: string | null): readonly Section[];
}

const MAX_PAGE_BYTES = 5 * 1024 * 1024;
const MAX_SITEMAP_BYTES = 50 * 1024 * 1024;

/**
 * Reads all pages of a saved site, because what is content shows only in many of them: copies, titles, repeated blocks, addresses.
 * @returns The pages by their path below the source, `/` between folders; '' for a source of one file.
 * @throws UnderstudyError `cli/source-invalid` for a page that cannot be decoded.
 */
export function openSite(site: SavedSite): Map<string, SitePage> {
  const files = listSiteFiles(site.path, site.name);
  const lookUp = openEntries(site, files.sitemaps);
  const pages = files.pages.flatMap((path) => {
    const bytes = readSiteFile(site.path, path, MAX_PAGE_BYTES);
    if (bytes === null) return [];
    const name = path === '' ? site.name : `${site.name}/${path}`;
    const links = holdLinks();
    const read = readHtml(decodeSource(bytes, name, site.encoding ?? null).text, links.hold);
    return [{ path, read, links, canonical: addressIn(read, site.addresses?.get(path)?.url ?? null) }];
  });
  const whole = pages.filter(({ read }) => read.fault === null && read.sections.length > 0);
  const { keptFor, disowned } = findCopies(
    whole.map(({ path, canonical, read }) => ({ path, canonical, sections: read.sections })),
  );
  const kept = whole.filter(({ path }) => !keptFor.has(path));
  const titles = nameSite(kept.map(({ read }) => ({ heading: read.heading, title: read.head.title })));
  const tidied = dropRepeated(kept.map(({ read }) => ({ language: read.language, sections: read.sections })));
  const home = commonCrumb(kept.map(({ read }) => read.breadcrumb));
  const addresses = new Map<string, string>();
  for (const { path, canonical } of pages) {
    const own = canonical !== null && !disowned.has(path) ? canonical : (lookUp(path)?.url ?? null);
    if (own !== null) addresses.set(pageKey(path), own);
  }
  const numbers = new Map(kept.map(({ path }, at) => [path, at]));
  return new Map(
    pages.map(({ path, read, links, canonical }) => {
      const at = numbers.get(path);
      const copy = keptFor.get(path);
      const page: SitePage = {
        read,
        title: (at === undefined ? null : titles[at]) ?? read.title,
        canonical: disowned.has(path) ? null : canonical,
        listed: lookUp(path),
        breadcrumb: read.breadcrumb.filter((crumb, depth) => depth > 0 || crumb !== home),
        fault: read.fault ?? (copy === undefined ? null : `it is ${copy} saved again`),
        repeated: tidied.repeated.filter(({ first }) => first === at),
        sections: (url) =>
          releaseLinks((at === undefined ? null : tidied.sections[at]) ?? read.sections, (target) =>
            resolveLink(
              links.targets[target] ?? '',
              { path, url: site.addresses?.get(path)?.url ?? url, base: read.head.base },
              // What was fetched says where a link leads; what was saved may have links to other files.
              (key) => (site.addresses === undefined ? (addresses.get(key) ?? null) : null),
            ),
          ),
      };
      return [path, page];
    }),
  );
}

function openEntries({ path: root, addresses }: SavedSite, sitemaps: readonly string[]): SitemapLookup {
  if (addresses !== undefined) return (path) => addresses.get(path) ?? null;
  return openSitemap(
    sitemaps.flatMap((path) => {
      const bytes = readSiteFile(root, path, MAX_SITEMAP_BYTES);
      return bytes === null ? [] : readSitemap(new TextDecoder().decode(bytes));
    }),
  );
}

/** An address that leads from anywhere: absolute, or from the root of the site. */
function addressIn({ url }: HtmlPage, fetched: string | null): string | null {
  if (fetched !== null) {
    const said = url !== null && URL.canParse(url, fetched) ? new URL(url, fetched) : null;
    return said !== null && /^https?:$/.test(said.protocol) ? said.href.replace(/#.*$/s, '') : null;
  }
  return url !== null && /^(?:https?:\/\/|\/(?!\/))/i.test(url) ? url.replace(/#.*$/s, '') : null;
}

/** The first crumb when it is the same on nearly all pages: the name of the site. */
function commonCrumb(breadcrumbs: readonly (readonly string[])[]): string | null {
  const firsts = breadcrumbs.flatMap(([first]) => first ?? []);
  const [first] = firsts;
  const same = firsts.filter((one) => one === first).length;
  return first !== undefined && firsts.length >= 3 && same >= 0.9 * firsts.length ? first : null;
}
