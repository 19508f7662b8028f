import { isRecord } from '../../contracts/json.ts';
import type { HelperStart } from './helper-pool.ts';

/** A helper that has not started by then is done without. */
const START_TIMEOUT_MS = 3000;

interface PolicyFactory {
  createPolicy(
    name: string,
    rules: { createScriptURL: (url: string) => string },
  ): { createScriptURL(url: string): string };
}

function isPolicyFactory(value: unknown): value is PolicyFactory {
  return isRecord(value) && typeof value['createPolicy'] === 'function';
}

/** A worker has a Trusted Types realm of its own: the policy's name is free here. */
function trustedUrl(url: string): string {
  const factory: unknown = Reflect.get(globalThis, 'trustedTypes');
  if (!isPolicyFactory(factory)) return url;
  return factory.createPolicy('understudy', { createScriptURL: (address) => address }).createScriptURL(url);
}

/** WebKitGTK calls pages isolated and makes shared memory, but sends it to nobody. */
function canShareMemory(): boolean {
  const { port1 } = new MessageChannel();
  try {
    port1.postMessage(new SharedArrayBuffer(1));
    return true;
  } catch {
    return false;
  } finally {
    port1.close();
  }
}

/**
 * Gives what starts helper threads of the kernel; null where they cannot be: without shared memory, and on the page itself, which browsers
 * do not let wait for other threads.
 *
 * @param assetsUrl - Folder with understudy-kernel-helper.js. From another origin no worker starts; the kernel runs on one thread then.
 */
export function helperWorkerStart(assetsUrl: string): HelperStart | null {
  if (typeof Worker === 'undefined' || !globalThis.crossOriginIsolated) return null;
  if ('document' in globalThis || !canShareMemory()) return null;
  let url: string | null = null;
  return async (setup, thread) => {
    url ??= trustedUrl(new URL('understudy-kernel-helper.js', assetsUrl).href);
    const worker = new Worker(url, { type: 'module', name: 'understudy kernel' });
    try {
      await new Promise<void>((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error('no answer in time')), START_TIMEOUT_MS);
        worker.onmessage = () => {
          clearTimeout(timer);
          resolve();
        };
        worker.onerror = () => {
          clearTimeout(timer);
          reject(new Error('refused by the browser'));
        };
        worker.postMessage({ ...setup, thread });
      });
    } catch (error) {
      worker.terminate();
      throw error;
    }
    return { end: () => worker.terminate() };
  };
}

const MOST_THREADS = 4;

/** Threads for a device: one core stays free for the page, which must never stutter. */
export function threadsFor(cores: number): number {
  return Math.max(1, Math.min(MOST_THREADS, cores - 1));
}
