import type { Clock } from '../../contracts/clock.ts';
import { UnderstudyError } from '../../contracts/errors.ts';
import { readServerSentEvents } from '../../bytes/read-server-sent-events.ts';
import type { AnswerStream } from './answer-stream.ts';
import type { DifyEvent } from './dify-events.ts';
import { parseDifyEvent } from './dify-events.ts';

/** Longest silence of a stream, in ms; Dify pings every 10 s. */
export const SILENCE_MS = 25_000;
/** Longest wait for what may follow the end of the message (the end of the run), in ms. */
const AFTER_END_MS = 3000;

/**
 * Reads the events of a response until the stream ends, or until nothing more of use can follow.
 * @param stream - Takes the events that are given, and says when the answer is whole.
 * @throws UnderstudyError `lead/timeout`, `lead/interrupted`, `lead/bad-response`; the signal's reason when aborted.
 */
export async function* readDifyEvents(
  response: Response,
  stream: AnswerStream,
  options: { readonly clock: Clock; readonly signal?: AbortSignal },
): AsyncGenerator<DifyEvent, void, undefined> {
  if (response.body === null) return;
  const { clock, signal } = options;
  const draining = new AbortController();
  const stop = (): void => draining.abort(signal?.reason);
  signal?.addEventListener('abort', stop, { once: true });
  const timer = new AbortController();
  try {
    const reading = { clock, silenceMs: SILENCE_MS, signal: draining.signal };
    for await (const frame of readServerSentEvents(response.body, reading)) {
      if (frame.event === 'ping') continue;
      const event = parseDifyEvent(frame.data);
      if (event === null) {
        throw new UnderstudyError('lead/bad-response', 'The lead sent an event that is no JSON object.');
      }
      const wasOver = stream.isOver;
      yield event;
      if (stream.isComplete) return;
      if (stream.isOver && !wasOver) {
        clock
          .sleep(AFTER_END_MS, { signal: timer.signal })
          .then(() => draining.abort(new DOMException('The message is over.', 'AbortError')))
          .catch(() => undefined);
      }
    }
  } finally {
    timer.abort();
    signal?.removeEventListener('abort', stop);
  }
}

/** Accepts an answer that is a stream of events. @throws UnderstudyError `lead/bad-response`. */
export function assertStream(response: Response, path: string): Response {
  const contentType = response.headers.get('content-type') ?? '';
  if (response.body !== null && contentType.toLowerCase().startsWith('text/event-stream')) return response;
  response.body?.cancel().catch(() => undefined);
  throw new UnderstudyError(
    'lead/bad-response',
    `The lead answered ${path} with "${contentType}" instead of a stream.`,
    { facts: { path, contentType } },
  );
}

/** A body together with a promise of its first bytes, or of its end. */
export function announceBody(response: Response): readonly [Response, Promise<void>] {
  let tell = (): void => undefined;
  const sign = new Promise<void>((resolve) => {
    tell = resolve;
  });
  const telling = new TransformStream<Uint8Array, Uint8Array>({
    transform: (bytes, controller) => {
      tell();
      controller.enqueue(bytes);
    },
    flush: () => tell(),
  });
  const body = response.body?.pipeThrough(telling) ?? null;
  if (body === null) tell();
  return [new Response(body, { headers: response.headers }), sign];
}
