import type { SourceRemark } from '../source-document.ts';
import type { Source } from '../source-file.ts';
import { fetchSite } from './fetch-site.ts';
import type { SiteServices } from './site-host.ts';
import type { SiteSummary } from './site-outcome.ts';

/** The sources of a build, all of them on disk. */
export interface FetchedSources {
  readonly sources: readonly Source[];
  readonly remarks: readonly SourceRemark[];
  /** One for each source that is named by an address. */
  readonly sites: readonly SiteSummary[];
}

/**
 * Fetches those of the sources that are named by an address, one after another; the others stay as they are.
 * @throws UnderstudyError `cli/site-unreachable`, `cli/site-refused`, `cli/write-failed`; the signal's reason when aborted.
 */
export async function fetchSites(
  sources: readonly Source[],
  services: SiteServices,
): Promise<FetchedSources> {
  const found: Source[] = [];
  const remarks: SourceRemark[] = [];
  const sites: SiteSummary[] = [];
  for (const source of sources) {
    if (source.site === undefined) {
      found.push(source);
      continue;
    }
    const fetched = await fetchSite(source.site, { encoding: source.encoding ?? null }, services);
    found.push({ ...source, addresses: fetched.addresses });
    remarks.push(...fetched.remarks);
    sites.push(fetched.summary);
  }
  return { sources: found, remarks, sites };
}
