/**
 * Inspects every exported app of a data folder: none crashes, the ladder of docs/dify.md is reached, each within a second.
 * `UNDERSTUDY_DIFY=FOLDER node --import tsx --test test/long/dify.long.test.ts`; the folder holds manifest.csv and the files it names.
 * Without it the check is told as never run.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import test from 'node:test';

const DATA = process.env['UNDERSTUDY_DIFY'];
const root = join(import.meta.dirname, '../..');

test(
  'every exported app is inspected, and the ladder is reached',
  { skip: DATA === undefined ? 'name a folder of exported apps with UNDERSTUDY_DIFY' : false },
  (context) => {
    const args = ['--import', 'tsx', 'test/convert/prove-dify.ts', '--data', DATA ?? ''];
    const out = execFileSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
    assert.doesNotMatch(out, /^crashed/m);
    for (const line of out.trim().split('\n').slice(-6)) context.diagnostic(line);
  },
);
