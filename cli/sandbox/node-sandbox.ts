import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { UnderstudyError } from '../../src/contracts/errors.ts';
import type { Sandbox } from '../../src/contracts/sandbox.ts';
import { createSandbox } from '../../src/sandbox/create-sandbox.ts';
import type { SandboxFile, SandboxThread } from '../../src/sandbox/sandbox-platform.ts';
import { packageFolder } from '../package-folder.ts';

const resolvePackage = createRequire(import.meta.url).resolve;

/** Files of the interpreters, as their packages name them. */
const PROGRAMS: Readonly<Record<SandboxFile, string>> = {
  'quickjs.wasm': '@jitl/quickjs-wasmfile-release-sync/wasm',
  'micropython.wasm': '@micropython/micropython-webassembly-pyscript/micropython.wasm',
};

/**
 * What a thread runs first: it gets the globals of a browser's worker, loses Node's ways to a network, to files and to other processes, and
 * then imports the thread's script.
 */
const BOOT = `
const { parentPort, workerData } = require('node:worker_threads');
globalThis.self = globalThis;
globalThis.postMessage = (message) => parentPort.postMessage(message);
globalThis.addEventListener = (type, listener) => {
  if (type === 'message') parentPort.on('message', (data) => listener({ data }));
};
const refuse = () => { throw new Error('There is no network.'); };
require('node:net').Socket.prototype.connect = refuse;
require('node:net').Server.prototype.listen = refuse;
require('node:dgram').Socket.prototype.bind = refuse;
require('node:dgram').Socket.prototype.send = refuse;
const processes = require('node:child_process');
for (const name of ['spawn', 'spawnSync', 'exec', 'execSync', 'execFile', 'execFileSync', 'fork']) processes[name] = refuse;
const isSource = workerData.script.endsWith('.ts');
const ready = isSource ? import('tsx/esm/api').then((tsx) => tsx.register()) : Promise.resolve();
ready.then(() => import(workerData.script));
`;

/** Makes the sandbox of Node.js: the interpreters come from their packages, Python runs in worker threads. */
export function createNodeSandbox(): Sandbox {
  return createSandbox({
    read: readProgram,
    startThread: () => startThread(threadScript()),
    pyodideUrl: `${pathToFileURL(dirname(resolvePackage('pyodide'))).href}/`,
  });
}

async function readProgram(file: SandboxFile): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await readFile(resolvePackage(PROGRAMS[file])));
  } catch (cause) {
    throw new UnderstudyError(
      'sandbox/unavailable',
      `The file "${file}" is missing; install the package again.`,
      { cause },
    );
  }
}

/** The built script; in a checkout that was not built, its source. */
function threadScript(): string {
  const { path } = packageFolder();
  const built = join(path, 'dist/understudy-sandbox-thread.js');
  const source = join(path, 'src/sandbox/thread/thread-entry.ts');
  return pathToFileURL(import.meta.url.endsWith('.ts') && existsSync(source) ? source : built).href;
}

function startThread(script: string): SandboxThread {
  const worker = new Worker(BOOT, {
    eval: true,
    workerData: { script },
    stdin: false,
    stdout: true,
    stderr: true,
    env: {},
  });
  // An idle interpreter does not keep the process alive; while it is waited for, it does.
  worker.unref();
  let isDead = false;
  let answer: (value: unknown) => void = () => undefined;
  const die = (): void => {
    isDead = true;
    answer(null);
  };
  worker.on('message', (value: unknown) => {
    worker.unref();
    answer(value);
  });
  worker.on('error', die);
  worker.on('exit', die);
  return {
    post: (message) => {
      if (isDead) {
        queueMicrotask(() => answer(null));
        return;
      }
      worker.ref();
      worker.postMessage(message);
    },
    onAnswer: (listener) => {
      answer = listener;
    },
    end: () => {
      answer = () => undefined;
      void worker.terminate();
    },
  };
}
