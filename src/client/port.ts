/** A message channel to the worker, or to the same code running in the page. */
export interface Port {
  postMessage(message: unknown): void;
  /** Called with each message; at most one listener. */
  onMessage(listener: (message: unknown) => void): void;
  /** Called once when the other side is gone without having been closed. */
  onDeath(listener: (reason: string) => void): void;
  /** Ends the other side. Idempotent. */
  close(): void;
  /** `worker`, or `page` when workers are forbidden. */
  readonly place: 'worker' | 'page';
}

/** Wraps a worker. */
export function workerPort(worker: Worker): Port {
  return {
    place: 'worker',
    postMessage: (message) => worker.postMessage(message),
    onMessage: (listener) =>
      worker.addEventListener('message', (event: MessageEvent<unknown>) => listener(event.data)),
    onDeath: (listener) => {
      worker.addEventListener('error', (event) => listener(event.message === '' ? 'error' : event.message), {
        once: true,
      });
      worker.addEventListener('messageerror', () => listener('messageerror'), { once: true });
    },
    close: () => worker.terminate(),
  };
}

/** Wraps one end of a MessageChannel whose other end is served in this page. */
export function channelPort(port: MessagePort): Port {
  return {
    place: 'page',
    postMessage: (message) => port.postMessage(message),
    onMessage: (listener) => {
      port.addEventListener('message', (event: MessageEvent<unknown>) => listener(event.data));
      port.start();
    },
    onDeath: (listener) =>
      port.addEventListener('messageerror', () => listener('messageerror'), { once: true }),
    close: () => port.close(),
  };
}
