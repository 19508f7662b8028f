import { askOnce } from '../../fetch/ask-once.ts';
import { brokenAnswer, isPassing } from '../../fetch/broken-answer.ts';
import type { FetchServices } from '../../fetch/fetch-services.ts';
import { readBody } from '../../fetch/read-body.ts';
import { withTries } from '../../fetch/with-tries.ts';
import type { CopyExtension } from './copy-name.ts';
import { parseModified, parseTag } from './page-copy.ts';
import type { PageCopy } from './page-copy.ts';
import { checkPage, mostBytes, pageKind } from './page-kind.ts';
import type { SiteScope } from './site-scope.ts';

/** What fetching a site needs of its surroundings. */
export interface SiteServices extends FetchServices {
  /** Names this program to the host. */
  readonly userAgent: string;
  /** Makes what ends one request. Default: that of the platform. */
  readonly deadline?: (delayMs: number) => AbortSignal;
}

/** What became of asking for a page. */
export type PageAnswer =
  | {
      readonly kind: 'page';
      readonly bytes: Uint8Array;
      readonly extension: CopyExtension;
      readonly etag: string | null;
      readonly modified: string | null;
    }
  /** The copy that is here is what the host has. */
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'gone'; readonly status: number }
  /** It stands elsewhere; `isForGood`: and nothing will come back here. */
  | { readonly kind: 'moved'; readonly to: string; readonly isForGood: boolean }
  /** There is an answer, and it is no page; `why` is a clause. */
  | { readonly kind: 'unusable'; readonly why: string; readonly status: number };

/** A file that says something of the site. */
export interface SiteFile {
  readonly status: number;
  /** null: there is none, or it is too long, or it lies elsewhere. */
  readonly bytes: Buffer | null;
}

/** Asks the host of a site, within its origin alone. */
export interface SiteHost {
  /**
   * Asks for a page, or whether it is still what its copy says.
   * @throws BrokenDownload when no try brought an answer; the signal's reason when aborted.
   */
  askPage(url: string, copy: PageCopy | null): Promise<PageAnswer>;
  /** Asks for another file, and follows where it leads within the origin. @throws as `askPage`. */
  askFile(url: string, maxBytes: number): Promise<SiteFile>;
  /** From now on, waits so long between two requests. */
  slowDown(delayMs: number): void;
}

const REQUEST_MS = 60_000;
const MAX_REDIRECTS = 5;
const MAX_WHY = 200;

/** Makes the {@link SiteHost} of a site. */
export function createSiteHost(scope: SiteScope, encoding: string | null, services: SiteServices): SiteHost {
  const { clock, signal, userAgent, deadline = (ms: number) => AbortSignal.timeout(ms) } = services;
  let delayMs = 0;
  let askedBefore = false;
  /** One try; the whole of it, body included, has a time. */
  const tried = <T>(
    url: string,
    headers: { readonly [name: string]: string },
    read: (response: Response, bytes: (most: number) => Promise<Buffer | null>) => Promise<T>,
  ): Promise<T> =>
    withTries(
      async () => {
        if (askedBefore && delayMs > 0) await clock.sleep(delayMs, { signal });
        askedBefore = true;
        const named = { 'user-agent': userAgent, ...headers };
        const response = await askOnce(url, named, services, deadline(REQUEST_MS));
        try {
          if (isPassing(response.status)) throw brokenAnswer(response, clock.now());
          return await read(response, (most) => readBody(response, most, signal));
        } finally {
          if (!response.bodyUsed) await response.body?.cancel().catch(() => undefined);
        }
      },
      () => 0,
      services,
    );
  return {
    slowDown: (next) => void (delayMs = next),
    askPage: (url, copy) =>
      tried(
        url,
        { accept: 'text/html, text/markdown, text/plain;q=0.9, application/pdf;q=0.9', ...conditions(copy) },
        async (response, bytes) => await readPage(response, bytes, { url, copy, encoding }),
      ),
    async askFile(url, maxBytes) {
      let at: string | null = url;
      for (let hops = 0; at !== null && hops <= MAX_REDIRECTS; hops += 1) {
        const from: string = at;
        const answer: SiteFile | { readonly to: string | null } = await tried(
          from,
          {},
          async (response, bytes) => {
            const location = redirectOf(response);
            if (location !== null) return { to: scope.onOrigin(location, from) };
            return { status: response.status, bytes: response.status === 200 ? await bytes(maxBytes) : null };
          },
        );
        if ('status' in answer) return answer;
        at = answer.to;
      }
      return { status: 404, bytes: null };
    },
  };
}

function conditions(copy: PageCopy | null): { readonly [name: string]: string } {
  return {
    ...(copy?.etag == null ? {} : { 'if-none-match': copy.etag }),
    ...(copy?.modified == null ? {} : { 'if-modified-since': copy.modified }),
  };
}

function redirectOf({ status, headers }: Response): string | null {
  return status >= 300 && status < 400 && status !== 304 ? headers.get('location') : null;
}

async function readPage(
  response: Response,
  bytes: (most: number) => Promise<Buffer | null>,
  { url, copy, encoding }: { url: string; copy: PageCopy | null; encoding: string | null },
): Promise<PageAnswer> {
  const { status, headers } = response;
  const unusable = (why: string): PageAnswer => ({ kind: 'unusable', why, status });
  const location = redirectOf(response);
  if (location !== null) {
    const to = URL.canParse(location, url) ? new URL(location, url).href : location;
    return { kind: 'moved', to, isForGood: status === 301 || status === 308 };
  }
  if (status === 304 && copy !== null) return { kind: 'unchanged' };
  if (status === 404 || status === 410) return { kind: 'gone', status };
  if (status === 401 || status === 403) return unusable(`it is not given to everyone (status ${status})`);
  if (status !== 200) return unusable(`its host answers with status ${status}`);
  const type = headers.get('content-type');
  const extension = pageKind(type, url);
  if (extension === null) return unusable(`"${(type ?? '').slice(0, MAX_WHY)}" is no kind of page`);
  const most = mostBytes(extension);
  const body = await bytes(most);
  if (body === null) return unusable(`it is longer than ${most / 1024 / 1024} MB`);
  if (body.length === 0) return unusable('it is empty');
  const checked = checkPage(body, extension, type, encoding);
  if ('fault' in checked) return unusable(checked.fault);
  return {
    kind: 'page',
    bytes: checked.bytes,
    extension,
    etag: parseTag(headers.get('etag')),
    modified: parseModified(headers.get('last-modified')),
  };
}
