import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { compileApp } from './compile-app.ts';
import { describeReport } from './describe-report.ts';
import { findCredentials, withoutCredentials } from './find-credentials.ts';
import { parseOwnerChoices } from './owner-choices.ts';
import { loadDifyApp } from './read-app.ts';
import { reportPage } from './report-page.ts';

const SECRETS = join(import.meta.dirname, '../../test/fixtures/dify/secrets');
/** What every file of the folder holds where a secret stands. */
const PLANTED = /PLANTED/;

describe('a planted secret', () => {
  for (const file of readdirSync(SECRETS)) {
    it(`is neither in the plan nor in the report, which names it: ${file}`, () => {
      const path = join(SECRETS, file);
      assert.match(readFileSync(path, 'utf8'), PLANTED);
      const { plan, report } = compileApp(loadDifyApp(path));
      for (const text of [
        JSON.stringify(plan),
        JSON.stringify(report),
        reportPage(report),
        describeReport(report).join('\n'),
      ])
        assert.doesNotMatch(text, PLANTED);
      assert.ok(
        report.leftOut.length > 0 || report.remarks.some(({ what }) => /needs the cloud/.test(what)),
        'it is not named',
      );
    });
  }

  it('stays out when the owner allows the address', () => {
    const choices = parseOwnerChoices('http: { allow: [https://api.example.com/] }', 'understudy.yml');
    for (const file of readdirSync(SECRETS)) {
      const { plan } = compileApp(loadDifyApp(join(SECRETS, file)), { choices });
      assert.doesNotMatch(JSON.stringify(plan), PLANTED);
      assert.ok(!plan.steps.some((step) => step.kind === 'http'), file);
    }
  });
});

describe('findCredentials', () => {
  it('finds keys, tokens and passwords of many kinds', () => {
    for (const text of [
      'app-a1b2c3d4e5f6g7h8',
      'dataset-a1b2c3d4e5f6g7h8',
      'sk-proj-abc123def456ghi789',
      'sk-ant-api03-abc123def456ghi789',
      'Authorization: Bearer abcdefgh12345',
      'Basic dXNlcjpwYXNzd29yZA==',
      'AKIAIOSFODNN7ABCDEFG',
      'ghp_a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p6q7r8',
      'xoxb-1234567890-abcdef',
      'hf_abcdefghijklmnopqrstuvwx',
      'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abc_def-123',
      '-----BEGIN PRIVATE KEY-----\nabc\n-----END PRIVATE KEY-----',
      'postgres://shop:hunter22@db.example.com/x',
      'https://api.example.com/?api_key=abcdef123456',
      "password = 'hunter2222'",
      '"client_secret": "abcdefgh12345"',
    ]) {
      assert.ok(findCredentials(text).length > 0, text);
      assert.deepEqual(findCredentials(withoutCredentials(text)), [], text);
    }
  });

  it('takes no placeholder, mark or plain word for a secret', () => {
    for (const text of [
      'Bearer {{#env.KEY#}}',
      'sk-your-key-here-please-write',
      'api_key = "YOUR_API_KEY"',
      'app-developmentguidelines',
      'https://example.com/?key={{#start.key#}}',
      'password: "{{#start.password#}}"',
      'The token of our appreciation is a discount.',
      'token = "xxxxxxxxxxxx"',
      'task-management and ask-anything',
    ])
      assert.deepEqual(findCredentials(text), [], text);
  });

  it('leaves the rest of any text as it is, and finds nothing twice', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (before, after) => {
        const text = `${before} sk-abcdefgh1234567890ab ${after}`;
        const clean = withoutCredentials(text);
        assert.ok(!clean.includes('sk-abcdefgh1234567890ab'));
        assert.equal(withoutCredentials(clean), clean);
      }),
    );
  });
});
