import type { Robots } from './robots.ts';
import type { SiteScope } from './site-scope.ts';

/** A page that is to be asked for. */
export interface QueuedPage {
  readonly url: string;
  /** How often a page led on to it instead of answering. */
  readonly hops: number;
}

/** The pages of a site that are to be asked for, each once, in the order in which they were found. */
export interface PageQueue {
  /** Adds an address that was found at another one; what is not of the site, forbidden or too much is left out. */
  add(address: string, from?: string, hops?: number): void;
  /** The next one; null: none is left now. */
  take(): QueuedPage | null;
  has(url: string): boolean;
  /** Found so far, without those that were left out. */
  readonly size: number;
  /** Left out as robots.txt asks. */
  readonly refused: ReadonlySet<string>;
  /** Whether pages were left out because there are too many. */
  readonly isFull: boolean;
}

/** Addresses of one path that differ in their query: lists of articles have some, calendars have no end of them. */
const MAX_QUERIES = 500;
/** Most addresses that are remembered as refused. */
const MAX_REFUSED = 50_000;

/** Makes an empty {@link PageQueue} for at most `maxPages`. */
export function createPageQueue(scope: SiteScope, robots: Robots, maxPages: number): PageQueue {
  const found = new Set<string>();
  const refused = new Set<string>();
  const queries = new Map<string, number>();
  const waiting: QueuedPage[] = [];
  let next = 0;
  let isFull = false;
  return {
    refused,
    get size() {
      return found.size;
    },
    get isFull() {
      return isFull;
    },
    has: (url) => found.has(url),
    add(address, from, hops = 0) {
      const url = scope.onOrigin(address, from);
      if (url === null || !scope.covers(url) || found.has(url) || refused.has(url)) return;
      if (found.size >= maxPages) {
        isFull = true;
        return;
      }
      if (!robots.allows(url)) {
        if (refused.size < MAX_REFUSED) refused.add(url);
        return;
      }
      const [path = '', query] = url.split('?');
      if (query !== undefined) {
        const count = queries.get(path) ?? 0;
        if (count >= MAX_QUERIES) return;
        queries.set(path, count + 1);
      }
      found.add(url);
      waiting.push({ url, hops });
    },
    take() {
      const page = waiting[next];
      if (page === undefined) return null;
      next += 1;
      return page;
    },
  };
}
