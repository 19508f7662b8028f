import type { Clock } from '../contracts/clock.ts';
import { UnderstudyError } from '../contracts/errors.ts';
import type { PlanServices } from '../plan/step-handler.ts';

/** Longest answer that is read. */
const MAX_BYTES: number = 1024 * 1024;
/** Longest wait for an answer, its body included. */
const TIMEOUT_MS = 30_000;
/** Headers that would identify somebody, or are none of a plan's business. */
const WITHHELD = /^(authorization|cookie|host|origin|referer|proxy-.*|sec-.*)$/i;

/** What asks public addresses for a plan. */
export interface PublicRequestOptions {
  /** Host names that the owner allowed, in lower case. */
  readonly hosts: readonly string[];
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  readonly clock: Clock;
}

/**
 * Makes the way in which plans ask public addresses: GET over https, only of hosts that the owner allowed, without cookies or
 * referrer, following no redirects. Null when no host is allowed.
 *
 * It throws UnderstudyError `plan/needs-lead` when the address cannot or may not be asked from here, `plan/value-invalid` when
 * it is none or its answer is too long; the signal's reason when aborted.
 */
export function createPublicRequest(
  options: PublicRequestOptions,
): NonNullable<PlanServices['request']> | null {
  const { hosts, fetch, clock } = options;
  if (hosts.length === 0) return null;
  return async (address, headers, given) => {
    const url = checkAddress(address, hosts);
    const late = new AbortController();
    const done = new AbortController();
    clock
      .sleep(TIMEOUT_MS, { signal: done.signal })
      .then(() => late.abort(unreachable(url, 'it did not answer in time')))
      .catch(() => undefined); // it has answered
    const signal = AbortSignal.any([given, late.signal]);
    try {
      const response = await fetch(url.href, {
        method: 'GET',
        headers: allowedHeaders(headers),
        credentials: 'omit',
        redirect: 'error',
        referrerPolicy: 'no-referrer',
        cache: 'no-store',
        signal,
      });
      const body = await readLimited(response, url);
      return { status: response.status, headers: Object.fromEntries(response.headers), body };
    } catch (error) {
      given.throwIfAborted();
      if (late.signal.aborted) throw late.signal.reason;
      if (error instanceof UnderstudyError) throw error;
      throw unreachable(url, 'it cannot be reached from this page', error);
    } finally {
      done.abort();
    }
  };
}

/** @throws UnderstudyError `plan/value-invalid`, `plan/needs-lead`. */
function checkAddress(address: string, hosts: readonly string[]): URL {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url === null) {
    throw new UnderstudyError('plan/value-invalid', `"${address.slice(0, 200)}" is no address.`);
  }
  const isPlain = url.username === '' && url.password === '' && url.port === '';
  if (url.protocol !== 'https:' || !isPlain || !isPublicName(url.hostname) || !hosts.includes(url.hostname))
    throw unreachable(url, 'the owner has not allowed it');
  return url;
}

/** A name with a dot that is no number: addresses of the visitor's own network are never asked. */
function isPublicName(host: string): boolean {
  return (
    /^[a-z0-9.-]+\.[a-z][a-z0-9-]*$/.test(host) &&
    !/\.(local|localhost|internal|lan|home|intranet)$/.test(host)
  );
}

function allowedHeaders(headers: { readonly [name: string]: string }): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !WITHHELD.test(name)));
}

async function readLimited(response: Response, url: URL): Promise<string> {
  const reader = response.body?.getReader();
  if (reader === undefined) return '';
  const decoder = new TextDecoder();
  let text = '';
  let read = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return text + decoder.decode();
      read += value.byteLength;
      if (read > MAX_BYTES) {
        throw new UnderstudyError('plan/value-invalid', `The answer of ${url.host} is longer than 1 MB.`, {
          facts: { host: url.host },
        });
      }
      text += decoder.decode(value, { stream: true });
    }
  } finally {
    // A body that was left half-read must not go on arriving.
    await reader.cancel().catch(() => undefined);
  }
}

function unreachable(url: URL, why: string, cause?: unknown): UnderstudyError {
  return new UnderstudyError('plan/needs-lead', `${url.protocol}//${url.host} was not asked: ${why}.`, {
    facts: { host: url.host },
    cause,
  });
}
