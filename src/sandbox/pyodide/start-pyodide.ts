import { UnderstudyError } from '../../contracts/errors.ts';
import { isRecord } from '../../contracts/json.ts';
import type { ThreadRun } from '../thread/thread-messages.ts';
import { PYODIDE_HARNESS } from './harness.ts';

/** What of Pyodide is used. */
interface Pyodide {
  readonly runPython: (source: string) => unknown;
}

interface PyodideLoader {
  readonly loadPyodide: (options: object) => Promise<unknown>;
}

/** A list of packages with nothing in it: none is ever loaded. The version is that of the pinned package's binary interface. */
const NO_PACKAGES = JSON.stringify({
  info: { arch: 'wasm32', platform: 'emscripten', version: '314', python: '3.14', abi_version: '2026_0' },
  packages: {},
});

function isLoader(value: unknown): value is PyodideLoader {
  return isRecord(value) && typeof value['loadPyodide'] === 'function';
}

function isPyodide(value: unknown): value is Pyodide {
  return isRecord(value) && typeof value['runPython'] === 'function';
}

function isCallable(value: unknown): value is (...values: readonly unknown[]) => unknown {
  return typeof value === 'function';
}

/**
 * Loads Pyodide from its folder and gives what runs code in it. JavaScript's global object is an empty one for it, and the ways to
 * JavaScript, sockets and machine memory are closed before the first run.
 *
 * @param url - Folder with `pyodide.mjs`, ending in `/`.
 * @throws UnderstudyError `sandbox/unavailable`.
 */
export async function startPyodide(url: string): Promise<(run: ThreadRun) => string> {
  try {
    const loader: unknown = await import(/* @vite-ignore */ `${url}pyodide.mjs`);
    if (!isLoader(loader)) throw new Error('pyodide.mjs is of another release');
    const memory = limitMemory();
    const pyodide = await loader.loadPyodide({
      indexURL: url.startsWith('file:') ? decodeURIComponent(new URL(url).pathname) : url,
      jsglobals: {},
      lockFileContents: NO_PACKAGES,
      env: { HOME: '/home/pyodide', TZ: 'UTC' },
      stdin: () => undefined,
      stdout: () => undefined,
      stderr: () => undefined,
    });
    if (!isPyodide(pyodide)) throw new Error('pyodide.mjs is of another release');
    const run = pyodide.runPython(PYODIDE_HARNESS);
    if (!isCallable(run)) throw new Error('pyodide.mjs is of another release');
    memory.settle();
    return ({ source, inputs, memoryBytes }) => {
      memory.allow(memoryBytes);
      return readOutcome(run(source, JSON.stringify(inputs)));
    };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UnderstudyError('sandbox/unavailable', `Pyodide could not be started (${reason}).`, { cause });
  }
}

type Grow = (this: WebAssembly.Memory, pages: number) => number;

function isGrow(value: unknown): value is Grow {
  return typeof value === 'function';
}

/** Pyodide makes its own memory; what it grows by is counted where every memory grows. */
function limitMemory(): { settle: () => void; allow: (bytes: number) => void } {
  let most = Infinity;
  let size = 0;
  const grow: unknown = Reflect.get(WebAssembly.Memory.prototype, 'grow');
  if (!isGrow(grow)) throw new Error('WebAssembly memories do not grow here');
  WebAssembly.Memory.prototype.grow = function (pages) {
    const wanted = this.buffer.byteLength + pages * 65_536;
    if (wanted > most) throw new RangeError('The memory may not grow further.');
    size = Math.max(size, wanted);
    return grow.call(this, pages);
  };
  let base = 0;
  return {
    settle: () => {
      base = size;
    },
    allow: (bytes) => {
      most = Math.max(base, FIRST_MEMORY_BYTES) + bytes;
    },
  };
}

/** What Pyodide begins with. */
const FIRST_MEMORY_BYTES = 32 * 1024 * 1024;

/** @throws UnderstudyError what the harness reports. */
function readOutcome(outcome: unknown): string {
  const read: unknown = typeof outcome === 'string' ? JSON.parse(outcome) : null;
  if (!isRecord(read)) throw new UnderstudyError('sandbox/failed', 'The code gave no result.');
  if (typeof read['result'] === 'string') return read['result'];
  const error = String(read['error']);
  const line = Number(read['line']);
  const facts = { error, line: Number.isSafeInteger(line) ? line : 0 };
  if (read['kind'] === 'memory')
    throw new UnderstudyError('sandbox/out-of-memory', 'The code used more memory than it may.', { facts });
  if (read['kind'] === 'import')
    throw new UnderstudyError('sandbox/unsupported', `Python cannot import a module (${error}).`, { facts });
  throw new UnderstudyError('sandbox/failed', `Python failed in line ${facts.line}: ${error}.`, { facts });
}
