import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { isRecord } from '../../src/contracts/json.ts';
import { runCommand } from './run-command.ts';
import { sampleFolders } from './sample-folder.ts';
import { parseObject } from './parse-object.ts';

const samples = sampleFolders();
after(() => samples.removeAll());

const TINY = fileURLToPath(
  new URL('../../models/understudy-tiny/understudy-tiny.q8_0.gguf', import.meta.url),
);
const DEVICE = ['--memory', '16', '--bandwidth', '11'];

async function listed(...args: readonly string[]): Promise<Record<string, unknown>[]> {
  const { status, out, notes } = await runCommand(['models', 'list', '--json', ...DEVICE, ...args]);
  assert.equal(status, 0, notes);
  const { models } = parseObject(out);
  assert.ok(Array.isArray(models));
  return models.filter(isRecord);
}

/** A file with a header that has one text of metadata. */
function ggufOf(key: string, value: string): Uint8Array {
  const text = (content: string): Buffer => {
    const bytes = Buffer.from(content);
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(bytes.length));
    return Buffer.concat([length, bytes]);
  };
  const start = Buffer.alloc(24);
  start.write('GGUF');
  start.writeUInt32LE(3, 4);
  start.writeBigUInt64LE(0n, 8);
  start.writeBigUInt64LE(1n, 16);
  return Buffer.concat([start, text(key), Buffer.from([8, 0, 0, 0]), text(value)]);
}

describe('understudy models list', () => {
  it('prints a table of at least 50 models, sorted by name', async () => {
    const { status, out } = await runCommand(['models', 'list', ...DEVICE]);
    assert.equal(status, 0);
    const [head = '', ...rows] = out.split('\n');
    assert.match(head, /^model +task +params +size +memory +license +device +engines$/);
    assert.ok(rows.length >= 50);
    const ids = rows.map((row) => row.split(' ')[0] ?? '');
    assert.deepEqual(ids, [...ids].sort());
    assert.match(
      out,
      /^smollm2-135m-instruct +chat +135M +~142\.9 MB +211\.5 MB +Apache-2\.0 +excellent +kernel, /m,
    );
  });

  it('filters by engine, task, language, license and size', async () => {
    const all = await listed();
    const kernel = await listed('--engine', 'kernel');
    assert.ok(kernel.length >= 30 && kernel.length < all.length);
    assert.ok(kernel.every(({ engines }) => Array.isArray(engines) && engines.includes('kernel')));
    const chinese = await listed('--engine', 'kernel', '--task', 'chat', '--language', 'zh');
    assert.ok(chinese.some(({ id }) => id === 'qwen2.5-0.5b-instruct'));
    assert.ok(chinese.every(({ id }) => id !== 'smollm2-135m-instruct'));
    const permissive = await listed('--licence', 'permissive');
    assert.ok(permissive.every(({ id }) => id !== 'llama-3.2-1b-instruct'));
    assert.ok((await listed('--licence', 'llama3.2')).some(({ id }) => id === 'llama-3.2-1b-instruct'));
    const small = await listed('--max-size', '200MB');
    assert.ok(small.length > 0);
    for (const { weights } of small) assert.ok(isRecord(weights) && Number(weights['bytes']) <= 200e6);
  });

  it('says so when no model meets all wishes', async () => {
    const { status, out, notes } = await runCommand(['models', 'list', '--max-size', '1kB']);
    assert.deepEqual([status, out], [0, '']);
    assert.match(notes, /^None of \d+ models meets all wishes\.$/);
  });

  it('grades by a measured speed when one is given', async () => {
    const slow = await listed('--tokens-per-second', '10');
    assert.ok(
      slow.every(({ verdict }) => verdict === null || (isRecord(verdict) && verdict['grade'] === 'poor')),
    );
  });

  it('exits with 64 for wishes it does not know', async () => {
    for (const args of [
      [],
      ['lst'],
      ['list', 'x'],
      ['list', '--engine', 'kernal'],
      ['list', '--max-size', 'big'],
      ['list', '--memory', '-1'],
      ['list', '--context', '4096'],
      ['show'],
      ['show', 'a', 'b'],
      ['show', 'smollm2-135m-instruct', '--engine', 'kernel'],
      ['check'],
    ]) {
      const { status, notes } = await runCommand(['models', ...args]);
      assert.equal(status, 64, `${args.join(' ')}: ${notes}`);
    }
    const { notes } = await runCommand(['models', 'list', '--engine', 'kernal']);
    assert.match(notes, /did you mean "kernel"\?/);
  });
});

describe('understudy models show', () => {
  it('prints every fact of a model with its source', async () => {
    const { status, out } = await runCommand(['models', 'show', 'SmolLM2-135M-Instruct', ...DEVICE]);
    assert.equal(status, 0);
    assert.match(out, /^layers +30 {2}\[hub-index:.+num_hidden_layers\]$/m);
    assert.match(out, /^mlc, run by webllm$/m);
    assert.match(out, /^ {2}requires +shader-f16 {2}\[web-llm:/m);
  });

  it('gives the sources that are cited with --json', async () => {
    const { out } = await runCommand(['models', 'show', 'bge-small-en-v1.5', '--json', ...DEVICE]);
    const { model, sources } = parseObject(out);
    assert.ok(isRecord(model) && Array.isArray(sources));
    const ids = sources.filter(isRecord).map(({ id }) => id);
    assert.ok(ids.includes('hub-index') && ids.includes('fastembed') && !ids.includes('web-llm'));
  });

  it('suggests the name for one that is mistyped', async () => {
    const { status, notes } = await runCommand(['models', 'show', 'smollm2-135m-instrct']);
    assert.equal(status, 2);
    assert.match(notes, /^error cli\/not-found: .+did you mean "smollm2-135m-instruct"\?/);
  });
});

describe('understudy models check', () => {
  it('tells what a file is and that the kernel runs it', async () => {
    const { status, out } = await runCommand(['models', 'check', TINY, '--json', ...DEVICE]);
    assert.equal(status, 0);
    const report = parseObject(out);
    assert.deepEqual(
      [report['runs'], report['reason'], report['architecture'], report['tokenizer'], report['licence']],
      [true, null, 'llama', 'byte-level BPE', 'cc-by-4.0'],
    );
    assert.equal(report['sizeBytes'], readFileSync(TINY).length);
    const { tensorTypes, verdict } = report;
    assert.ok(isRecord(tensorTypes) && isRecord(verdict));
    assert.deepEqual(Object.keys(tensorTypes), ['Q8_0', 'F32']);
    assert.equal(verdict['grade'], 'excellent');
  });

  it('says why the kernel does not run a file, and ends with 2', async () => {
    const whole = readFileSync(TINY);
    const folder = samples.make({
      'page.gguf': '<html>not found</html>',
      'empty.gguf': '',
      'cut.gguf': whole.subarray(0, 5000),
      'half.gguf': whole.subarray(0, whole.length >> 1),
      'mamba.gguf': ggufOf('general.architecture', 'mamba'),
      'nameless.gguf': ggufOf('general.name', 'x'),
    });
    const reasons = new Map([
      ['page.gguf', /does not begin with "GGUF"/],
      ['empty.gguf', /./],
      ['cut.gguf', /./],
      ['half.gguf', /past the end of the file/],
      ['mamba.gguf', /"mamba"; llama, qwen2, bert are read/],
      ['nameless.gguf', /"general\.architecture" is missing/],
    ]);
    for (const [name, expected] of reasons) {
      const { status, out } = await runCommand(['models', 'check', join(folder, name), '--json']);
      assert.equal(status, 2, name);
      const { runs, reason } = parseObject(out);
      assert.equal(runs, false);
      assert.match(String(reason), expected);
      assert.doesNotMatch(String(reason), /models check/);
    }
  });

  it('keeps a name in the metadata from steering the terminal', async () => {
    const folder = samples.make({ 'a.gguf': ggufOf('general.name', 'x\u001b[2Jy\u202ez') });
    const { out } = await runCommand(['models', 'check', join(folder, 'a.gguf')]);
    assert.match(out, /^name +x\uFFFD\[2Jy\uFFFDz$/m);
  });

  it('runs a model with a name that is no UTF-8, and tells no name', async () => {
    const changed = readFileSync(TINY);
    changed[changed.indexOf('understudy-tiny')] = 0x80;
    const folder = samples.make({ 'm.gguf': changed });
    const { status, out } = await runCommand(['models', 'check', join(folder, 'm.gguf'), '--json']);
    assert.equal(status, 0, out);
    const { runs, name, licence } = parseObject(out);
    assert.deepEqual({ runs, name, licence }, { runs: true, name: null, licence: 'cc-by-4.0' });
  });

  it('says that the name of a tokenizer is no UTF-8, where the kernel needs it', async () => {
    const changed = readFileSync(TINY);
    // Behind the key stand a type of four bytes and a length of eight.
    const key = 'tokenizer.ggml.model';
    changed[changed.indexOf(key) + key.length + 12] = 0x80;
    const folder = samples.make({ 'm.gguf': changed });
    const { status, out } = await runCommand(['models', 'check', join(folder, 'm.gguf'), '--json']);
    assert.equal(status, 2);
    assert.match(String(parseObject(out)['reason']), /"tokenizer\.ggml\.model" is not UTF-8/);
  });

  it('answers a mutated header with a report, never with another error', async () => {
    const whole = readFileSync(TINY);
    await fc.assert(
      fc.asyncProperty(fc.nat(4000), fc.integer({ min: 0, max: 255 }), async (at, byte) => {
        const changed = Buffer.from(whole);
        changed[at] = byte;
        const folder = samples.make({ 'm.gguf': changed });
        const { status, out } = await runCommand(['models', 'check', join(folder, 'm.gguf'), '--json']);
        assert.ok(status === 0 || status === 2);
        assert.equal(parseObject(out)['runs'], status === 0);
      }),
      { numRuns: 40 },
    );
  });

  it('exits with 2 for a file that is not there, and checks models of the catalogue by id', async () => {
    assert.equal((await runCommand(['models', 'check', './missing.gguf'])).status, 2);
    assert.equal((await runCommand(['models', 'check', 'smollm2-135m-instruct'])).status, 0);
    const { status, out } = await runCommand(['models', 'check', 'phi-2']);
    assert.equal(status, 2);
    assert.match(out, /^runs +no: /);
  });
});
