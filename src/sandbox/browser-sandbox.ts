import { UnderstudyError } from '../contracts/errors.ts';
import { isRecord } from '../contracts/json.ts';
import type { Sandbox } from '../contracts/sandbox.ts';
import { createSandbox } from './create-sandbox.ts';
import type { SandboxThread } from './sandbox-platform.ts';

/** Options of {@link createBrowserSandbox}. */
export interface BrowserSandboxOptions {
  /** Folder with the interpreters' files, ending in `/`. Default `sandbox/` beside the product's own files. */
  readonly folder?: string;
  /** Script of the threads. Default `understudy-sandbox-thread.js` beside the product's own files. */
  readonly threadUrl?: string;
}

interface PolicyFactory {
  createPolicy(
    name: string,
    rules: { createScriptURL: (url: string) => string },
  ): { createScriptURL(url: string): string };
}

function isPolicyFactory(value: unknown): value is PolicyFactory {
  return isRecord(value) && typeof value['createPolicy'] === 'function';
}

let policy: { createScriptURL(url: string): string } | null = null;

/** Under Trusted Types a worker's address must come from a policy. */
function trustedUrl(url: string): string {
  const factory: unknown = Reflect.get(globalThis, 'trustedTypes');
  if (!isPolicyFactory(factory)) return url;
  policy ??= factory.createPolicy('understudy-sandbox', { createScriptURL: (address) => address });
  return policy.createScriptURL(url);
}

/**
 * Makes the sandbox of a browser. Python runs in a worker of its own, which takes a worker that is no page: a page must not wait for code.
 *
 * @param assetsUrl - Folder with the product's own files, ending in `/`.
 */
export function createBrowserSandbox(assetsUrl: string, options: BrowserSandboxOptions = {}): Sandbox {
  const { folder = new URL('sandbox/', assetsUrl).href } = options;
  const { threadUrl = new URL('understudy-sandbox-thread.js', assetsUrl).href } = options;
  const hasThreads = typeof Worker !== 'undefined' && !('document' in globalThis);
  return createSandbox({
    read: (file) => fetchFile(new URL(file, folder)),
    startThread: hasThreads ? () => startBrowserThread(threadUrl) : null,
    pyodideUrl: new URL('pyodide/', folder).href,
  });
}

async function fetchFile(url: URL): Promise<Uint8Array<ArrayBuffer>> {
  const missing = (reason: string, cause?: unknown): UnderstudyError =>
    new UnderstudyError('sandbox/unavailable', `${url.href} ${reason}.`, { facts: { url: url.href }, cause });
  const answer = await fetch(url).catch((cause: unknown) => {
    throw missing('cannot be fetched', cause);
  });
  if (!answer.ok) throw missing(`answered ${answer.status}`);
  return new Uint8Array(await answer.arrayBuffer());
}

/** Starts a thread; a script of another origin through a blob that imports it, as the worker itself does. */
export function startBrowserThread(url: string): SandboxThread {
  const isForeign = new URL(url, globalThis.origin).origin !== globalThis.origin;
  const address = isForeign
    ? URL.createObjectURL(new Blob([`import ${JSON.stringify(url)};`], { type: 'text/javascript' }))
    : url;
  let worker: Worker;
  try {
    worker = new Worker(trustedUrl(address), { type: 'module', name: 'understudy sandbox' });
  } catch (cause) {
    throw new UnderstudyError('sandbox/unavailable', 'The browser refused a worker for the interpreter.', {
      cause,
    });
  }
  let isDead = false;
  let tell: (answer: unknown) => void = () => undefined;
  worker.onmessage = ({ data }: MessageEvent<unknown>) => tell(data);
  worker.onerror = (event) => {
    event.preventDefault();
    isDead = true;
    tell(null);
  };
  return {
    post: (message) => {
      if (isDead) queueMicrotask(() => tell(null));
      else worker.postMessage(message);
    },
    onAnswer: (listener) => {
      tell = listener;
    },
    end: () => {
      worker.terminate();
      if (isForeign) URL.revokeObjectURL(address);
    },
  };
}
