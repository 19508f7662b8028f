import { UnderstudyError } from '../../../src/contracts/errors.ts';
import { parseSha256 } from '../../config/parse-model.ts';
import { addressFault } from '../../fetch/address-fault.ts';
import { askOnce } from '../../fetch/ask-once.ts';
import type { FetchServices } from '../../fetch/fetch-services.ts';
import { refusal } from './refusal.ts';

/** A host leads on at most so often. */
const MAX_REDIRECTS = 5;

/** What is asked for. */
export interface AskedAddress {
  readonly url: string;
  readonly headers: { readonly [name: string]: string };
  /** Whether the host is the hub, whose tags of large files are their hashes; elsewhere a tag may be any digest. */
  readonly isOfHub: boolean;
}

/** An answer whose body has not been read. */
export interface OpenedAddress {
  readonly response: Response;
  /** Hash of the whole file as the hub tells it; null when nothing does. */
  readonly sha256: string | null;
}

/**
 * Asks an address and follows where it leads, over https alone.
 * @throws BrokenDownload for what may pass; UnderstudyError `cli/model-refused`, `cli/not-found`, `cli/model-unreachable` for what will
 *   not; the signal's reason when aborted.
 */
export async function openAddress(asked: AskedAddress, services: FetchServices): Promise<OpenedAddress> {
  const { origin } = new URL(asked.url);
  let url = asked.url;
  let sha256: string | null = null;
  for (let hops = 0; hops <= MAX_REDIRECTS; hops += 1) {
    const response = await askOnce(url, asked.headers, services);
    // Storage behind the hub tags its files with hashes of another kind.
    const isHub = asked.isOfHub && new URL(url).origin === origin;
    sha256 ??= tagOf(response, 'x-linked-etag') ?? (isHub ? tagOf(response, 'etag') : null);
    const location = response.headers.get('location');
    if (response.status < 300 || response.status >= 400 || location === null) {
      if (response.ok) return { response, sha256 };
      await response.body?.cancel();
      throw refusal(asked.url, response, services.clock.now());
    }
    await response.body?.cancel();
    url = nextAddress(asked.url, url, location);
  }
  throw unreachable(asked.url, `leads on more than ${MAX_REDIRECTS} times`);
}

function nextAddress(first: string, url: string, location: string): string {
  const next = URL.canParse(location, url) ? new URL(location, url).href : location;
  const fault = addressFault(next);
  if (fault !== null) throw unreachable(first, `leads to "${next}", which ${fault}`);
  // A stranger must not send the build to a service of this machine.
  if (new URL(next).protocol === 'http:' && new URL(first).protocol !== 'http:')
    throw unreachable(first, `leads to "${next}", which is on this machine`);
  return next;
}

function tagOf(response: Response, name: string): string | null {
  const tag = response.headers.get(name) ?? '';
  return parseSha256(tag.replace(/^W\//, '').replaceAll('"', ''));
}

function unreachable(url: string, what: string): UnderstudyError {
  return new UnderstudyError('cli/model-unreachable', `"${url}" ${what}.`, { facts: { url } });
}
