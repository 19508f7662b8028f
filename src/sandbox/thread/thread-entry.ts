import { isRecord } from '../../contracts/json.ts';
import { serveThread } from './serve-thread.ts';
import type { ThreadRun, ThreadStart } from './thread-messages.ts';

declare const self: DedicatedWorkerGlobalScope;

/*
 * A thread that runs Python. Only our own code starts it and sends to it; what it answers is read as hostile, since the owner's code runs
 * here. The function that posts is kept before the realm is emptied.
 */
const post = self.postMessage.bind(self);
const serve = serveThread({ post: (answer) => post(answer) });

function isMessage(value: unknown): value is ThreadStart | ThreadRun {
  return isRecord(value) && (value['type'] === 'start' || value['type'] === 'run');
}

self.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
  if (isMessage(data)) void serve(data);
});
