import type { Clock } from '../../contracts/clock.ts';
import type { PromptMessage } from '../../contracts/engine.ts';
import { isUnderstudyError, UnderstudyError } from '../../contracts/errors.ts';
import type { Exchange, Lead, RespondOptions, ResponderPart } from '../../contracts/responder.ts';
import type { TurnRequest } from '../../contracts/turn.ts';
import { parseOpenAiChunk } from './openai-chunks.ts';
import { readRetryAfter } from '../../bytes/read-retry-after.ts';
import { readServerSentEvents } from '../../bytes/read-server-sent-events.ts';
import { parseOpenAiFailure, toLeadError } from './openai-errors.ts';

/** Options of {@link createOpenAiLead}. */
export interface OpenAiLeadOptions {
  /** Base of the API, as in `https://gateway.example.com/v1`; the owner's gateway adds the key. */
  readonly baseUrl: string;
  readonly model: string;
  readonly clock: Clock;
  /** Default: the platform's `fetch`. */
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>;
  /** Headers a gateway asks for. They are public: everybody can read the page. Default none. */
  readonly headers?: Readonly<Record<string, string>>;
}

const SILENCE_MS = 25_000;
const PROBE_TIMEOUT_MS = 4000;
const MAX_EXCHANGES = 6;
const MAX_BODY_LENGTH: number = 64 * 1024;

/**
 * Makes the lead that talks to an endpoint of the chat completions protocol, without a key in the page.
 *
 * Such an endpoint keeps no messages: `deliver` throws `lead/misconfigured`, and the owner names an outbox address.
 */
export function createOpenAiLead(options: OpenAiLeadOptions): Lead {
  const { clock, model } = options;
  const baseUrl = options.baseUrl.replace(/\/+$/, '');
  const send = options.fetch ?? ((url: string, init: RequestInit) => fetch(url, init));

  const request = async (
    path: string,
    init: RequestInit,
    timeoutMs: number,
    signal?: AbortSignal,
  ): Promise<Response> => {
    signal?.throwIfAborted();
    const sending = new AbortController();
    const waiting = new AbortController();
    // Stays in place after the headers: the same signal must also end the body.
    signal?.addEventListener('abort', () => sending.abort(signal.reason), { once: true });
    const late = clock.sleep(timeoutMs, { signal: waiting.signal }).then(() => {
      const error = new UnderstudyError(
        'lead/timeout',
        `The lead did not answer within ${String(timeoutMs)} ms.`,
      );
      sending.abort(error);
      throw error;
    });
    const sent = send(`${baseUrl}${path}`, {
      ...init,
      credentials: 'omit',
      cache: 'no-store',
      referrerPolicy: 'strict-origin-when-cross-origin',
      signal: sending.signal,
    });
    try {
      return await Promise.race([sent, late]);
    } catch (cause) {
      signal?.throwIfAborted();
      if (isUnderstudyError(cause)) throw cause;
      throw new UnderstudyError('lead/unreachable', `The lead at ${baseUrl} cannot be reached.`, { cause });
    } finally {
      sent.catch(() => undefined);
      late.catch(() => undefined);
      waiting.abort();
    }
  };

  const open = async (
    turn: TurnRequest,
    history: readonly Exchange[],
    signal?: AbortSignal,
  ): Promise<Response> => {
    const init: RequestInit = {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...options.headers },
      body: JSON.stringify({ model, messages: toMessages(turn, history), stream: true }),
    };
    const response = await request('/chat/completions', init, SILENCE_MS, signal);
    if (!response.ok) throw await toError(response, clock);
    const contentType = response.headers.get('content-type') ?? '';
    if (contentType.toLowerCase().startsWith('text/event-stream')) return response;
    response.body?.cancel().catch(() => undefined);
    throw new UnderstudyError(
      'lead/bad-response',
      `The lead answered with "${contentType}" instead of a stream.`,
      { facts: { contentType } },
    );
  };

  async function* respond(turn: TurnRequest, given: RespondOptions = {}): AsyncIterable<ResponderPart> {
    const { signal, history = [] } = given;
    const { body } = await open(turn, history, signal);
    const startedAtMs = clock.monotonicMs();
    let finishReason: string | null = null;
    let count = 0;
    if (body !== null) {
      const reading = { clock, silenceMs: SILENCE_MS, ...(signal === undefined ? {} : { signal }) };
      for await (const frame of readServerSentEvents(body, reading)) {
        const chunk = parseOpenAiChunk(frame.data);
        if (chunk === null) {
          throw new UnderstudyError('lead/bad-response', 'The lead sent a chunk that is no JSON object.');
        }
        if (chunk.kind === 'failure') {
          const { code, message } = chunk.failure;
          throw new UnderstudyError('lead/refused', `The lead stopped with "${code}": ${message}.`, {
            facts: { code },
          });
        }
        if (chunk.kind === 'done') {
          finishReason ??= 'stop';
          break;
        }
        finishReason = chunk.finishReason ?? finishReason;
        if (chunk.text !== '') {
          count += 1;
          yield { type: 'text-delta', text: chunk.text };
        }
      }
    }
    // Some servers leave out the closing `[DONE]`; a reason to finish is as good.
    if (finishReason === null) {
      throw new UnderstudyError('lead/interrupted', 'The stream of the lead ended before its message did.');
    }
    if (finishReason === 'content_filter' && count === 0) {
      throw new UnderstudyError('lead/refused', 'A filter of the lead held back the answer.');
    }
    const seconds = (clock.monotonicMs() - startedAtMs) / 1000;
    yield {
      type: 'end',
      outcome: {
        isWorded: true,
        isRefusal: false,
        intent: 'none',
        confidence: 1,
        // A chunk is about a token with every server known.
        tokensPerSecond: count > 1 && seconds > 0 ? count / seconds : 0,
        memoryBytes: 0,
      },
    };
  }

  return {
    contract: 1,
    id: 'openai',
    kind: 'lead',
    respond,
    probe: async ({ signal } = {}) => {
      const init: RequestInit = { method: 'GET', headers: { ...options.headers } };
      const response = await request('/models', init, PROBE_TIMEOUT_MS, signal);
      const contentType = response.headers.get('content-type') ?? '';
      // A gateway need not list models: any answer in the protocol's form shows that it is there.
      const isThere = response.ok || response.status === 404 || response.status === 405;
      if (!isThere) throw await toError(response, clock);
      response.body?.cancel().catch(() => undefined);
      if (contentType.includes('json')) return;
      throw new UnderstudyError('lead/bad-response', `The lead answered /models with "${contentType}".`, {
        facts: { contentType, status: response.status },
      });
    },
    deliver: () =>
      Promise.reject(
        new UnderstudyError(
          'lead/misconfigured',
          'A chat completions endpoint keeps no messages: name an outbox.',
        ),
      ),
  };
}

function toMessages(turn: TurnRequest, history: readonly Exchange[]): readonly PromptMessage[] {
  const earlier = history.slice(-MAX_EXCHANGES).flatMap(({ question, answer }): readonly PromptMessage[] => [
    { role: 'user', content: question },
    { role: 'assistant', content: answer },
  ]);
  return [...earlier, { role: 'user', content: turn.text }];
}

async function toError(response: Response, clock: Clock): Promise<UnderstudyError> {
  let body: unknown = null;
  try {
    body = JSON.parse((await response.text()).slice(0, MAX_BODY_LENGTH));
  } catch {
    // A proxy's error page says nothing beyond its status.
  }
  const retryAfterMs = readRetryAfter(response.headers.get('retry-after'), clock.now());
  return toLeadError(response.status, parseOpenAiFailure(body), retryAfterMs);
}
