import { expect } from '@open-wc/testing';
import { isUnderstudyError } from '../../src/contracts/errors.ts';
import type { CodeRequest, Sandbox } from '../../src/contracts/sandbox.ts';
import { startBrowserThread } from '../../src/sandbox/browser-sandbox.ts';
import { createSandbox } from '../../src/sandbox/create-sandbox.ts';
import { SANDBOX_CASES } from './sandbox-cases.ts';

const FILES = {
  'quickjs.wasm': '/node_modules/@jitl/quickjs-wasmfile-release-sync/dist/emscripten-module.wasm',
  'micropython.wasm': '/node_modules/@micropython/micropython-webassembly-pyscript/micropython.wasm',
} as const;

/** Reads a program from its package, as the test server has it. */
export async function readProgram(file: keyof typeof FILES): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await (await fetch(FILES[file])).arrayBuffer());
}

const THREAD = new URL('../../src/sandbox/thread/thread-entry.ts', import.meta.url).href;

/** A sandbox whose threads run the sources; tests are pages, which make none by themselves. */
export function sandboxWithThreads(): Sandbox {
  return createSandbox({
    read: readProgram,
    startThread: () => startBrowserThread(THREAD),
    pyodideUrl: new URL('/node_modules/pyodide/', location.href).href,
  });
}

/**
 * Tests every case of a runtime; those that never end come last: WebKitGTK lets a stopped thread run on in WebAssembly, and whatever
 * starts after it waits for it, so a test that is to end comes before them.
 */
export function testSandbox(sandbox: Sandbox, wanted: CodeRequest['runtime']): void {
  const cases = SANDBOX_CASES.filter(({ runtime }) => runtime === wanted);
  const isEndless = ({ fails }: (typeof cases)[number]): boolean =>
    fails?.includes('sandbox/timeout') === true;
  const ordered = [...cases.filter((it) => !isEndless(it)), ...cases.filter(isEndless)];
  for (const { name, runtime, source, inputs = {}, limits = {}, gives, fails } of ordered) {
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
  }
}
