import { expect } from '@open-wc/testing';
import { isUnderstudyError } from '../../src/contracts/errors.ts';
import type { Sandbox } from '../../src/contracts/sandbox.ts';
import { createBrowserSandbox, startBrowserThread } from '../../src/sandbox/browser-sandbox.ts';
import { createSandbox } from '../../src/sandbox/create-sandbox.ts';
import { SANDBOX_CASES } from '../contract/sandbox-cases.ts';

const FILES = {
  'quickjs.wasm': '/node_modules/@jitl/quickjs-wasmfile-release-sync/dist/emscripten-module.wasm',
  'micropython.wasm': '/node_modules/@micropython/micropython-webassembly-pyscript/micropython.wasm',
} as const;

async function read(file: keyof typeof FILES): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await (await fetch(FILES[file])).arrayBuffer());
}

const THREAD = new URL('../../src/sandbox/thread/thread-entry.ts', import.meta.url).href;

function withThreads(): Sandbox {
  return createSandbox({
    read,
    startThread: () => startBrowserThread(THREAD),
    pyodideUrl: new URL('/node_modules/pyodide/', location.href).href,
  });
}

describe('the sandbox in a browser', function () {
  this.timeout(120_000);
  const sandbox = withThreads();

  for (const { name, runtime, source, inputs = {}, limits = {}, gives, fails } of SANDBOX_CASES)
    it(`${runtime}: ${name}`, async () => {
      let outcome: unknown;
      try {
        outcome = await sandbox.runCode({
          runtime,
          source,
          inputs,
          limits: { timeoutMs: 20_000, ...limits },
        });
      } catch (error) {
        outcome = isUnderstudyError(error) ? error : String(error);
      }
      if (fails === undefined) expect(outcome).to.deep.equal(gives);
      else expect(fails).to.include(isUnderstudyError(outcome) ? outcome.code : JSON.stringify(outcome));
    });

  it('runs JavaScript without a thread, and says that Python is unavailable', async () => {
    const page = createSandbox({ read, startThread: null, pyodideUrl: '/' });
    const source = 'function main({ a }) { return { a }; }';
    expect(await page.runCode({ runtime: 'quickjs', source, inputs: { a: 1 } })).to.deep.equal({ a: 1 });
    const late = 'function main() { while (true); }';
    for (const [runtime, code, wanted] of [
      ['quickjs', late, 'sandbox/timeout'],
      ['micropython', 'def main(): return 1', 'sandbox/unavailable'],
      ['pyodide', 'def main(): return 1', 'sandbox/unavailable'],
    ] as const) {
      const error: unknown = await page
        .runCode({ runtime, source: code, inputs: {}, limits: { timeoutMs: 100 } })
        .catch((thrown: unknown) => thrown);
      expect(isUnderstudyError(error) ? error.code : error).to.equal(wanted);
    }
  });

  it('says which file is missing', async () => {
    const gone = createBrowserSandbox(new URL('/nowhere/', location.href).href);
    const error: unknown = await gone
      .runCode({ runtime: 'quickjs', source: 'function main() { return 1; }', inputs: {} })
      .catch((thrown: unknown) => thrown);
    expect(isUnderstudyError(error, 'sandbox/unavailable')).to.equal(true);
  });

  it('says that a thread which does not start is unavailable', async () => {
    const broken = createSandbox({
      read,
      startThread: () => startBrowserThread('/nowhere/thread.js'),
      pyodideUrl: '/',
    });
    const error: unknown = await broken
      .runCode({ runtime: 'micropython', source: 'def main(): return 1', inputs: {} })
      .catch((thrown: unknown) => thrown);
    expect(isUnderstudyError(error, 'sandbox/unavailable')).to.equal(true);
  });
});
