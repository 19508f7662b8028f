import type { Clock } from '../../contracts/clock.ts';
import { isUnderstudyError, UnderstudyError } from '../../contracts/errors.ts';
import { readRetryAfter } from '../../bytes/read-retry-after.ts';
import { parseDifyFailure, toLeadCode, toLeadError } from './dify-errors.ts';

/** The part of `fetch` that leads use. */
export type LeadFetch = (url: string, init: RequestInit) => Promise<Response>;

/** What {@link DifyHttp} works with. */
export interface DifyHttpOptions {
  /** Base of the API without a slash at the end, as in `https://dify.example.com/api`. */
  readonly baseUrl: string;
  readonly fetch: LeadFetch;
  readonly clock: Clock;
  /** Told once of a server that is there but may not be read from this page. */
  readonly onFault: (error: UnderstudyError) => void;
}

/** One HTTP request below the base address. */
export interface DifyHttpRequest {
  readonly method: 'GET' | 'POST';
  /** With its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON as text, or a form with a file. */
  readonly body?: string | FormData;
  readonly signal?: AbortSignal;
  /** Longest wait for the answer's headers, in ms. */
  readonly timeoutMs: number;
  /** Lets the request outlive the page. Default false. */
  readonly keepalive?: boolean;
}

const MAX_BODY_LENGTH: number = 1024 * 1024;
const BODY_TIMEOUT_MS = 8000;
const DIAGNOSIS_TIMEOUT_MS = 4000;

/** Sends single requests to a server and words what goes wrong; knows nothing of passports. */
export class DifyHttp {
  readonly #options: DifyHttpOptions;
  #isDiagnosed = false;

  constructor(options: DifyHttpOptions) {
    this.#options = options;
  }

  /**
   * Sends a request.
   * @returns The answer, whose status is 2xx.
   * @throws UnderstudyError `lead/*`; the signal's reason when aborted.
   */
  async send(request: DifyHttpRequest): Promise<Response> {
    const { baseUrl, fetch, clock } = this.#options;
    const { signal, path, body } = request;
    signal?.throwIfAborted();
    const sending = new AbortController();
    const waiting = new AbortController();
    // Stays in place after the headers: the same signal must also end the body.
    signal?.addEventListener('abort', () => sending.abort(signal.reason), { once: true });
    const late = clock.sleep(request.timeoutMs, { signal: waiting.signal }).then(() => {
      const error = new UnderstudyError(
        'lead/timeout',
        `The lead did not answer ${path} within ${String(request.timeoutMs)} ms.`,
        { facts: { path } },
      );
      sending.abort(error);
      throw error;
    });
    const sent = fetch(`${baseUrl}${path}`, {
      method: request.method,
      headers: {
        // A form's own type carries its boundary, which only the platform knows.
        ...(typeof body === 'string' ? { 'Content-Type': 'application/json' } : {}),
        ...request.headers,
      },
      credentials: 'omit',
      cache: 'no-store',
      referrerPolicy: 'strict-origin-when-cross-origin',
      signal: sending.signal,
      ...(body === undefined ? {} : { body }),
      ...(request.keepalive === true ? { keepalive: true } : {}),
    });
    try {
      const response = await Promise.race([sent, late]);
      if (!response.ok) throw await this.#toError(response, path);
      return response;
    } catch (error) {
      signal?.throwIfAborted();
      if (isUnderstudyError(error)) throw error;
      void this.#diagnose();
      throw new UnderstudyError('lead/unreachable', `The lead at ${baseUrl} cannot be reached.`, {
        facts: { path },
        cause: error,
      });
    } finally {
      sent.catch(() => undefined);
      late.catch(() => undefined);
      waiting.abort();
    }
  }

  /** Reads the JSON of an answer. @throws UnderstudyError `lead/bad-response`, `lead/interrupted`, `lead/timeout`. */
  async readJson(response: Response, path: string): Promise<unknown> {
    const type = response.headers.get('content-type') ?? '';
    const waiting = new AbortController();
    const late = this.#options.clock.sleep(BODY_TIMEOUT_MS, { signal: waiting.signal }).then(() => {
      throw new UnderstudyError('lead/timeout', `The lead did not finish its answer to ${path}.`);
    });
    const read = response.text().catch((cause: unknown) => {
      throw new UnderstudyError('lead/interrupted', 'The connection to the lead broke.', { cause });
    });
    late.catch(() => undefined);
    read.catch(() => undefined);
    const text = await Promise.race([read, late]).finally(() => waiting.abort());
    try {
      if (text.length > MAX_BODY_LENGTH) throw new RangeError('too long');
      return JSON.parse(text);
    } catch {
      throw new UnderstudyError(
        'lead/bad-response',
        `The lead answered ${path} with "${type}" instead of JSON.`,
        { facts: { path, contentType: type } },
      );
    }
  }

  async #toError(response: Response, path: string): Promise<UnderstudyError> {
    const retryAfterMs = readRetryAfter(response.headers.get('retry-after'), this.#options.clock.now());
    let body: unknown = null;
    try {
      body = JSON.parse((await response.text()).slice(0, MAX_BODY_LENGTH));
    } catch {
      // A proxy's error page says nothing beyond its status.
    }
    const failure = { ...parseDifyFailure(body, response.status, retryAfterMs), status: response.status };
    return toLeadError(failure, toLeadCode(failure), path);
  }

  /**
   * Finds out whether the server is there but its answers are withheld from this page: browsers say the same of both.
   * The visitor does not wait for it.
   */
  async #diagnose(): Promise<void> {
    if (this.#isDiagnosed) return;
    this.#isDiagnosed = true;
    const { baseUrl, onFault } = this.#options;
    if (!(await this.#isAnswered('no-cors')) || (await this.#isAnswered('cors'))) return;
    onFault(
      new UnderstudyError('lead/cors', `Answers of the lead at ${baseUrl} are withheld from this page.`, {
        facts: { baseUrl },
      }),
    );
  }

  async #isAnswered(mode: 'cors' | 'no-cors'): Promise<boolean> {
    const { baseUrl, fetch, clock } = this.#options;
    const sending = new AbortController();
    const waiting = new AbortController();
    clock
      .sleep(DIAGNOSIS_TIMEOUT_MS, { signal: waiting.signal })
      .then(() => sending.abort())
      .catch(() => undefined);
    try {
      const init: RequestInit = { mode, credentials: 'omit', cache: 'no-store', signal: sending.signal };
      const response = await fetch(`${baseUrl}/passport`, init);
      response.body?.cancel().catch(() => undefined);
      return true;
    } catch {
      return false;
    } finally {
      waiting.abort();
    }
  }
}
