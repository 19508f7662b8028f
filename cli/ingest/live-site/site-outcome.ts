import type { SitemapEntry } from '../site/sitemap.ts';
import type { SourceRemark } from '../source-document.ts';

/** What fetching a site came to, in pages. */
export interface SiteSummary {
  /** Address by which the site is named. */
  readonly address: string;
  /** Pages that are read now. */
  readonly pages: number;
  /** Fetched for the first time. */
  readonly added: number;
  readonly changed: number;
  readonly unchanged: number;
  /** Could not be had now, and are read from their copies. */
  readonly kept: number;
  /** Were read before, and are gone or listed no more. */
  readonly gone: number;
  /** Left alone, because robots.txt asks for it. */
  readonly refused: number;
}

/** A site whose copies lie on disk. */
export interface FetchedSite {
  /** Address and date of each copy, by its path below the folder. */
  readonly addresses: ReadonlyMap<string, SitemapEntry>;
  readonly remarks: readonly SourceRemark[];
  readonly summary: SiteSummary;
}

/** Says in one line what fetching a site came to. */
export function describeSite({ address, pages, ...counts }: SiteSummary): string {
  const told = [
    [counts.added, 'new'],
    [counts.changed, 'changed'],
    [counts.unchanged, 'unchanged'],
    [counts.kept, 'not to be had and kept'],
    [counts.gone, 'gone'],
    [counts.refused, 'left alone as robots.txt asks'],
  ] as const;
  const what = told.flatMap(([count, word]) => (count === 0 ? [] : [`${count} ${word}`]));
  return `${address}: ${pages} pages (${what.join(', ')})`;
}
