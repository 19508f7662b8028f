import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, it } from 'node:test';
import { isUnderstudyError } from '../../src/contracts/errors.ts';
import { readSources } from './read-sources.ts';
import type { ReadSourcesOutcome } from './read-sources.ts';
import type { Source } from './source-file.ts';

const folders: string[] = [];

function sample(files: { readonly [path: string]: string | Uint8Array }): string {
  const folder = mkdtempSync(join(tmpdir(), 'understudy-sources-'));
  folders.push(folder);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

async function read(folder: string, source: Partial<Source> = {}): Promise<ReadSourcesOutcome> {
  const whole = { path: folder, name: 'help', language: null, url: null, tags: [], ...source };
  return await readSources([whole], { fallbackLanguage: 'en' });
}

async function failure(run: () => Promise<unknown>): Promise<{ code: string; facts: unknown }> {
  try {
    await run();
  } catch (error) {
    assert.ok(isUnderstudyError(error));
    return { code: error.code, facts: error.facts };
  }
  return assert.fail('it did not fail');
}

after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

describe('readSources', () => {
  it('reads a folder in order of its paths, and names what it leaves out', async () => {
    const folder = sample({
      'b.md': 'Second page.',
      'a/first.html': '<title>First</title><p>First page.</p>',
      'notes.txt': 'A note that says something.',
      'logo.png': 'PNG',
      'empty.md': '---\ntitle: Nothing\n---\n',
      '.git/config.md': 'hidden',
      'node_modules/x/readme.md': 'foreign',
    });
    const { documents, remarks, fileCount } = await read(folder);
    assert.deepEqual(
      documents.map(({ id, title }) => [id, title]),
      [
        ['help/a/first', 'First'],
        ['help/b', 'B'],
        ['help/notes', 'Notes'],
      ],
    );
    assert.deepEqual(
      remarks.map(({ file }) => file),
      ['help/empty.md', 'help/logo.png'],
    );
    assert.equal(fileCount, 4);
  });

  it('fills title, language, address, tags and questions from front matter', async () => {
    const folder = sample({
      'zh/a.md':
        '---\ntitle: 退货\nproduct: Jug\ntags: [Return, refund]\nquestions:\n  - 怎么退货？\n---\n\n三十天内可以退货。',
      'b.md':
        '---\ntitle: B\nlanguage: fr\nurl: https://x.test/b\nmetadata: {audience: trade, year: 2026, list: [1]}\n---\nBonjour.',
    });
    const [b, a] = (await read(folder, { url: '/help/{path}.html', tags: ['all'] })).documents;
    assert.deepEqual(
      [a?.title, a?.language, a?.url, a?.tags, a?.questions],
      ['退货', 'zh', '/help/zh/a.html', ['all', 'jug', 'return', 'refund'], ['怎么退货？']],
    );
    assert.deepEqual([b?.language, b?.url], ['fr', 'https://x.test/b']);
    assert.deepEqual(b?.metadata, { audience: 'trade', year: 2026 });
    assert.deepEqual([a?.collection, a?.metadata], ['help', undefined]);
  });

  it('gives pairs ids that do not move with their row', async () => {
    const before = (await read(sample({ 'faq.csv': 'question,answer\nA?,1\nB?,2\n' }))).documents;
    const moved = (await read(sample({ 'faq.csv': 'question,answer\nNew?,0\nB?,2\nA?,1\n' }))).documents;
    const idOf = (documents: typeof before, title: string): string | undefined =>
      documents.find((one) => one.title === title)?.id;
    assert.ok(idOf(before, 'A?')?.startsWith('help/faq/'));
    assert.equal(idOf(before, 'A?'), idOf(moved, 'A?'));
    assert.equal(idOf(before, 'B?'), idOf(moved, 'B?'));
  });

  it('keeps two files of one name apart', async () => {
    const { documents } = await read(sample({ 'a.html': '<p>Page</p>', 'a.md': 'Text' }));
    assert.deepEqual(
      documents.map(({ id }) => id),
      ['help/a', 'help/a~2'],
    );
  });

  it('does not follow links', async () => {
    const outside = sample({ 'secret.md': 'Secret.' });
    const folder = sample({ 'a.md': 'Open.' });
    symlinkSync(outside, join(folder, 'link'));
    symlinkSync(join(outside, 'secret.md'), join(folder, 'b.md'));
    assert.deepEqual(
      (await read(folder)).documents.map(({ id }) => id),
      ['help/a'],
    );
  });

  it('names line and column of broken front matter, counted in the file', async () => {
    const folder = sample({ 'a.md': '---\ntitle: A\ntags: [x, y\n---\nText' });
    const { code, facts } = await failure(() => read(folder));
    assert.equal(code, 'cli/source-invalid');
    assert.match(JSON.stringify(facts), /"file":"help\/a\.md","line":[34],"column":\d+/);
  });

  it('names the place of bytes that are no UTF-8, and reads UTF-16 and named charsets', async () => {
    const bad = sample({ 'a.md': new Uint8Array([...new TextEncoder().encode('one\ntw'), 0xff, 0x6f]) });
    assert.deepEqual(await failure(() => read(bad)), {
      code: 'cli/source-invalid',
      facts: { file: 'help/a.md', line: 2, column: 3 },
    });
    const wide = sample({
      'a.txt': new Uint8Array([0xff, 0xfe, 0x48, 0, 0x69, 0]),
      'b.html': new Uint8Array([
        ...new TextEncoder().encode('<meta charset="gb18030"><p>'),
        0xc4,
        0xe3,
        0xba,
        0xc3,
      ]),
    });
    const texts = (await read(wide)).documents.map(({ sections }) => sections[0]?.blocks[0]?.markdown);
    assert.deepEqual(texts, ['Hi', '你好']);
  });

  it('refuses front matter that expands without end', async () => {
    const bomb = [
      'a: &a [x, x, x, x, x, x, x, x, x]',
      ...'bcdefghi'.split('').map((name, index) => {
        const before = 'abcdefgh'[index] ?? 'a';
        return `${name}: &${name} [${Array.from({ length: 9 }, () => `*${before}`).join(', ')}]`;
      }),
    ].join('\n');
    const { code } = await failure(() => read(sample({ 'a.md': `---\n${bomb}\n---\nText` })));
    assert.equal(code, 'cli/source-invalid');
  });

  it('says which source is missing', async () => {
    assert.equal((await failure(() => read('/nowhere/at/all'))).code, 'cli/not-found');
  });
});
