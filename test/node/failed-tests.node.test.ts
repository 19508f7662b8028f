import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { failedInSession, failedInTap, tellFailed } from '../../.ci/failed-tests.mjs';

const folder = mkdtempSync(join(tmpdir(), 'understudy-failed-'));
after(() => rmSync(folder, { recursive: true }));

/** What Node's own runner reports of a test file. */
function reportOf(source: string): string {
  const file = join(folder, 'some.test.mjs');
  writeFileSync(file, source);
  const env = { ...process.env };
  // It would make the inner runner report to this one.
  delete env['NODE_TEST_CONTEXT'];
  return spawnSync(process.execPath, ['--test', '--test-reporter=tap', file], { env, encoding: 'utf8' })
    .stdout;
}

describe('the failed tests of a run', () => {
  it('are named with their suites, where they stand and what they said', () => {
    const failed = failedInTap(
      reportOf(`
        import assert from 'node:assert/strict';
        import { describe, it } from 'node:test';
        describe('a shop', () => {
          it('is open', () => {});
          describe('on Sundays', () => {
            it('is closed # at 50 %', () => assert.equal(1, 2));
            it.skip('sells bread', () => assert.fail());
            it.todo('sells milk', () => assert.fail());
          });
          it('tells', () => { throw new Error("it's late"); });
        });
      `),
    );
    assert.deepEqual(
      failed.map(({ name }) => name),
      ['a shop › on Sundays › is closed # at 50 %', 'a shop › tells'],
    );
    assert.match(failed[0]!.where, /some\.test\.mjs:7:13$/);
    assert.match(failed[0]!.message, /strictly equal:\n\n1 !== 2/);
    assert.match(failed[1]!.message, /it's late/);
  });

  it('are none where all passed', () => {
    assert.deepEqual(failedInTap(reportOf(`import { it } from 'node:test'; it('works', () => {});`)), []);
    assert.deepEqual(failedInTap(''), []);
  });

  it('are read from the sessions of browsers, files that do not load among them', () => {
    const test = (name: string, passed: boolean, skipped = false) => ({
      ...{ name, passed, skipped },
      ...(passed ? {} : { error: { message: `${name}!` } }),
    });
    const testFile = join(process.cwd(), 'src/shop.test.ts');
    const inner = { name: 'a shop', suites: [], tests: [test('sells', false), test('lends', false, true)] };
    const testResults = { name: '', suites: [inner], tests: [test('opens', true)] };
    assert.deepEqual(failedInSession({ testFile, testResults, passed: false }), [
      { name: 'a shop › sells', where: 'src/shop.test.ts', message: 'sells!' },
    ]);
    const errors = [{ message: 'no such module' }];
    assert.deepEqual(failedInSession({ testFile, errors, passed: false }), [
      { name: 'the file', where: 'src/shop.test.ts', message: 'no such module' },
    ]);
  });

  it('are told in few lines, however much they said', () => {
    const message = Array.from({ length: 500 }, () => 'x'.repeat(9_000)).join('\n');
    const lines = tellFailed('node', [{ name: 'a shop', where: 'shop.ts:1:2', message }]);
    assert.deepEqual(lines.slice(0, 2), ['✖ node: a shop', '    shop.ts:1:2']);
    assert.ok(lines.length < 20 && lines.every((line) => line.length < 500));
  });
});
