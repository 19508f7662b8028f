import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Clock } from '../../../src/contracts/clock.ts';
import type { ApiRun } from './api-run.ts';

/** Between two signs of life. */
const PING_MS = 10_000;

/**
 * Streams the events of a run as server-sent events, from a position on: a ping first and every ten seconds, as Dify does. The stream ends
 * with the run, or where it begins to wait for a form. A caller that goes away stops nothing but its stream.
 */
export async function sendEvents(response: ServerResponse, run: ApiRun, from: number, clock: Clock): Promise<void> {
  const ended = new AbortController();
  response.on('close', () => ended.abort(new DOMException('The stream has ended.', 'AbortError')));
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    // Proxies must not gather what is to be seen at once.
    'x-accel-buffering': 'no',
  });
  const ping = (): void => void response.write('event: ping\n\n');
  ping();
  void keepAlive(ping, clock, ended.signal);
  let at = from;
  try {
    for await (const event of run.log.follow(from, ended.signal)) {
      if (!response.write(`data: ${JSON.stringify(event)}\n\n`)) {
        // A reader that is slower than the run.
        await Promise.race([once(response, 'drain'), once(response, 'close')]);
      }
      at += 1;
      if (run.pauses.includes(at)) break;
    }
  } finally {
    ended.abort(new DOMException('The stream has ended.', 'AbortError'));
    response.end();
  }
}

async function keepAlive(ping: () => void, clock: Clock, signal: AbortSignal): Promise<void> {
  try {
    for (;;) {
      await clock.sleep(PING_MS, { signal });
      ping();
    }
  } catch {
    // The stream has ended.
  }
}
