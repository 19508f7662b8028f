import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import test from 'node:test';
import { goldenModels, parseGolden, runGolden } from '../fixtures/golden-models.ts';
import { testedBuilds } from '../fixtures/kernel-builds.ts';
import { readKernel } from '../fixtures/kernel-files.ts';

const golden = parseGolden(
  await readFile(new URL('../fixtures/golden-tokens.jsonl', import.meta.url), 'utf8'),
);

for (const build of testedBuilds()) {
  for (const model of goldenModels()) {
    test(`${model.name} gives in Node.js the tokens it gives in browsers, with the ${build} kernel`, async () => {
      const wanted = golden.find(({ name }) => name === model.name);
      assert.ok(wanted);
      assert.deepEqual(await runGolden(readKernel, build, model), wanted);
    });
  }
}
