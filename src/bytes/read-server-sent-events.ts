import type { Clock } from '../contracts/clock.ts';
import { UnderstudyError } from '../contracts/errors.ts';

/** Most characters of one line or one event; longer ones end the stream. */
export const MAX_EVENT_LENGTH: number = 1024 * 1024;

/** One event of a `text/event-stream` (WHATWG HTML, section 9.2); ids and retry times are not used. */
export interface ServerSentEvent {
  /** `message` when the frame names none. */
  readonly event: string;
  /** The data lines joined by line feeds. */
  readonly data: string;
}

/** Splits text into events as it arrives; lines may be cut anywhere and end in LF, CR or CRLF. */
export class ServerSentEventParser {
  #rest = '';
  #name = '';
  #data: string[] = [];
  #dataLength = 0;
  #endedInReturn = false;

  /**
   * Takes the next piece of the stream.
   * @returns The events it completes; frames without data (keep-alives) give none.
   * @throws UnderstudyError `lead/bad-response` when a line or an event is longer than {@link MAX_EVENT_LENGTH}.
   */
  push(piece: string): readonly ServerSentEvent[] {
    if (piece === '') return [];
    const text = this.#endedInReturn && piece.startsWith('\n') ? piece.slice(1) : piece;
    this.#endedInReturn = piece.endsWith('\r');
    const lines = text.split(/\r\n|\n|\r/);
    lines[0] = this.#rest + (lines[0] ?? '');
    this.#rest = lines.pop() ?? '';
    const events: ServerSentEvent[] = [];
    for (const line of lines) {
      const event = this.#takeLine(line);
      if (event !== null) events.push(event);
    }
    this.#limit(this.#rest.length);
    return events;
  }

  #takeLine(line: string): ServerSentEvent | null {
    if (line === '') {
      const event =
        this.#data.length === 0 ? null : { event: this.#name || 'message', data: this.#data.join('\n') };
      this.#name = '';
      this.#data = [];
      this.#dataLength = 0;
      return event;
    }
    const colon = line.indexOf(':');
    const field = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(line.startsWith(' ', colon + 1) ? colon + 2 : colon + 1);
    if (field === 'event') this.#name = value;
    if (field === 'data') {
      this.#data.push(value);
      this.#dataLength += value.length;
      this.#limit(this.#dataLength);
    }
    return null;
  }

  #limit(length: number): void {
    if (length <= MAX_EVENT_LENGTH) return;
    throw new UnderstudyError(
      'lead/bad-response',
      `The lead sent an event longer than ${String(MAX_EVENT_LENGTH)} characters.`,
    );
  }
}

/** How {@link readServerSentEvents} waits. */
export interface ReadEventsOptions {
  readonly clock: Clock;
  /** Longest silence, keep-alives included, in ms. */
  readonly silenceMs: number;
  readonly signal?: AbortSignal;
}

/**
 * Reads the events of a response body until it ends; an event cut off by the end is dropped.
 * @throws UnderstudyError `lead/timeout` after a silence, `lead/interrupted` when the connection breaks,
 * `lead/bad-response` for an event that is too long; the signal's reason when aborted.
 */
export async function* readServerSentEvents(
  body: ReadableStream<Uint8Array>,
  options: ReadEventsOptions,
): AsyncGenerator<ServerSentEvent, void, undefined> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  const parser = new ServerSentEventParser();
  try {
    for (;;) {
      const bytes = await readWithin(reader, options);
      if (bytes === null) return;
      yield* parser.push(decoder.decode(bytes, { stream: true }));
    }
  } finally {
    // Not awaited: a stalled body must not hold up whoever stops reading.
    reader.cancel().catch(() => undefined);
  }
}

async function readWithin(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  options: ReadEventsOptions,
): Promise<Uint8Array | null> {
  const { clock, silenceMs, signal } = options;
  signal?.throwIfAborted();
  const waiting = new AbortController();
  const stop = (): void => waiting.abort(signal?.reason);
  signal?.addEventListener('abort', stop, { once: true });
  const silence = clock.sleep(silenceMs, { signal: waiting.signal }).then(() => {
    throw new UnderstudyError('lead/timeout', `The lead was silent for ${String(silenceMs)} ms.`);
  });
  const reading = reader.read().catch((cause: unknown) => {
    signal?.throwIfAborted();
    throw new UnderstudyError('lead/interrupted', 'The connection to the lead broke.', { cause });
  });
  try {
    const result = await Promise.race([reading, silence]);
    return result.done ? null : result.value;
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener('abort', stop);
    // The losers of the race must not become unhandled rejections.
    silence.catch(() => undefined);
    reading.catch(() => undefined);
    waiting.abort();
  }
}
