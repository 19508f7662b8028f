import { readFileSync, statSync } from 'node:fs';
import { basename, extname, join, relative, sep } from 'node:path';
import { listFiles } from '../list-files.ts';

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

/**
 * Lists the pages and sitemaps of a source.
 * @param name - How the source is named in messages.
 * @throws UnderstudyError `cli/not-found`.
 */
export function listSiteFiles(root: string, name: string): SiteFiles {
  const files = listFiles(root, name, new Set()).map((path) => relative(root, path).split(sep).join('/'));
  const isNear = (path: string): boolean => path.split('/').length <= SITEMAP_DEPTH;
  return {
    pages: files.filter((path) => path === '' || isPage(path)).slice(0, MAX_PAGES),
    sitemaps: files.filter((path) => isSitemap(path) && isNear(path)).slice(0, MAX_SITEMAPS),
  };
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
