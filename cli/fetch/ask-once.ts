import { BrokenDownload } from './broken-download.ts';
import type { FetchServices } from './fetch-services.ts';

/**
 * Asks an address once, without following where it leads.
 * @param until - Ends this request alone; its end counts as a broken one.
 * @throws BrokenDownload when no answer comes; the signal's reason when aborted.
 */
export async function askOnce(
  url: string,
  headers: { readonly [name: string]: string },
  { fetch, signal }: Pick<FetchServices, 'fetch' | 'signal'>,
  until?: AbortSignal,
): Promise<Response> {
  const both = until === undefined ? signal : AbortSignal.any([signal, until]);
  try {
    return await fetch(url, { headers, redirect: 'manual', signal: both });
  } catch (error) {
    signal.throwIfAborted();
    throw new BrokenDownload(until?.aborted === true ? 'no answer in time' : reasonOf(error));
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'no connection';
  const { cause } = error;
  return cause instanceof Error && 'code' in cause ? `no connection, ${String(cause.code)}` : error.message;
}
