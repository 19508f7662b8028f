import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { CAPABILITIES, describeCapabilities, ENGINES } from './capabilities.ts';

const page = new URL('../../docs/engines.md', import.meta.url);
/** Prettier widens the columns of tables. */
const withoutPadding = (text: string): string =>
  text.replace(/ +/g, ' ').replace(/-{3,}/g, '---').replace(/\s+/g, ' ');

/** One engine on two devices is one folder. */
const folderOf = (engine: string): string => engine.replace(/-webgpu$/, '');

describe('the table of capabilities', () => {
  it('stands in docs/engines.md as it is', async () => {
    assert.ok(withoutPadding(await readFile(page, 'utf8')).includes(withoutPadding(describeCapabilities())));
  });

  it('has a folder for each engine', async () => {
    const folders = await readdir(new URL('./', import.meta.url));
    assert.deepEqual(
      ENGINES.filter((engine) => !folders.includes(folderOf(engine))),
      [],
    );
  });

  it('claims no pass for the engines that no test has run', () => {
    const never = ['webllm', 'prompt-api'] as const;
    const claims = CAPABILITIES.filter(({ states }) =>
      never.some((engine) => states[ENGINES.indexOf(engine)] === 'pass'),
    );
    assert.deepEqual(claims, []);
  });

  it('is told by tests that exist: an engine with a pass or a simulation has a test file', async () => {
    for (const [index, engine] of ENGINES.entries()) {
      if (!CAPABILITIES.some(({ states }) => ['pass', 'simulated'].includes(states[index] ?? ''))) continue;
      const files = await readdir(new URL(`./${folderOf(engine)}/`, import.meta.url));
      assert.ok(
        files.some((file) => file.endsWith('.test.ts')),
        engine,
      );
    }
  });
});
