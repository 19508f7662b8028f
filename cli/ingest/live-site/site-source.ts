import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Source } from '../source-file.ts';

/**
 * Makes the source of a site that is named by its address.
 * @param cache - Folder of all sites; each has one of its own in it.
 */
export function siteSource(address: string, cache: string): Source {
  const { href, host, hostname } = new URL(address);
  const url = href.replace(/#.*$/s, '');
  const digest = createHash('sha256').update(url).digest('hex').slice(0, 12);
  const folder = join(cache, `${hostname.replace(/[^a-z0-9.-]+/g, '')}-${digest}`);
  return {
    path: join(folder, 'pages'),
    name: host,
    language: null,
    url: null,
    tags: [],
    site: { address: url, folder },
  };
}
