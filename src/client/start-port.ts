import type { ErrorCode } from '../contracts/errors.ts';
import { UnderstudyError } from '../contracts/errors.ts';
import { isRecord } from '../contracts/json.ts';
import type { Port } from './port.ts';
import { channelPort, workerPort } from './port.ts';

/** How long a worker may take until its first sign of life. */
const START_TIMEOUT_MS = 8000;

/** Name of the Trusted Types policy through which worker addresses go. */
const POLICY_NAME = 'understudy';

interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL: (url: string) => string },
  ): { createScriptURL(url: string): string };
}

function isTrustedTypes(value: unknown): value is TrustedTypes {
  return isRecord(value) && typeof value['createPolicy'] === 'function';
}

let policy: { createScriptURL(url: string): string } | null = null;

/** Under Trusted Types a worker's address must come from a policy; elsewhere it stays a string. */
function scriptUrl(url: string): string {
  const factory: unknown = Reflect.get(globalThis, 'trustedTypes');
  if (!isTrustedTypes(factory)) return url;
  policy ??= factory.createPolicy(POLICY_NAME, { createScriptURL: (address) => address });
  return policy.createScriptURL(url);
}

/** A port and, when it is not the best one, why. */
export interface StartedPort {
  readonly port: Port;
  readonly fault: UnderstudyError | null;
}

/** Options of {@link startPort}; the platform's own by default. */
export interface StartPortOptions {
  readonly pageOrigin?: string;
  readonly startTimeoutMs?: number;
}

/**
 * Starts the worker of a release, else runs the same code in the page.
 *
 * A script of another origin starts through a same-origin blob that imports it. Where the page's policy forbids both,
 * the code runs in the page: extracts only, fault `worker/blocked`.
 *
 * @param assetsUrl - Folder with understudy-worker.js and understudy-in-page.js.
 * @throws UnderstudyError `worker/unreachable` when neither file can be loaded.
 */
export async function startPort(assetsUrl: string, options: StartPortOptions = {}): Promise<StartedPort> {
  const { pageOrigin = location.origin, startTimeoutMs = START_TIMEOUT_MS } = options;
  const workerUrl = new URL('understudy-worker.js', assetsUrl);
  try {
    return { port: await startWorker(workerUrl, pageOrigin, startTimeoutMs), fault: null };
  } catch (error) {
    const code: ErrorCode = 'worker/blocked';
    const reason = error instanceof Error ? error.message : String(error);
    const fault = new UnderstudyError(code, `The worker could not be started (${reason}).`, {
      facts: { url: workerUrl.href },
      cause: error,
    });
    return { port: await startInPage(new URL('understudy-in-page.js', assetsUrl)), fault };
  }
}

async function startWorker(url: URL, pageOrigin: string, timeoutMs: number): Promise<Port> {
  if (typeof Worker === 'undefined') throw new Error('this browser has no workers');
  const isForeign = url.origin !== pageOrigin;
  const address = isForeign
    ? URL.createObjectURL(new Blob([`import ${JSON.stringify(url.href)};`], { type: 'text/javascript' }))
    : url.href;
  try {
    const worker = new Worker(scriptUrl(address), { type: 'module', name: 'understudy' });
    await firstMessage(worker, timeoutMs);
    return workerPort(worker);
  } finally {
    if (isForeign) URL.revokeObjectURL(address);
  }
}

/** Waits until the worker's script has run: it posts one message of its own accord. */
function firstMessage(worker: Worker, timeoutMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (outcome: () => void): void => {
      clearTimeout(timer);
      worker.removeEventListener('message', started);
      worker.removeEventListener('error', failed);
      outcome();
    };
    const started = (): void => settle(resolve);
    const failed = (event: Event): void => {
      worker.terminate();
      // A worker that a policy forbids fails with a plain event: the browser does not say more.
      const reason =
        event instanceof ErrorEvent && event.message !== '' ? event.message : 'refused by the browser';
      settle(() => reject(new Error(reason)));
    };
    const timer = setTimeout(() => {
      worker.terminate();
      settle(() => reject(new Error('no answer in time')));
    }, timeoutMs);
    worker.addEventListener('message', started);
    worker.addEventListener('error', failed);
  });
}

async function startInPage(url: URL): Promise<Port> {
  try {
    const served: unknown = await import(/* @vite-ignore */ url.href);
    const serveInPage = isRecord(served) ? served['serveInPage'] : undefined;
    if (typeof serveInPage !== 'function') throw new Error('it exports no serveInPage');
    const channel = new MessageChannel();
    Reflect.apply(serveInPage, undefined, [channel.port1]);
    return channelPort(channel.port2);
  } catch (cause) {
    throw new UnderstudyError('worker/unreachable', `Neither the worker nor ${url.href} could be loaded.`, {
      facts: { url: url.href },
      cause,
    });
  }
}
