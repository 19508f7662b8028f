import { concatBytes } from '../bytes/concat-bytes.ts';
import type { Clock } from '../contracts/clock.ts';
import { UnderstudyError, isUnderstudyError } from '../contracts/errors.ts';

/** The part of `fetch` that is used, so that the CLI and tests bring their own. */
export type FetchFunction = (url: string, init: RequestInit) => Promise<Response>;

/** The folder a bundle is read from. */
export interface BundleHost {
  /** Absolute address of the folder. */
  readonly url: URL;
  readonly fetch: FetchFunction;
  readonly clock: Clock;
  /** Longest wait for the first or the next bytes. Default 15000. */
  readonly progressTimeoutMs?: number;
}

/** Options of {@link fetchFile}. */
export interface FetchFileOptions {
  /** Reading stops beyond this length. */
  readonly maxBytes: number;
  readonly cache: RequestCache;
  readonly expects: 'json' | 'bytes';
  readonly signal?: AbortSignal | undefined;
  /** Called with the bytes read so far. */
  readonly onProgress?: ((loadedBytes: number) => void) | undefined;
}

const PROGRESS_TIMEOUT_MS = 15_000;

/**
 * Accepts the address of a bundle folder, with or without the slash at its end; a query is sent with every file.
 *
 * @throws UnderstudyError `client/bad-option`.
 */
export function parseBundleUrl(value: string): URL {
  let url: URL;
  try {
    url = new URL(value);
  } catch (error) {
    throw new UnderstudyError('client/bad-option', `"${value}" is no absolute address of a bundle.`, {
      facts: { option: 'bundle' },
      cause: error,
    });
  }
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  url.hash = '';
  return url;
}

/**
 * Reads one file of the bundle folder, with limits on length and on silence.
 *
 * @param path - Path inside the folder, made by us and never by the host.
 * @throws UnderstudyError `bundle/unreachable`, `bundle/not-found`, `bundle/not-json` (HTML where JSON is expected),
 *   `bundle/too-long`; the signal's reason when aborted.
 */
export async function fetchFile(
  host: BundleHost,
  path: string,
  options: FetchFileOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const { signal } = options;
  signal?.throwIfAborted();
  const url = new URL(path, host.url);
  url.search = host.url.search;
  const stop = new AbortController();
  const watch = createWatch(host, path, signal);
  try {
    const response = await watch(host.fetch(url.href, { cache: options.cache, signal: stop.signal }));
    refuseFaults(response, path, options.expects);
    return await readBody(response, path, options, watch);
  } catch (error) {
    stop.abort();
    signal?.throwIfAborted();
    if (isUnderstudyError(error)) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new UnderstudyError('bundle/unreachable', `"${path}" could not be fetched: ${reason}.`, {
      facts: { path, url: url.origin + url.pathname, reason },
      cause: error,
    });
  }
}

/**
 * Reads a JSON file of the bundle folder.
 *
 * @returns The exact bytes, for their digest, and the value, not yet parsed into a contract.
 * @throws UnderstudyError as {@link fetchFile}; `bundle/not-json` when it is not JSON in UTF-8.
 */
export async function fetchJson(
  host: BundleHost,
  path: string,
  options: { readonly maxBytes: number; readonly signal?: AbortSignal | undefined },
): Promise<{ readonly bytes: Uint8Array<ArrayBuffer>; readonly value: unknown }> {
  const bytes = await fetchFile(host, path, { ...options, cache: 'no-cache', expects: 'json' });
  return { bytes, value: readJson(bytes, path) };
}

/** Decodes UTF-8 JSON. @throws UnderstudyError `bundle/not-json`. */
export function readJson(bytes: Uint8Array, path: string): unknown {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return value;
  } catch (error) {
    throw new UnderstudyError('bundle/not-json', `"${path}" is not JSON.`, { facts: { path }, cause: error });
  }
}

function refuseFaults(response: Response, path: string, expects: 'json' | 'bytes'): void {
  const { status } = response;
  if (status === 404 || status === 410) {
    throw new UnderstudyError('bundle/not-found', `The host has no "${path}" (status ${status}).`, {
      facts: { path, status },
    });
  }
  if (!response.ok) {
    throw new UnderstudyError('bundle/unreachable', `The host refused "${path}" (status ${status}).`, {
      facts: { path, status },
    });
  }
  const contentType = response.headers.get('content-type') ?? '';
  if (!/^text\/html\b/i.test(contentType)) return;
  // A login page, a captive portal, or a host that answers every address with its start page.
  const code = expects === 'json' ? 'bundle/not-json' : 'bundle/not-found';
  throw new UnderstudyError(code, `The host answered "${path}" with a web page.`, {
    facts: { path, contentType },
  });
}

type Watch = <T>(work: Promise<T>) => Promise<T>;

async function readBody(
  response: Response,
  path: string,
  options: FetchFileOptions,
  watch: Watch,
): Promise<Uint8Array<ArrayBuffer>> {
  const reader = response.body?.getReader();
  if (reader === undefined) return new Uint8Array();
  const parts: Uint8Array[] = [];
  let loadedBytes = 0;
  try {
    for (;;) {
      const { done, value } = await watch(reader.read());
      if (done) return concatBytes(parts);
      loadedBytes += value.length;
      if (loadedBytes > options.maxBytes) {
        throw new UnderstudyError('bundle/too-long', `"${path}" is longer than ${options.maxBytes} bytes.`, {
          facts: { path, maxBytes: options.maxBytes },
        });
      }
      parts.push(value);
      options.onProgress?.(loadedBytes);
    }
  } catch (error) {
    // Tells the host to stop; nothing waits for it, since a broken stream may never confirm.
    reader.cancel().catch(() => undefined);
    throw error;
  }
}

/** Makes waits that end with the signal, or when nothing came for the progress timeout. */
function createWatch(host: BundleHost, path: string, signal: AbortSignal | undefined): Watch {
  const timeoutMs = host.progressTimeoutMs ?? PROGRESS_TIMEOUT_MS;
  return async (work) => {
    const timer = new AbortController();
    const ended = (): void => {
      timer.abort();
    };
    // It may have been aborted while the work was begun, before anybody listened.
    if (signal?.aborted === true) ended();
    signal?.addEventListener('abort', ended, { once: true });
    const late = host.clock.sleep(timeoutMs, { signal: timer.signal }).then((): never => {
      throw new UnderstudyError('bundle/unreachable', `Nothing of "${path}" came for ${timeoutMs} ms.`, {
        facts: { path, timeoutMs },
      });
    });
    // When the wait ends first, a fault of the work has nobody left to hear it.
    work.catch(() => undefined);
    try {
      return await Promise.race([work, late]);
    } finally {
      signal?.removeEventListener('abort', ended);
      timer.abort();
    }
  };
}
