import type { Clock } from '../../contracts/clock.ts';
import type { PastExchange } from '../../contracts/responder.ts';
import type { AnswerStream } from './answer-stream.ts';
import type { DifyConnection } from './dify-connection.ts';
import { parseMessages } from './dify-history.ts';

/** Waits before the server is asked again for an answer that is still being written, in ms. */
const DELAYS_MS = [0, 1000, 2000] as const;
const TIMEOUT_MS = 8000;

/** What the server remembers of the message of one turn. */
export class AnswerMemory {
  readonly #connection: DifyConnection;
  readonly #clock: Clock;
  readonly #waiting: { readonly signal?: AbortSignal };

  constructor(connection: DifyConnection, clock: Clock, signal?: AbortSignal) {
    this.#connection = connection;
    this.#clock = clock;
    this.#waiting = signal === undefined ? {} : { signal };
  }

  /** The message as soon as it has an answer; null when it does not get one in time, or the server cannot be asked. */
  async awaitMessage(stream: AnswerStream): Promise<PastExchange | null> {
    for (const delayMs of DELAYS_MS) {
      if (delayMs > 0) await this.#clock.sleep(delayMs, this.#waiting);
      const message = await this.message(stream);
      if (message === undefined) return null;
      if (message !== null && message.answer !== '') return message;
    }
    return null;
  }

  /** The message as it is now: null when there is none yet, undefined when the server cannot be asked. */
  async message({ conversationId, messageId }: AnswerStream): Promise<PastExchange | null | undefined> {
    if (conversationId === null || messageId === null) return undefined;
    try {
      const page = await this.#connection.sendForJson({
        method: 'GET',
        path: '/messages',
        query: { conversation_id: conversationId, limit: '20' },
        timeoutMs: TIMEOUT_MS,
        ...this.#waiting,
      });
      return parseMessages(page).find(({ id }) => id === messageId) ?? null;
    } catch {
      this.#waiting.signal?.throwIfAborted();
      // The caller knows what to do without it.
      return undefined;
    }
  }
}
