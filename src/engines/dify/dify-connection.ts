import { isUnderstudyError, UnderstudyError } from '../../contracts/errors.ts';
import { isRecord } from '../../contracts/json.ts';
import type { DifyHttpOptions } from './dify-http.ts';
import { DifyHttp } from './dify-http.ts';
import type { DifyParameters } from './dify-parameters.ts';
import { parseDifyParameters } from './dify-parameters.ts';
import type { DifyAppKind, DifyStanding, PassportStore, PassportStyle } from './passport-store.ts';
import { MAX_KEPT_ANSWERS, NO_STANDING, parseStanding } from './passport-store.ts';

/** Which of Dify's interfaces is spoken. */
export type DifyAccess =
  /** The Web API, for browsers: the app's public site code, and a passport a visitor. */
  | { readonly flavor: 'web'; readonly appCode: string }
  /** The service API; whoever stands at the base address adds the key. */
  | { readonly flavor: 'service' };

/** What a connection to a Dify server needs. */
export interface DifyConnectionOptions extends DifyHttpOptions {
  readonly access: DifyAccess;
  readonly passportStore: PassportStore;
  /** Makes the name of a visitor for the service API. */
  readonly createUser: () => string;
}

/** One request below the base address, in the visitor's name. */
export interface DifyRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly fields?: Readonly<Record<string, unknown>>;
  /** Sent in place of `fields`. */
  readonly form?: FormData;
  readonly signal?: AbortSignal;
  /** Longest wait for the answer's headers, in ms. */
  readonly timeoutMs: number;
  /** Lets the request outlive the page. Default false. */
  readonly keepalive?: boolean;
}

/** How long a request may wait, and who may end it. */
export interface Waiting {
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
}

const SETTLE_TIMEOUT_MS = 8000;

/**
 * Speaks with one Dify app in the visitor's name: passports, how they are presented, and what is kept of the visitor.
 *
 * A server whose way of taking passports is not known is asked for its parameters first, which is safe to repeat,
 * so that a question is never the request that finds out.
 */
export class DifyConnection {
  readonly #options: DifyConnectionOptions;
  readonly #http: DifyHttp;
  #standing: DifyStanding | null = null;
  /** False while the store refuses to keep the standing, which then lives as long as the page. */
  #isStored = true;
  #parameters: DifyParameters | null = null;
  #settling: Promise<DifyParameters> | null = null;

  constructor(options: DifyConnectionOptions) {
    this.#options = options;
    this.#http = new DifyHttp(options);
  }

  get flavor(): DifyAccess['flavor'] {
    return this.#options.access.flavor;
  }

  /** Base of the API without a slash at the end. */
  get baseUrl(): string {
    return this.#options.baseUrl;
  }

  /** What is kept of the visitor. */
  async standing(): Promise<DifyStanding> {
    if (this.#standing !== null && !this.#isStored) return this.#standing;
    try {
      // Other tabs write the store too, and erasing it must end the conversation here as well.
      this.#standing = parseStanding(await this.#options.passportStore.get());
    } catch {
      this.#standing ??= NO_STANDING;
    }
    return this.#standing;
  }

  /** Keeps the conversation for the next turn, '' to begin a new one. */
  async keepConversation(conversationId: string): Promise<void> {
    const standing = await this.standing();
    if (standing.conversationId !== conversationId) await this.#keep({ ...standing, conversationId });
  }

  /** Keeps what kind of app answers. */
  async keepAppKind(appKind: DifyAppKind): Promise<void> {
    const standing = await this.standing();
    if (standing.appKind !== appKind) await this.#keep({ ...standing, appKind });
  }

  /** Remembers which message of the server answered a turn. */
  async keepAnswer(turnId: string, messageId: string): Promise<void> {
    const standing = await this.standing();
    const others = standing.answers.filter((answer) => answer.turnId !== turnId);
    const answers = [...others, { turnId, messageId }].slice(-MAX_KEPT_ANSWERS);
    await this.#keep({ ...standing, answers });
  }

  /** The app's parameters; asked for once, again when `isFresh`. @throws UnderstudyError `lead/*`. */
  async parameters(options: Waiting & { readonly isFresh?: boolean } = {}): Promise<DifyParameters> {
    if (this.#parameters !== null && options.isFresh !== true) return this.#parameters;
    const waiting = { timeoutMs: SETTLE_TIMEOUT_MS, ...options };
    const known = await this.#presented();
    if (known === null) return await this.#settle((await this.standing()).passport, waiting);
    try {
      return await this.#askParameters(known, waiting);
    } catch (error) {
      if (!isUnderstudyError(error, 'lead/auth') || this.flavor === 'service') throw error;
      return await this.#settle(null, waiting);
    }
  }

  /**
   * Sends a request in the visitor's name; a refused passport is renewed once.
   * @returns The answer, whose status is 2xx.
   * @throws UnderstudyError `lead/*`; the signal's reason when aborted.
   */
  async send(request: DifyRequest): Promise<Response> {
    if ((await this.#presented()) === null) await this.#settle((await this.standing()).passport, request);
    try {
      return await this.#sendOnce(request, (await this.#presented()) ?? {});
    } catch (error) {
      // A server that refuses the passport has not taken the request: sending it again is safe.
      if (!isUnderstudyError(error, 'lead/auth') || this.flavor === 'service') throw error;
      await this.#settle(null, request);
      return await this.#sendOnce(request, (await this.#presented()) ?? {});
    }
  }

  /** Sends a request and reads the JSON of its answer. @throws UnderstudyError `lead/*`. */
  async sendForJson(request: DifyRequest): Promise<unknown> {
    return await this.#http.readJson(await this.send(request), request.path);
  }

  /** Settles who the visitor is, once for all who wait for it: two passports would be two visitors. */
  async #settle(known: string | null, { signal, timeoutMs }: Waiting): Promise<DifyParameters> {
    signal?.throwIfAborted();
    this.#settling ??= this.#findStanding(known, timeoutMs === undefined ? {} : { timeoutMs }).finally(() => {
      this.#settling = null;
    });
    return await abortable(this.#settling, signal);
  }

  /** Finds a passport and how it is presented, by asking for the parameters. */
  async #findStanding(known: string | null, waiting: Waiting): Promise<DifyParameters> {
    if (this.flavor === 'service') {
      const standing = await this.standing();
      await this.#keep({ ...standing, user: standing.user ?? this.#options.createUser() });
      return await this.#askParameters({}, waiting);
    }
    const passport = known ?? (await this.#askPassport(waiting));
    const order: readonly PassportStyle[] = ['header', 'bearer'];
    let failure: unknown = null;
    for (const style of order) {
      try {
        const parameters = await this.#askParameters(present(passport, style), waiting);
        await this.#keep({ ...(await this.standing()), passport, style });
        return parameters;
      } catch (error) {
        // Older servers refuse the header with 401, or their CORS rules make the browser refuse it.
        const mayBeStyle =
          isUnderstudyError(error, 'lead/auth') || isUnderstudyError(error, 'lead/unreachable');
        if (!mayBeStyle) throw error;
        failure ??= error;
      }
    }
    if (known !== null && isUnderstudyError(failure, 'lead/auth'))
      return await this.#findStanding(null, waiting);
    throw failure;
  }

  async #askPassport(waiting: Waiting): Promise<string> {
    const path = '/passport';
    const value = await this.#http.readJson(
      await this.#sendOnce({ method: 'GET', path, ...within(waiting) }, {}),
      path,
    );
    const passport = isRecord(value) ? value['access_token'] : null;
    if (typeof passport === 'string' && passport !== '') return passport;
    throw new UnderstudyError('lead/bad-response', 'The lead gave out no passport.', { facts: { path } });
  }

  async #askParameters(
    presented: Readonly<Record<string, string>>,
    waiting: Waiting,
  ): Promise<DifyParameters> {
    const path = '/parameters';
    const response = await this.#sendOnce({ method: 'GET', path, ...within(waiting) }, presented);
    const parameters = parseDifyParameters(await this.#http.readJson(response, path));
    if (parameters === null) {
      throw new UnderstudyError('lead/bad-response', 'The lead answered /parameters with other fields.', {
        facts: { path },
      });
    }
    this.#parameters = parameters;
    return parameters;
  }

  async #sendOnce(request: DifyRequest, presented: Readonly<Record<string, string>>): Promise<Response> {
    const { access } = this.#options;
    const { method, path, fields, form, signal, timeoutMs, keepalive } = request;
    // The service API takes the visitor's name with each call; the Web API reads it from the passport.
    const user = access.flavor === 'service' ? (await this.standing()).user : null;
    const query = new URLSearchParams(request.query);
    if (user !== null && method === 'GET') query.set('user', user);
    if (user !== null) form?.set('user', user);
    const named = user === null || method === 'GET' ? fields : { ...fields, user };
    const body = form ?? (named === undefined ? undefined : JSON.stringify(named));
    return await this.#http.send({
      method,
      path: query.size === 0 ? path : `${path}?${query.toString()}`,
      headers: access.flavor === 'web' ? { 'X-App-Code': access.appCode, ...presented } : {},
      timeoutMs,
      ...(body === undefined ? {} : { body }),
      ...(signal === undefined ? {} : { signal }),
      ...(keepalive === undefined ? {} : { keepalive }),
    });
  }

  /** Headers that name the visitor; null while it is not known how. */
  async #presented(): Promise<Readonly<Record<string, string>> | null> {
    const { passport, style, user } = await this.standing();
    if (this.flavor === 'service') return user === null ? null : {};
    return passport === null || style === null ? null : present(passport, style);
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

/** What the promise gives, unless the signal comes first; the promise goes on for others. */
async function abortable<T>(promise: Promise<T>, signal?: AbortSignal): Promise<T> {
  if (signal === undefined) return await promise;
  const waiting = new AbortController();
  const aborted = new Promise<never>((_resolve, reject) => {
    const stop = (): void => {
      const reason: unknown = signal.reason;
      reject(reason instanceof Error ? reason : new DOMException('The operation was aborted.', 'AbortError'));
    };
    signal.addEventListener('abort', stop, { once: true, signal: waiting.signal });
  });
  return await Promise.race([promise, aborted]).finally(() => waiting.abort());
}

function within({ signal, timeoutMs = SETTLE_TIMEOUT_MS }: Waiting): {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
} {
  return { timeoutMs, ...(signal === undefined ? {} : { signal }) };
}

function present(passport: string, style: PassportStyle): Record<string, string> {
  return style === 'header' ? { 'X-App-Passport': passport } : { Authorization: `Bearer ${passport}` };
}
