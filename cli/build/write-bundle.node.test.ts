import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { chunkPath, parseManifest, wholeFilePath } from '../../src/contracts/bundle.ts';
import type { EngineChoice } from '../../src/contracts/engine-choice.ts';
import { isUnderstudyError } from '../../src/contracts/errors.ts';
import { sampleFolders } from '../../test/node/sample-folder.ts';
import { jsonArtifact } from './artifact-file.ts';
import type { ArtifactFile } from './artifact-file.ts';
import { readBundleFolder } from './read-bundle-folder.ts';
import { writeBundle } from './write-bundle.ts';
import type { WrittenBundle } from './write-bundle.ts';

const samples = sampleFolders();
after(() => samples.removeAll());

const branding = { title: {}, greeting: {}, accent: null, suggestions: {}, contactUrl: null };
/** Rows whose text does not repeat, so that chunks differ. */
const rows = Array.from({ length: 2000 }, (_, index) => `${index} ${Math.sin(index)} ${Math.cos(index * 7)}`);

function write(
  folder: string,
  artifacts: readonly ArtifactFile[],
  options: { readonly release?: number; readonly createdAt?: string; readonly appId?: string } = {},
): Promise<WrittenBundle> {
  const { appId = 'shop', createdAt = '2026-01-01T00:00:00.000Z', ...rest } = options;
  return writeBundle(folder, { appId, languages: ['en'], branding, artifacts }, { createdAt, ...rest });
}

function model(bytes: Uint8Array<ArrayBuffer>): ArtifactFile {
  return { name: 'model.onnx', role: 'model', mediaType: 'application/octet-stream', need: 'wording', bytes };
}

function listFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    statSync(join(folder, name)).isFile(),
  );
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    assert.ok(isUnderstudyError(error));
    return error.code;
  }
  return assert.fail('it did not fail');
}

describe('writeBundle', () => {
  it('writes chunks and whole files under the digests of their decoded bytes', async () => {
    const folder = samples.make();
    const { manifest, chunkList } = await write(folder, [jsonArtifact('passages', rows)]);
    const entry = manifest.artifacts['passages.json'];
    const chunks = chunkList.artifacts['passages.json']?.chunks ?? [];
    assert.ok(chunks.length > 10);
    const joined = Buffer.concat(
      chunks.map(({ sha256 }) => gunzipSync(readFileSync(join(folder, chunkPath(sha256))))),
    );
    assert.deepEqual(JSON.parse(joined.toString()), rows);
    assert.deepEqual(gunzipSync(readFileSync(join(folder, wholeFilePath(entry?.sha256 ?? '')))), joined);
  });

  it('names the engines of the owner, and a change of them is a new release', async () => {
    const folder = samples.make();
    const contents = {
      appId: 'shop',
      languages: ['en'],
      branding,
      artifacts: [jsonArtifact('passages', rows)],
    };
    const put = (engines: readonly EngineChoice[] | null) =>
      writeBundle(folder, { ...contents, engines }, { createdAt: '2026-01-01T00:00:00Z' });
    const first = await put([{ engine: 'kernel' }]);
    assert.deepEqual(first.manifest.engines, [{ engine: 'kernel' }]);
    assert.equal((await put([{ engine: 'kernel' }])).isChanged, false);
    const none = await put(null);
    assert.deepEqual([none.isChanged, none.manifest.release], [true, 2]);
    assert.ok(!Object.hasOwn(none.manifest, 'engines'));
  });

  it('says what the model is good for', async () => {
    const contents = {
      appId: 'shop',
      languages: ['en'],
      branding,
      artifacts: [jsonArtifact('passages', rows)],
    };
    const generator = { name: 'a model', ability: 'general' } as const;
    const written = await writeBundle(
      samples.make(),
      { ...contents, generator },
      { createdAt: '2026-01-01T00:00:00Z' },
    );
    assert.deepEqual(parseManifest(written.manifest).generator, generator);
    for (const wrong of [null, 'general', { name: '', ability: 'general' }, { name: 'a', ability: 'all' }])
      assert.ok(!Object.hasOwn(parseManifest({ ...written.manifest, generator: wrong }), 'generator'));
  });

  it('stores weights as they are unless compression saves more than a tenth', async () => {
    const noise = crypto.getRandomValues(new Uint8Array(60_000));
    const random = await write(samples.make(), [model(noise)]);
    assert.equal(random.chunkList.artifacts['model.onnx']?.encoding, 'identity');
    const zeros = await write(samples.make(), [model(new Uint8Array(600_000))]);
    assert.equal(zeros.chunkList.artifacts['model.onnx']?.encoding, 'gzip');
    assert.deepEqual(
      zeros.chunkList.artifacts['model.onnx'].chunks.map(({ sizeBytes }) => sizeBytes),
      [262_144, 262_144, 75_712],
    );
  });

  it('stores a chunk that two artifacts share in one way', async () => {
    const noise = crypto.getRandomValues(new Uint8Array(900));
    const same: ArtifactFile = { ...model(noise), name: 'index.bin', role: 'index' };
    const { chunkList } = await write(samples.make(), [model(noise), same]);
    assert.deepEqual(
      Object.values(chunkList.artifacts).map(({ encoding }) => encoding),
      ['gzip', 'gzip'],
    );
  });

  it('writes nothing and keeps the release when nothing changed', async () => {
    const folder = samples.make();
    await write(folder, [jsonArtifact('passages', rows)]);
    const times = listFiles(folder).map((name) => statSync(join(folder, name)).mtimeMs);
    const again = await write(folder, [jsonArtifact('passages', rows)], {
      createdAt: '2027-01-01T00:00:00.000Z',
    });
    assert.equal(again.isChanged, false);
    assert.equal(again.writtenChunks, 0);
    assert.equal(again.manifest.release, 1);
    assert.equal(again.manifest.createdAt, '2026-01-01T00:00:00.000Z');
    assert.deepEqual(
      listFiles(folder).map((name) => statSync(join(folder, name)).mtimeMs),
      times,
    );
  });

  it('raises the release on an edit and writes only the chunks around it', async () => {
    const folder = samples.make();
    await write(folder, [jsonArtifact('passages', rows)]);
    const edited = await write(folder, [jsonArtifact('passages', rows.with(1000, 'edited'))]);
    assert.equal(edited.manifest.release, 2);
    assert.ok(edited.writtenChunks <= 3, `${edited.writtenChunks} chunks written`);
    assert.ok(edited.keptChunks > 10);
  });

  it('keeps the chunks of the release before and removes older ones', async () => {
    const folder = samples.make();
    const pathsOf = (written: WrittenBundle): string[] => [
      ...Object.values(written.chunkList.artifacts).flatMap(({ chunks }) =>
        chunks.map(({ sha256 }) => chunkPath(sha256)),
      ),
      ...Object.values(written.manifest.artifacts).map(({ sha256 }) => wholeFilePath(sha256)),
    ];
    const first = await write(folder, [jsonArtifact('passages', ['one'])]);
    const second = await write(folder, [jsonArtifact('passages', ['two'])]);
    for (const path of pathsOf(first)) assert.ok(existsSync(join(folder, path)));
    const third = await write(folder, [jsonArtifact('passages', ['three'])]);
    assert.equal(third.removedFiles, 2);
    for (const path of pathsOf(first)) assert.ok(!existsSync(join(folder, path)));
    for (const path of [...pathsOf(second), ...pathsOf(third)]) assert.ok(existsSync(join(folder, path)));
  });

  it('mends a damaged chunk of an unchanged release', async () => {
    const folder = samples.make();
    const { chunkList } = await write(folder, [jsonArtifact('passages', rows)]);
    const path = join(folder, chunkPath(chunkList.artifacts['passages.json']?.chunks[0]?.sha256 ?? ''));
    const whole = readFileSync(path);
    writeFileSync(path, whole.subarray(0, 40));
    const again = await write(folder, [jsonArtifact('passages', rows)]);
    assert.equal(again.isChanged, false);
    assert.equal(again.writtenChunks, 1);
    assert.deepEqual(readFileSync(path), whole);
  });

  it('takes a release number that goes up and refuses others', async () => {
    const folder = samples.make();
    assert.equal((await write(folder, [jsonArtifact('plan', {})], { release: 7 })).manifest.release, 7);
    assert.equal((await write(folder, [jsonArtifact('plan', {})], { release: 9 })).manifest.release, 9);
    assert.equal(await codeOf(write(folder, [jsonArtifact('plan', { a: 1 })], { release: 9 })), 'cli/usage');
    assert.equal(readBundleFolder(folder).manifest.release, 9);
  });

  it('refuses the folder of another app or of a broken bundle', async () => {
    const folder = samples.make();
    await write(folder, [jsonArtifact('plan', {})]);
    assert.equal(
      await codeOf(write(folder, [jsonArtifact('plan', {})], { appId: 'other' })),
      'cli/write-failed',
    );
    writeFileSync(join(folder, 'manifest.json'), '{');
    assert.equal(await codeOf(write(folder, [jsonArtifact('plan', {})])), 'cli/write-failed');
  });

  it('leaves foreign files in the folder alone', async () => {
    const folder = samples.make({ 'chunks/ab/readme.txt': 'mine', 'index.html': 'mine' });
    await write(folder, [jsonArtifact('plan', { a: 1 })]);
    await write(folder, [jsonArtifact('plan', { a: 2 })]);
    await write(folder, [jsonArtifact('plan', { a: 3 })]);
    assert.ok(existsSync(join(folder, 'chunks/ab/readme.txt')) && existsSync(join(folder, 'index.html')));
  });
});
