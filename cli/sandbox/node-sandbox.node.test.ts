import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isUnderstudyError } from '../../src/contracts/errors.ts';
import { SANDBOX_CASES } from '../../test/contract/sandbox-cases.ts';
import { createNodeSandbox } from './node-sandbox.ts';

const sandbox = createNodeSandbox();

for (const { name, runtime, source, inputs = {}, limits = {}, gives, fails } of SANDBOX_CASES) {
  test(`${runtime}: ${name}`, async () => {
    const run = sandbox.runCode({ runtime, source, inputs, limits: { timeoutMs: 10_000, ...limits } });
    if (fails === undefined) assert.deepEqual(await run, gives);
    else
      await assert.rejects(
        run,
        (error: unknown) => isUnderstudyError(error) && fails.includes(error.code),
        `it fails as ${fails.join(' or ')}`,
      );
  });
}

test('a run that is stopped ends with the reason, and the next one runs', async () => {
  const abort = new AbortController();
  const source = 'def main():\n    while True:\n        pass';
  const run = sandbox.runCode({ runtime: 'micropython', source, inputs: {} }, { signal: abort.signal });
  const reason = new Error('enough');
  abort.abort(reason);
  await assert.rejects(run, (error) => error === reason);
  const next = await sandbox.runCode({ runtime: 'micropython', source: 'def main(): return 1', inputs: {} });
  assert.equal(next, 1);
});

test('a failure names the line of the code', async () => {
  for (const [runtime, source] of [
    ['micropython', 'def main():\n\n    return {}["gone"]'],
    ['pyodide', 'def main():\n\n    return {}["gone"]'],
    ['quickjs', 'function main() {\n\n  return null.gone;\n}'],
  ] as const) {
    const error: unknown = await sandbox
      .runCode({ runtime, source, inputs: {} })
      .catch((thrown: unknown) => thrown);
    assert.ok(isUnderstudyError(error, 'sandbox/failed'));
    assert.equal(error.facts['line'], 3, runtime);
  }
});

test('runs side by side wait for each other and keep apart', async () => {
  const source = 'def main(n):\n    return {"n": n}';
  const results = await Promise.all(
    [1, 2, 3, 4].map((n) => sandbox.runCode({ runtime: 'micropython', source, inputs: { n } })),
  );
  assert.deepEqual(results, [{ n: 1 }, { n: 2 }, { n: 3 }, { n: 4 }]);
});
