import type { Clock } from '../../contracts/clock.ts';
import { isUnderstudyError, UnderstudyError } from '../../contracts/errors.ts';
import { isRecord } from '../../contracts/json.ts';
import { readRetryAfter } from '../../bytes/read-retry-after.ts';
import { parseDifyFailure, toLeadCode, toLeadError } from './dify-errors.ts';
import type { DifyParameters } from './dify-parameters.ts';
import { parseDifyParameters } from './dify-parameters.ts';
import type { DifyStanding, PassportStore, PassportStyle } from './passport-store.ts';
import { NO_STANDING, parseStanding } from './passport-store.ts';

/** The part of `fetch` that leads use. */
export type LeadFetch = (url: string, init: RequestInit) => Promise<Response>;

/** What a connection to a Dify server needs. */
export interface DifyConnectionOptions {
  /** Base of the Web API without a slash at the end, as in `https://dify.example.com/api`. */
  readonly baseUrl: string;
  /** The app's public site code. */
  readonly appCode: string;
  readonly fetch: LeadFetch;
  readonly clock: Clock;
  readonly passportStore: PassportStore;
}

/** One request below the base address. */
export interface DifyRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: string;
  readonly signal?: AbortSignal;
  /** Longest wait for the answer's headers, in ms. */
  readonly timeoutMs: number;
  /** Lets the request outlive the page. Default false. */
  readonly keepalive?: boolean;
}

const MAX_BODY_LENGTH: number = 1024 * 1024;
const PASSPORT_TIMEOUT_MS = 8000;
const BODY_TIMEOUT_MS = 8000;

/**
 * Speaks HTTP with the Web API of one Dify app: passports, how they are presented, and errors.
 *
 * A server whose way of taking passports is not known is asked for its parameters first, which is safe to repeat,
 * so that a question is never the request that finds out.
 */
export class DifyConnection {
  readonly #options: DifyConnectionOptions;
  #standing: DifyStanding | null = null;
  /** False while the store refuses to keep the standing, which then lives as long as the page. */
  #isStored = true;
  #parameters: DifyParameters | null = null;

  constructor(options: DifyConnectionOptions) {
    this.#options = options;
  }

  /** The conversation that is being continued, '' for a new one. */
  async conversationId(): Promise<string> {
    return (await this.#read()).conversationId;
  }

  /** Keeps the conversation for the next turn, '' to begin a new one. */
  async keepConversation(conversationId: string): Promise<void> {
    const standing = await this.#read();
    if (standing.conversationId !== conversationId) await this.#keep({ ...standing, conversationId });
  }

  /** The app's parameters; asked for once, again when `isFresh`. @throws UnderstudyError `lead/*`. */
  async parameters(
    options: { readonly signal?: AbortSignal; readonly timeoutMs?: number; readonly isFresh?: boolean } = {},
  ): Promise<DifyParameters> {
    if (this.#parameters !== null && options.isFresh !== true) return this.#parameters;
    const { signal, timeoutMs = PASSPORT_TIMEOUT_MS } = options;
    const standing = await this.#read();
    if (standing.passport === null || standing.style === null) {
      return await this.#settle(standing.passport, timeoutMs, signal);
    }
    try {
      return await this.#askParameters(standing.passport, standing.style, timeoutMs, signal);
    } catch (error) {
      if (!isUnderstudyError(error, 'lead/auth')) throw error;
      return await this.#settle(null, timeoutMs, signal);
    }
  }

  /**
   * Sends a request with the passport; a refused passport is renewed once.
   * @returns The answer, whose status is 2xx.
   * @throws UnderstudyError `lead/*`; the signal's reason when aborted.
   */
  async send(request: DifyRequest): Promise<Response> {
    const before = await this.#read();
    if (before.passport === null || before.style === null) {
      await this.#settle(before.passport, request.timeoutMs, request.signal);
    }
    try {
      return await this.#sendOnce(request, await this.#presented());
    } catch (error) {
      // A server that refuses the passport has not taken the request: sending it again is safe.
      if (!isUnderstudyError(error, 'lead/auth')) throw error;
      await this.#settle(null, request.timeoutMs, request.signal);
      return await this.#sendOnce(request, await this.#presented());
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

  /** Finds a passport and how it is presented, by asking for the parameters. */
  async #settle(known: string | null, timeoutMs: number, signal?: AbortSignal): Promise<DifyParameters> {
    const passport = known ?? (await this.#askPassport(timeoutMs, signal));
    const order: readonly PassportStyle[] = ['header', 'bearer'];
    let failure: unknown = null;
    for (const style of order) {
      try {
        const parameters = await this.#askParameters(passport, style, timeoutMs, signal);
        await this.#keep({ ...(await this.#read()), passport, style });
        return parameters;
      } catch (error) {
        // Older servers refuse the header with 401, or their CORS rules make the browser refuse it.
        const mayBeStyle =
          isUnderstudyError(error, 'lead/auth') || isUnderstudyError(error, 'lead/unreachable');
        if (!mayBeStyle) throw error;
        failure ??= error;
      }
    }
    if (known !== null && isUnderstudyError(failure, 'lead/auth')) {
      return await this.#settle(null, timeoutMs, signal);
    }
    throw failure;
  }

  async #askPassport(timeoutMs: number, signal?: AbortSignal): Promise<string> {
    const response = await this.#sendOnce(
      { method: 'GET', path: '/passport', timeoutMs, ...(signal === undefined ? {} : { signal }) },
      {},
    );
    const value = await this.readJson(response, '/passport');
    const passport = isRecord(value) ? value['access_token'] : null;
    if (typeof passport === 'string' && passport !== '') return passport;
    throw new UnderstudyError('lead/bad-response', 'The lead gave out no passport.', {
      facts: { path: '/passport' },
    });
  }

  async #askParameters(
    passport: string,
    style: PassportStyle,
    timeoutMs: number,
    signal?: AbortSignal,
  ): Promise<DifyParameters> {
    const response = await this.#sendOnce(
      { method: 'GET', path: '/parameters', timeoutMs, ...(signal === undefined ? {} : { signal }) },
      present(passport, style),
    );
    const parameters = parseDifyParameters(await this.readJson(response, '/parameters'));
    if (parameters === null) {
      throw new UnderstudyError('lead/bad-response', 'The lead answered /parameters with other fields.', {
        facts: { path: '/parameters' },
      });
    }
    this.#parameters = parameters;
    return parameters;
  }

  async #sendOnce(request: DifyRequest, headers: Record<string, string>): Promise<Response> {
    const { baseUrl, appCode, fetch, clock } = this.#options;
    const { signal, path } = request;
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
        'X-App-Code': appCode,
        ...(request.body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...headers,
      },
      credentials: 'omit',
      cache: 'no-store',
      referrerPolicy: 'strict-origin-when-cross-origin',
      signal: sending.signal,
      ...(request.body === undefined ? {} : { body: request.body }),
      ...(request.keepalive === true ? { keepalive: true } : {}),
    });
    try {
      const response = await Promise.race([sent, late]);
      if (!response.ok) throw await this.#toError(response, path);
      return response;
    } catch (error) {
      signal?.throwIfAborted();
      if (isUnderstudyError(error)) throw error;
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

  async #presented(): Promise<Record<string, string>> {
    const { passport, style } = await this.#read();
    return passport === null ? {} : present(passport, style ?? 'header');
  }

  /** Other tabs write the store too, and erasing it must end the conversation here as well. */
  async #read(): Promise<DifyStanding> {
    if (this.#standing !== null && !this.#isStored) return this.#standing;
    try {
      this.#standing = parseStanding(await this.#options.passportStore.get());
    } catch {
      this.#standing ??= NO_STANDING;
    }
    return this.#standing;
  }

  async #keep(standing: DifyStanding): Promise<void> {
    this.#standing = standing;
    // A device that keeps nothing costs a new passport at the next visit, no more.
    this.#isStored = await this.#options.passportStore.set(standing).then(
      () => true,
      () => false,
    );
  }
}

function present(passport: string, style: PassportStyle): Record<string, string> {
  return style === 'header' ? { 'X-App-Passport': passport } : { Authorization: `Bearer ${passport}` };
}
