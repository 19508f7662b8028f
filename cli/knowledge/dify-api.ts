import type { Clock } from '../../src/contracts/clock.ts';
import { UnderstudyError, isUnderstudyError } from '../../src/contracts/errors.ts';
import { readRetryAfter } from '../../src/bytes/read-retry-after.ts';

/** Longest answer that is read, in bytes. */
const MAX_ANSWER_BYTES: number = 64 * 1024 * 1024;
/** Times a request is sent before the pull gives up. */
const MAX_TRIES = 7;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 60_000;
const TIMEOUT_MS = 30_000;

/** What a {@link DifyApi} needs. */
export interface DifyApiOptions {
  /** Such as `https://api.dify.ai/v1`, without a slash at the end. */
  readonly baseUrl: string;
  /** Comes from the environment; is sent to the base address and stands in no message and no file. */
  readonly key: string;
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** In [0, 1). Default Math.random. */
  readonly random?: () => number;
  /** Is told before a request is sent again. */
  readonly onWait?: (why: string, waitMs: number) => void;
}

/** Reads from Dify's API; sends again what failed for a while. */
export interface DifyApi {
  readonly baseUrl: string;
  /**
   * Gives the JSON of an answer.
   * @throws UnderstudyError `dify/unreachable`; the signal's reason when aborted.
   */
  get(path: string, query?: { readonly [name: string]: string }): Promise<unknown>;
}

/** A failure that may pass. */
interface Passing {
  readonly why: string;
  /** What the server asks for; null: by how often it failed. */
  readonly waitMs: number | null;
}

/**
 * Makes a {@link DifyApi}. Broken connections, answers that end early, 408, 429 and 5xx are tried again, up to seven times: after
 * what `Retry-After` says, else after 0.5 s that double each time, with a random part against many clients that wait alike.
 * A redirect is no answer: the key would follow it.
 */
export function createDifyApi(options: DifyApiOptions): DifyApi {
  const { clock, signal, random = Math.random, onWait = () => undefined } = options;
  const baseUrl = options.baseUrl.replace(/\/+$/, '');
  return {
    baseUrl,
    async get(path, query = {}) {
      const search = new URLSearchParams(query).toString();
      const url = `${baseUrl}${path}${search === '' ? '' : `?${search}`}`;
      let last = '';
      for (let tries = 1; tries <= MAX_TRIES; tries += 1) {
        signal.throwIfAborted();
        const outcome = await askOnce(options, url, path);
        if ('value' in outcome) return outcome.value;
        last = outcome.why;
        if (tries === MAX_TRIES) break;
        const backoffMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (tries - 1)) * (1 + random() / 4);
        const waitMs = Math.round(outcome.waitMs ?? backoffMs);
        onWait(outcome.why, waitMs);
        await clock.sleep(waitMs, { signal });
      }
      throw unreachable(path, `${last}, ${String(MAX_TRIES)} times`);
    },
  };
}

async function askOnce(
  options: DifyApiOptions,
  url: string,
  path: string,
): Promise<{ readonly value: unknown } | Passing> {
  const { signal } = options;
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  try {
    const response = await options.fetch(url, {
      headers: { Authorization: `Bearer ${options.key}`, Accept: 'application/json' },
      redirect: 'manual',
      signal: AbortSignal.any([signal, timeout]),
    });
    if (response.ok) return readValue(await readText(response, path));
    await response.body?.cancel();
    return judge(response, path, options.clock.now());
  } catch (error) {
    signal.throwIfAborted();
    if (isUnderstudyError(error)) throw error;
    const why = timeout.aborted
      ? `no answer within ${String(TIMEOUT_MS / 1000)} s`
      : `the connection broke (${reasonOf(error)})`;
    return { why, waitMs: null };
  }
}

/** Bytes are counted as they come: the length a server names may be wrong. */
async function readText(response: Response, path: string): Promise<string> {
  const pieces: Uint8Array[] = [];
  let sizeBytes = 0;
  if (response.body === null) return '';
  const reader = response.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    sizeBytes += value.length;
    if (sizeBytes > MAX_ANSWER_BYTES) {
      await reader.cancel();
      throw unreachable(path, 'the answer is longer than 64 MB');
    }
    pieces.push(value);
  }
  return Buffer.concat(pieces).toString('utf8');
}

function readValue(text: string): { readonly value: unknown } | Passing {
  try {
    return { value: JSON.parse(text) };
  } catch {
    // A proxy that cuts answers, or its page of words.
    return { why: 'the answer is no JSON', waitMs: null };
  }
}

function judge(response: Response, path: string, nowMs: number): Passing {
  const { status } = response;
  if (status === 408 || status === 429 || status >= 500) {
    return {
      why: `status ${String(status)}`,
      waitMs: readRetryAfter(response.headers.get('retry-after'), nowMs),
    };
  }
  if (status === 401 || status === 403)
    throw unreachable(path, `it refuses the key (status ${String(status)})`, status);
  if (status === 404) throw unreachable(path, 'there is no such thing (status 404)', status);
  if ((status >= 300 && status < 400) || status === 0)
    throw unreachable(path, 'it leads to another address', status);
  throw unreachable(path, `status ${String(status)}`, status);
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const { cause } = error;
  return cause instanceof Error && 'code' in cause ? String(cause.code) : error.name;
}

/** Makes the error of an API that does not answer as it should. */
export function unreachable(path: string, what: string, status: number | null = null): UnderstudyError {
  return new UnderstudyError('dify/unreachable', `GET ${path}: ${what}.`, { facts: { path, status } });
}
