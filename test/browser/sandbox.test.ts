import { expect } from '@open-wc/testing';
import { isUnderstudyError } from '../../src/contracts/errors.ts';
import { createBrowserSandbox, startBrowserThread } from '../../src/sandbox/browser-sandbox.ts';
import { createSandbox } from '../../src/sandbox/create-sandbox.ts';
import { readProgram, sandboxWithThreads, testSandbox } from '../contract/sandbox.ts';

describe('the sandbox in a browser', function () {
  this.timeout(120_000);
  const sandbox = sandboxWithThreads();

  it('runs JavaScript without a thread, and says that Python is unavailable', async () => {
    const page = createSandbox({ read: readProgram, startThread: null, pyodideUrl: '/' });
    const source = 'function main({ a }) { return { a }; }';
    const limits = { timeoutMs: 60_000 };
    expect(await page.runCode({ runtime: 'quickjs', source, inputs: { a: 1 }, limits })).to.deep.equal({
      a: 1,
    });
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
      read: readProgram,
      startThread: () => startBrowserThread('/nowhere/thread.js'),
      pyodideUrl: '/',
    });
    const error: unknown = await broken
      .runCode({ runtime: 'micropython', source: 'def main(): return 1', inputs: {} })
      .catch((thrown: unknown) => thrown);
    expect(isUnderstudyError(error, 'sandbox/unavailable')).to.equal(true);
  });

  testSandbox(sandbox, 'quickjs');
  testSandbox(sandbox, 'micropython');
});
