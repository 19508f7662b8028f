import type { Clock } from '../../contracts/clock.ts';
import { isUnderstudyError, UnderstudyError } from '../../contracts/errors.ts';
import type { Lead, OutboxMessage, RespondOptions, ResponderPart } from '../../contracts/responder.ts';
import type { TurnRequest } from '../../contracts/turn.ts';
import { CHAT_PATH, ChatStream } from './chat-stream.ts';
import type { LeadFetch } from './dify-connection.ts';
import { DifyConnection } from './dify-connection.ts';
import type { DifyEvent } from './dify-events.ts';
import { parseDifyEvent } from './dify-events.ts';
import { parseSuggestedQuestions } from './dify-parameters.ts';
import { summarizeBefore, wordLeftMessage } from './dify-texts.ts';
import type { PassportStore } from './passport-store.ts';
import { createMemoryPassportStore } from './passport-store.ts';
import { readServerSentEvents } from '../../bytes/read-server-sent-events.ts';

/** Options of {@link createDifyLead}. */
export interface DifyLeadOptions {
  /** Base of the Web API, as in `https://dify.example.com/api`. */
  readonly baseUrl: string;
  /** The app's public site code, the `token` of Dify's embed snippet; never an `app-…` key. */
  readonly appCode: string;
  readonly clock: Clock;
  /** Default: the platform's `fetch`. */
  readonly fetch?: LeadFetch;
  /** Language of the sentences the agent is told on the visitor's behalf. Default `en`. */
  readonly language?: string;
  /** Keeps passport and conversation between page loads. Default: as long as the page lives. */
  readonly passportStore?: PassportStore;
}

/** Longest silence of a stream, in ms; Dify pings every 10 s. */
const SILENCE_MS = 25_000;
/** Longest wait for what may follow the end of the message (the end of the run), in ms. */
const AFTER_END_MS = 3000;
const PROBE_TIMEOUT_MS = 4000;
const SUGGESTIONS_TIMEOUT_MS = 4000;

/** Makes the lead that talks to a Dify app through its Web API, the one browsers may use without a key. */
export function createDifyLead(options: DifyLeadOptions): Lead {
  return new DifyLead(options);
}

class DifyLead implements Lead {
  readonly contract = 1;
  readonly id = 'dify';
  readonly kind = 'lead';
  readonly #connection: DifyConnection;
  readonly #clock: Clock;
  readonly #language: string;

  constructor(options: DifyLeadOptions) {
    this.#clock = options.clock;
    this.#language = options.language ?? 'en';
    this.#connection = new DifyConnection({
      baseUrl: options.baseUrl.replace(/\/+$/, ''),
      appCode: options.appCode,
      clock: options.clock,
      fetch: options.fetch ?? ((url, init) => fetch(url, init)),
      passportStore: options.passportStore ?? createMemoryPassportStore(),
    });
  }

  async *respond(turn: TurnRequest, options: RespondOptions = {}): AsyncIterable<ResponderPart> {
    const { signal, history = [] } = options;
    const open = (query: string): Promise<Response> => this.#openChat(query, turn.inputs, SILENCE_MS, signal);
    let response: Response;
    try {
      response = await open(turn.text);
    } catch (error) {
      if (!(await this.#isForgotten(error))) throw error;
      await this.#connection.keepConversation('');
      response = await open(summarizeBefore(turn.text, history, turn.language));
    }
    const stream = new ChatStream();
    try {
      for await (const event of this.#events(response, stream, signal)) yield* stream.take(event);
      await this.#keepConversation(stream);
      stream.assertComplete();
      yield* stream.citations.map((citation): ResponderPart => ({ type: 'citation', citation }));
      for (const text of await this.#suggestions(stream.messageId, signal))
        yield { type: 'suggestion', text };
      yield {
        type: 'end',
        outcome: {
          isWorded: true,
          isRefusal: false,
          intent: 'none',
          confidence: 1,
          tokensPerSecond: 0,
          memoryBytes: 0,
        },
      };
    } finally {
      if (!stream.isOver && !stream.isBroken) this.#stop(stream.taskId);
    }
  }

  async probe(options: { readonly signal?: AbortSignal } = {}): Promise<void> {
    await this.#connection.parameters({ ...options, timeoutMs: PROBE_TIMEOUT_MS, isFresh: true });
  }

  async deliver(
    message: OutboxMessage,
    options: { readonly signal?: AbortSignal } = {},
  ): Promise<'delivered' | 'unconfirmed'> {
    // A failed probe proves that nothing was sent; after it, a lost answer leaves that open.
    await this.probe(options);
    const stream = new ChatStream();
    try {
      const query = wordLeftMessage(message, this.#language);
      const response = await this.#openChat(query, {}, SILENCE_MS, options.signal).catch(
        async (error: unknown) => {
          if (!(await this.#isForgotten(error))) throw error;
          await this.#connection.keepConversation('');
          return await this.#openChat(query, {}, SILENCE_MS, options.signal);
        },
      );
      for await (const event of this.#events(response, stream, options.signal)) stream.take(event);
      await this.#keepConversation(stream);
      return stream.messageId === null ? 'unconfirmed' : 'delivered';
    } catch (error) {
      if (stream.messageId !== null) return 'delivered';
      if (isSurelyNotDelivered(error)) throw error;
      return 'unconfirmed';
    }
  }

  async #openChat(
    query: string,
    inputs: TurnRequest['inputs'],
    timeoutMs: number,
    signal?: AbortSignal,
  ): Promise<Response> {
    const response = await this.#connection.send({
      method: 'POST',
      path: CHAT_PATH,
      timeoutMs,
      body: JSON.stringify({
        query,
        inputs,
        response_mode: 'streaming',
        conversation_id: await this.#connection.conversationId(),
        files: [],
      }),
      ...(signal === undefined ? {} : { signal }),
    });
    const contentType = response.headers.get('content-type') ?? '';
    if (response.body !== null && contentType.toLowerCase().startsWith('text/event-stream')) return response;
    response.body?.cancel().catch(() => undefined);
    throw new UnderstudyError(
      'lead/bad-response',
      `The lead answered ${CHAT_PATH} with "${contentType}" instead of a stream.`,
      { facts: { path: CHAT_PATH, contentType } },
    );
  }

  /** Reads events until the stream ends, or until nothing more of use can follow. */
  async *#events(
    response: Response,
    stream: ChatStream,
    signal?: AbortSignal,
  ): AsyncGenerator<DifyEvent, void, undefined> {
    if (response.body === null) return;
    const draining = new AbortController();
    const stop = (): void => draining.abort(signal?.reason);
    signal?.addEventListener('abort', stop, { once: true });
    const timer = new AbortController();
    try {
      const events = readServerSentEvents(response.body, {
        clock: this.#clock,
        silenceMs: SILENCE_MS,
        signal: draining.signal,
      });
      for await (const frame of events) {
        if (frame.event === 'ping') continue;
        const event = parseDifyEvent(frame.data);
        if (event === null) {
          throw new UnderstudyError('lead/bad-response', 'The lead sent an event that is no JSON object.');
        }
        const wasOver = stream.isOver;
        yield event;
        if (stream.isComplete) return;
        if (stream.isOver && !wasOver) {
          this.#clock
            .sleep(AFTER_END_MS, { signal: timer.signal })
            .then(() => draining.abort(new DOMException('The message is over.', 'AbortError')))
            .catch(() => undefined);
        }
      }
    } catch (error) {
      signal?.throwIfAborted();
      // Whatever happens after the end of the message, the answer is whole.
      if (stream.isOver) return;
      stream.isBroken = true;
      throw error;
    } finally {
      timer.abort();
      signal?.removeEventListener('abort', stop);
    }
  }

  async #isForgotten(error: unknown): Promise<boolean> {
    if (!isUnderstudyError(error) || (await this.#connection.conversationId()) === '') return false;
    return error.code === 'lead/not-found' || error.facts['status'] === 404;
  }

  async #keepConversation(stream: ChatStream): Promise<void> {
    if (stream.conversationId !== null) await this.#connection.keepConversation(stream.conversationId);
  }

  async #suggestions(messageId: string | null, signal?: AbortSignal): Promise<readonly string[]> {
    if (messageId === null) return [];
    const shared = { timeoutMs: SUGGESTIONS_TIMEOUT_MS, ...(signal === undefined ? {} : { signal }) };
    try {
      if (!(await this.#connection.parameters(shared)).suggestsQuestions) return [];
      const path = `/messages/${messageId}/suggested-questions`;
      const response = await this.#connection.send({ method: 'GET', path, ...shared });
      return parseSuggestedQuestions(await this.#connection.readJson(response, path));
    } catch {
      signal?.throwIfAborted();
      // Suggestions are an extra: their failure must not turn a whole answer into a fault.
      return [];
    }
  }

  /** Tells the server to stop writing; nobody waits for its answer. */
  #stop(taskId: string | null): void {
    if (taskId === null) return;
    this.#connection
      .send({
        method: 'POST',
        path: `${CHAT_PATH}/${taskId}/stop`,
        body: '{}',
        timeoutMs: PROBE_TIMEOUT_MS,
        keepalive: true,
      })
      .then((response) => response.body?.cancel())
      .catch(() => undefined);
  }
}

/** Failures after which the server cannot have taken the message, given that it was reachable just before. */
function isSurelyNotDelivered(error: unknown): boolean {
  if (!isUnderstudyError(error)) return false;
  if (error.code === 'lead/auth' || error.code === 'lead/misconfigured' || error.code === 'lead/not-found')
    return true;
  const status = error.facts['status'];
  return error.code === 'lead/refused' && (status === 429 || status === 503 || status === 400);
}
