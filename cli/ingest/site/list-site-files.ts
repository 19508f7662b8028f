import { readFileSync, readdirSync, statSync } from 'node:fs';
import { basename, extname, join, posix } from 'node:path';

/** The files of a saved site that say something of it. */
export interface SiteFiles {
  /** Paths of its pages below the folder, `/` between folders, in code-unit order; '' for a source of one file. */
  readonly pages: readonly string[];
  readonly sitemaps: readonly string[];
}

const MAX_PAGES = 50_000;
const MAX_SITEMAPS = 100;
/** Sitemaps lie in the root of a site, which may lie in a folder named after the host. */
const SITEMAP_DEPTH = 3;
const MAX_DEPTH = 64;

/** Lists the pages and sitemaps of a source as reading sources lists files: no hidden ones, `node_modules` or symbolic links. */
export function listSiteFiles(root: string): SiteFiles {
  const pages: string[] = [];
  const sitemaps: string[] = [];
  const stats = statSync(root, { throwIfNoEntry: false });
  if (stats === undefined || !stats.isDirectory())
    return { pages: stats === undefined ? [] : [''], sitemaps };
  const visit = (below: string, depth: number): void => {
    const entries = readdirSync(join(root, below), { withFileTypes: true });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (entry.name.startsWith('.') || entry.name === 'node_modules' || entry.isSymbolicLink()) continue;
      const inner = posix.join(below, entry.name);
      if (entry.isDirectory() && depth < MAX_DEPTH) visit(inner, depth + 1);
      else if (entry.isFile() && isPage(entry.name) && pages.length < MAX_PAGES) pages.push(inner);
      else if (
        entry.isFile() &&
        depth < SITEMAP_DEPTH &&
        isSitemap(entry.name) &&
        sitemaps.length < MAX_SITEMAPS
      )
        sitemaps.push(inner);
    }
  };
  visit('', 0);
  return { pages, sitemaps };
}

/** The bytes of a file of a site; null when it is longer. */
export function readSiteFile(root: string, below: string, maxBytes: number): Buffer | null {
  const path = below === '' ? root : join(root, below);
  return statSync(path).size > maxBytes ? null : readFileSync(path);
}

function isPage(name: string): boolean {
  return /^\.html?$/i.test(extname(name));
}

function isSitemap(name: string): boolean {
  return /^(?:[\w-]*sitemap[\w.-]*)\.xml$/i.test(basename(name));
}
