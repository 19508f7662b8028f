import { BrokenDownload } from '../../fetch/broken-download.ts';
import type { Robots } from './robots.ts';
import { NO_RULES, parseRobots } from './robots.ts';
import type { SiteHost } from './site-host.ts';
import type { SiteScope } from './site-scope.ts';

const MAX_BYTES = 10 * 1024 * 1024;
/** The rest is not looked at; RFC 9309 asks for 500 KiB. */
const READ_BYTES = 512 * 1024;

/**
 * Reads the robots.txt of a site. None, or one that lies elsewhere, forbids nothing; one that cannot be had now, or has no end, is a fault,
 * as a clause.
 * @throws The signal's reason when aborted.
 */
export async function readRobots(
  { origin }: SiteScope,
  host: SiteHost,
): Promise<Robots | { readonly fault: string }> {
  try {
    const { status, bytes } = await host.askFile(`${origin}/robots.txt`, MAX_BYTES);
    if (bytes !== null) return parseRobots(new TextDecoder().decode(bytes.subarray(0, READ_BYTES)));
    return status === 200 ? { fault: 'it is longer than 10 MB' } : NO_RULES;
  } catch (error) {
    if (error instanceof BrokenDownload) return { fault: error.message };
    throw error;
  }
}
