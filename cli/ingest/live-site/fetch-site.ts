import { UnderstudyError } from '../../../src/contracts/errors.ts';
import { BrokenDownload } from '../../fetch/broken-download.ts';
import { decodeSource } from '../decode-source.ts';
import type { RemarkKind } from '../remark-kind.ts';
import type { SitemapEntry } from '../site/sitemap.ts';
import type { SourceRemark } from '../source-document.ts';
import type { SiteAddress } from '../source-file.ts';
import { copyName } from './copy-name.ts';
import { listPages } from './list-pages.ts';
import type { ListedPages } from './list-pages.ts';
import type { PageCopy } from './page-copy.ts';
import { pageLinks } from './page-links.ts';
import type { PageQueue, QueuedPage } from './page-queue.ts';
import { createPageQueue } from './page-queue.ts';
import { readRobots } from './read-robots.ts';
import type { SiteCopies } from './site-copies.ts';
import { openSiteCopies } from './site-copies.ts';
import type { PageAnswer, SiteHost, SiteServices } from './site-host.ts';
import { createSiteHost } from './site-host.ts';
import type { FetchedSite } from './site-outcome.ts';
import type { SiteScope } from './site-scope.ts';
import { siteScope } from './site-scope.ts';

/** Most pages of a site. */
const MAX_PAGES = 10_000;
/** Most bytes of all pages of a site. */
const MAX_BYTES = 4 * 1024 * 1024 * 1024;
/** Pages that are asked for at the same time. */
const PLACES = 2;
/** A page leads on at most so often. */
const MAX_HOPS = 5;
/** Pages in a row that brought no answer before the host is left alone. */
const MAX_FAILURES = 10;

/** Options of {@link fetchSite}. */
export interface FetchSiteOptions {
  /** Label of the encoding of all its pages; null: found out for each. */
  readonly encoding: string | null;
  /** Default 10,000. */
  readonly maxPages?: number;
}

/**
 * Fetches the pages of a site, or what of them is new, into the folder of its copies. What cannot be had now stays as it was; a page that is
 * gone leaves. Stopped at any moment, the next call goes on behind the pages that it has.
 * @throws UnderstudyError `cli/site-unreachable` or `cli/site-refused` when there is nothing to read, `cli/write-failed`; the signal's
 *   reason when aborted.
 */
export async function fetchSite(
  site: SiteAddress,
  options: FetchSiteOptions,
  services: SiteServices,
): Promise<FetchedSite> {
  const scope = siteScope(site.address);
  const host = createSiteHost(scope, options.encoding, services);
  // Copies that were kept as UTF-8 would be read wrongly in another encoding.
  const key = options.encoding === null ? scope.start : `${scope.start} ${options.encoding}`;
  const copies = openSiteCopies(site.folder, key, services.clock.now());
  const run = new SiteRun(scope, host, copies, services, options);
  return await run.fetch();
}

/** One run over a site: what it found so far. */
class SiteRun {
  readonly #scope: SiteScope;
  readonly #host: SiteHost;
  readonly #copies: SiteCopies;
  readonly #services: SiteServices;
  readonly #encoding: string | null;
  readonly #maxPages: number;
  readonly #pages = new Map<string, PageCopy>();
  readonly #remarks: SourceRemark[] = [];
  /** Why pages that were never fetched are not there, the first first. */
  readonly #faults: { readonly why: string; readonly isRefused: boolean }[] = [];
  readonly #counts = { added: 0, changed: 0, unchanged: 0, kept: 0 };
  #failures = 0;
  #settled = 0;
  #sizeBytes = 0;

  constructor(
    scope: SiteScope,
    host: SiteHost,
    copies: SiteCopies,
    services: SiteServices,
    { encoding, maxPages = MAX_PAGES }: FetchSiteOptions,
  ) {
    this.#scope = scope;
    this.#host = host;
    this.#copies = copies;
    this.#services = services;
    this.#encoding = encoding;
    this.#maxPages = maxPages;
  }

  async fetch(): Promise<FetchedSite> {
    const { start } = this.#scope;
    this.#services.onProgress(`looking for the pages of ${start}`);
    const robots = await readRobots(this.#scope, this.#host);
    if ('fault' in robots) return this.#keepAll(`${this.#scope.origin}/robots.txt`, robots.fault);
    this.#host.slowDown(robots.delayMs);
    const queue = createPageQueue(this.#scope, robots, this.#maxPages);
    const listed = await listPages(this.#scope, robots, this.#host, this.#maxPages);
    const isListed = listed.entries.size > 0 || this.#scope.isSitemap;
    for (const url of listed.entries.keys()) queue.add(url);
    if (!isListed) queue.add(start);
    this.#tellFaults(listed, isListed);
    const follows = !isListed;
    // A sitemap that cannot be had today must not take pages away: they are asked one by one.
    const wasListed = this.#copies.foundBy === 'sitemap';
    if (listed.faults.length > 0 || (wasListed && !isListed))
      for (const url of this.#copies.before.keys()) queue.add(url);
    await this.#drain(queue, follows, robots.delayMs > 0 ? 1 : PLACES, listed.entries);
    const isFull = queue.isFull || listed.hasMore;
    if (isFull)
      this.#tell(
        'skipped',
        start,
        `skipped: it has more than ${this.#maxPages} pages; the others are not read`,
      );
    if (this.#pages.size === 0) throw this.#nothing(queue.refused.size);
    this.#copies.finish(this.#ordered(), isListed || wasListed ? 'sitemap' : 'links');
    return this.#outcome(queue.refused.size);
  }

  /** Visits what is queued, a few at a time, until nothing is left that could add to it. */
  async #drain(
    queue: PageQueue,
    follows: boolean,
    places: number,
    listed: ReadonlyMap<string, SitemapEntry>,
  ): Promise<void> {
    const active = new Set<Promise<void>>();
    try {
      for (;;) {
        this.#services.signal.throwIfAborted();
        const page = active.size < places ? queue.take() : null;
        if (page !== null) {
          const visit = this.#visit(page, queue, follows, listed.get(page.url)?.lastModified ?? null).finally(
            () => active.delete(visit),
          );
          active.add(visit);
        } else if (active.size > 0) await Promise.race(active);
        else return;
      }
    } finally {
      await Promise.allSettled(active);
    }
  }

  async #visit(page: QueuedPage, queue: PageQueue, follows: boolean, listed: string | null): Promise<void> {
    const { url } = page;
    const before = this.#copies.before.get(url) ?? null;
    const copy = await this.#settle(page, before, listed, queue);
    this.#settled += 1;
    this.#services.onProgress(`fetching ${this.#settled} of ${queue.size} pages: ${url}`);
    if (copy === null) return;
    this.#pages.set(url, copy);
    this.#sizeBytes += copy.sizeBytes;
    if (!follows || copy.extension !== '.html') return;
    const { text } = decodeSource(this.#copies.read(copy), url, this.#encoding);
    for (const link of pageLinks(text, url)) queue.add(link);
  }

  /** Asks for one page; null when there is none to read. */
  async #settle(
    page: QueuedPage,
    before: PageCopy | null,
    listed: string | null,
    queue: PageQueue,
  ): Promise<PageCopy | null> {
    const { url } = page;
    if (before !== null && this.#copies.isDone(url)) {
      this.#counts.unchanged += 1;
      return { ...before, listed };
    }
    if (this.#failures >= MAX_FAILURES) return this.#keep(url, before, 'its host was left alone', false);
    if (this.#sizeBytes > MAX_BYTES)
      return this.#keep(url, before, 'the pages before it have more than 4 GB', false);
    let answer: PageAnswer;
    try {
      answer = await this.#host.askPage(url, before);
      this.#failures = 0;
    } catch (error) {
      if (!(error instanceof BrokenDownload)) throw error;
      this.#failures += 1;
      return this.#keep(url, before, error.message, false);
    }
    switch (answer.kind) {
      case 'unchanged':
        return before === null ? null : this.#same({ ...before, listed });
      case 'page':
        return this.#fresh(url, before, listed, answer);
      case 'gone':
        this.#miss(url, `there is nothing (status ${answer.status})`, false);
        return null;
      case 'unusable':
        return this.#keep(url, before, answer.why, answer.status === 401 || answer.status === 403);
      case 'moved':
        return this.#moved(page, before, answer, queue);
    }
  }

  #same(copy: PageCopy): PageCopy {
    this.#counts.unchanged += 1;
    this.#copies.keep(copy, null);
    return copy;
  }

  #fresh(
    url: string,
    before: PageCopy | null,
    listed: string | null,
    { bytes, extension, etag, modified }: PageAnswer & { readonly kind: 'page' },
  ): PageCopy {
    const copy = { url, extension, sizeBytes: bytes.length, etag, modified, listed };
    if (before?.extension === extension && this.#copies.read(before).equals(bytes)) return this.#same(copy);
    this.#counts[before === null ? 'added' : 'changed'] += 1;
    this.#copies.keep(copy, bytes);
    return copy;
  }

  /** The page that it leads to is asked for as one of its own, by the same rules as any other. */
  #moved(
    { url, hops }: QueuedPage,
    before: PageCopy | null,
    { to, isForGood }: PageAnswer & { readonly kind: 'moved' },
    queue: PageQueue,
  ): PageCopy | null {
    const own = this.#scope.onOrigin(to);
    if (own !== null && this.#scope.covers(own)) {
      if (hops < MAX_HOPS) queue.add(own, undefined, hops + 1);
      else this.#miss(url, `it leads on more than ${MAX_HOPS} times`, false);
      return null;
    }
    const why = `it leads to "${to.slice(0, 200)}", which is not below ${this.#scope.origin}${this.#scope.folder}`;
    if (!isForGood) return this.#keep(url, before, why, false);
    this.#miss(url, why, false);
    return null;
  }

  /** What cannot be had now: its copy, if there is one. */
  #keep(url: string, before: PageCopy | null, why: string, isRefused: boolean): PageCopy | null {
    if (before === null) {
      this.#miss(url, why, isRefused);
      return null;
    }
    this.#counts.kept += 1;
    this.#tell('kept', url, `cannot be had now (${why}); the copy of an earlier build is read`);
    return before;
  }

  #miss(url: string, why: string, isRefused: boolean): void {
    this.#faults.push({ why: `${url}: ${why}`, isRefused });
    this.#tell('skipped', url, `skipped: ${why}`);
  }

  /** When the host does not say what it allows, nothing of it is asked for (RFC 9309, section 2.3.1.4). */
  #keepAll(url: string, why: string): FetchedSite {
    this.#faults.push({ why: `${url}: ${why}`, isRefused: false });
    for (const copy of this.#copies.before.values()) if (this.#isOwn(copy)) this.#pages.set(copy.url, copy);
    if (this.#pages.size === 0) throw this.#nothing(0);
    this.#counts.kept = this.#pages.size;
    const what = `the ${this.#pages.size} pages of an earlier build are read`;
    this.#tell('kept', url, `cannot be had now (${why}); ${what}`);
    return this.#outcome(0);
  }

  #isOwn({ url }: PageCopy): boolean {
    return this.#scope.onOrigin(url) === url && this.#scope.covers(url);
  }

  #tellFaults({ faults }: ListedPages, isListed: boolean): void {
    for (const fault of faults) {
      const [url = ''] = fault.split(': ');
      this.#tell('skipped', url, `skipped: ${fault.slice(url.length + 2)}`);
      if (isListed) this.#faults.push({ why: fault, isRefused: false });
    }
  }

  #tell(kind: RemarkKind, file: string, message: string): void {
    this.#remarks.push({ kind, file, line: null, message });
  }

  #ordered(): readonly PageCopy[] {
    return [...this.#pages.values()].sort((a, b) => (a.url < b.url ? -1 : 1));
  }

  #outcome(refused: number): FetchedSite {
    const ordered = this.#ordered();
    return {
      addresses: new Map(
        ordered.map(({ url, extension, listed }) => [
          copyName(url, extension),
          { url, lastModified: listed },
        ]),
      ),
      remarks: this.#remarks,
      summary: {
        address: this.#scope.start,
        pages: ordered.length,
        ...this.#counts,
        gone: [...this.#copies.before.keys()].filter((url) => !this.#pages.has(url)).length,
        refused,
      },
    };
  }

  #nothing(refused: number): UnderstudyError {
    const { start: url } = this.#scope;
    const [first] = this.#faults;
    if (first === undefined && refused > 0)
      return new UnderstudyError('cli/site-refused', `The robots.txt of "${url}" allows none of its pages.`, {
        facts: { url },
      });
    const code = first?.isRefused === true ? 'cli/site-refused' : 'cli/site-unreachable';
    const why = first === undefined ? 'its sitemap lists no page of it' : first.why;
    return new UnderstudyError(code, `No page of "${url}" can be had: ${why}.`, { facts: { url } });
  }
}
