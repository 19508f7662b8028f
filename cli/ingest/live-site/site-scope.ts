/** Which addresses belong to a site that is named by one of them. */
export interface SiteScope {
  /** Where it begins: a page, or the address of its sitemap. */
  readonly start: string;
  readonly origin: string;
  /** Path that those of its pages begin with, `/` at its end. */
  readonly folder: string;
  /** Whether `start` is a sitemap, which alone says what the pages are. */
  readonly isSitemap: boolean;
  /** An address in the form by which pages are known, `null` where it is none of this origin. */
  onOrigin(address: string, from?: string): string | null;
  /** Whether an address of the origin, in that form, is one of the site. */
  covers(address: string): boolean;
}

/** Longest address; browsers and sitemaps take no longer ones either. */
const MAX_ADDRESS = 2_048;
/** What says where a visitor came from, and nothing of the page. */
const TRACKING = /^(?:utm_\w+|gclid|fbclid|msclkid|mc_[ce]id|_hs\w+)$/i;

/** Makes the {@link SiteScope} of an address: all below its path, of a sitemap all of its origin. */
export function siteScope(address: string): SiteScope {
  const { origin, pathname } = new URL(address);
  const isSitemap = /\.xml(?:\.gz)?$/i.test(pathname);
  const [own = '/'] = /^.*\//s.exec(pathname) ?? [];
  // "/help" is meant as a folder, "/help/index.html" as the first page of one.
  const isPage = /\.[a-z]{2,8}$/i.test(pathname);
  const folder = isSitemap ? '/' : isPage || pathname.endsWith('/') ? own : `${pathname}/`;
  const onOrigin = (text: string, from?: string): string | null => {
    if (text.length > MAX_ADDRESS || !URL.canParse(text, from)) return null;
    const url = new URL(text, from);
    if (url.origin !== origin || url.username !== '' || url.password !== '') return null;
    url.hash = '';
    const parts = url.search.slice(1).split('&');
    url.search = parts.filter((part) => part !== '' && !TRACKING.test(part.split('=')[0] ?? '')).join('&');
    return url.href.length > MAX_ADDRESS ? null : url.href;
  };
  return {
    start: onOrigin(address) ?? address,
    origin,
    folder,
    isSitemap,
    onOrigin,
    covers(text) {
      const path = new URL(text).pathname;
      return path.startsWith(folder) || `${path}/` === folder;
    },
  };
}
