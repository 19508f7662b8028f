import { isRecord } from '../../src/contracts/json.ts';
import type { CodeRequest } from '../../src/contracts/sandbox.ts';
import { createBrowserSandbox } from '../../src/sandbox/browser-sandbox.ts';

declare const self: DedicatedWorkerGlobalScope;

function isRequest(value: unknown): value is CodeRequest {
  return isRecord(value) && typeof value['source'] === 'string';
}

/* Times the first and the second run of some code, as the worker of a page sees them. */
self.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
  if (!isRequest(data)) return;
  const request = data;
  const sandbox = createBrowserSandbox(`${globalThis.origin}/`);
  const timed = async (): Promise<number> => {
    const start = performance.now();
    await sandbox.runCode({ ...request, limits: { timeoutMs: 30_000 } });
    return performance.now() - start;
  };
  void (async () => {
    try {
      self.postMessage([await timed(), await timed()]);
    } catch (error) {
      self.postMessage(String(error));
    }
  })();
});
