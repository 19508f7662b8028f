import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, appendFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import fc from 'fast-check';
import type { Clock } from '../../src/contracts/clock.ts';
import { isUnderstudyError } from '../../src/contracts/errors.ts';
import { pullAnnotations } from './annotations.ts';
import { createDifyApi } from './dify-api.ts';
import type { DifyApi } from './dify-api.ts';
import { pullDataset } from './pull-dataset.ts';
import { readSegments } from './read-segments.ts';
import type { ScriptedDify } from './scripted-dify.ts';
import { startScriptedDify } from './scripted-dify.ts';

const KEY = 'dataset-0123456789abcdefABCDEF';
const DATASET = '1f2e3d4c-5b6a-4798-8796-a5b4c3d2e1f0';

describe('a pull through the knowledge API', () => {
  let server: ScriptedDify;
  let folder: string;
  let out: string;
  let waits: number[];

  const clock: Clock = {
    now: () => 0,
    monotonicMs: () => 0,
    sleep: (delayMs) => {
      waits.push(delayMs);
      return Promise.resolve();
    },
  };
  const api = (signal = new AbortController().signal): DifyApi =>
    createDifyApi({ baseUrl: server.url, key: KEY, fetch, clock, signal, random: () => 0 });

  beforeEach(async () => {
    server = await startScriptedDify();
    folder = mkdtempSync(join(tmpdir(), 'pull-'));
    out = join(folder, `${DATASET}.jsonl`);
    waits = [];
    server.documents = ['one', 'two', 'three'].map((id) => ({
      id,
      name: `${id}.md`,
      segments: ['a', 'b', 'c'].map((letter, index) => ({
        id: `${id}-${letter}`,
        position: index + 1,
        document_id: id,
        content: `Text ${letter} of ${id}.`,
        status: 'completed',
        enabled: true,
      })),
    }));
  });

  afterEach(async () => {
    await server.close();
    rmSync(folder, { recursive: true });
  });

  it('reads every page of every document and writes one file', async () => {
    const pulled = await pullDataset({ api: api(), datasetId: DATASET, out });
    assert.equal(pulled.documents, 3);
    assert.equal(pulled.segments.length, 9);
    assert.deepEqual(
      readSegments(out).segments.map(({ id }) => id),
      pulled.segments.map(({ id }) => id),
    );
    assert.equal(existsSync(`${out}.part`), false);
    assert.ok(server.keys.every((key) => key === `Bearer ${KEY}`));
  });

  it('leaves out what is switched off or not finished in Dify', async () => {
    server.documents = [
      { id: 'off', name: 'off', segments: [], more: { enabled: false } },
      { id: 'busy', name: 'busy', segments: [], more: { indexing_status: 'indexing' } },
      {
        id: 'on',
        name: 'on',
        segments: [
          { id: '1', content: 'yes', enabled: true, status: 'completed' },
          { id: '2', content: 'no', enabled: false, status: 'completed' },
        ],
      },
    ];
    const pulled = await pullDataset({ api: api(), datasetId: DATASET, out });
    assert.deepEqual(
      pulled.segments.map(({ content }) => content),
      ['yes'],
    );
    assert.equal(pulled.leftOut, 3);
  });

  it('waits as long as the server asks, and doubling where it does not', async () => {
    server.faults.set(1, { kind: 'status', status: 429, retryAfter: '7' });
    server.faults.set(2, { kind: 'status', status: 503 });
    server.faults.set(3, { kind: 'status', status: 500 });
    const pulled = await pullDataset({ api: api(), datasetId: DATASET, out });
    assert.equal(pulled.segments.length, 9);
    assert.deepEqual(waits, [7000, 1000, 2000]);
  });

  it('asks again when the connection is cut or the answer is no JSON', async () => {
    server.faults.set(2, { kind: 'cut' });
    server.faults.set(5, { kind: 'malformed' });
    const pulled = await pullDataset({ api: api(), datasetId: DATASET, out });
    assert.equal(pulled.segments.length, 9);
    assert.equal(waits.length, 2);
  });

  it('gives up after seven tries and says why, without the key', async () => {
    for (let nth = 1; nth < 20; nth += 1) server.faults.set(nth, { kind: 'status', status: 502 });
    const error: unknown = await pullDataset({ api: api(), datasetId: DATASET, out }).catch(
      (caught: unknown) => caught,
    );
    assert.ok(isUnderstudyError(error, 'dify/unreachable'));
    assert.match(error.message, /status 502/);
    assert.ok(!JSON.stringify([error.message, error.facts]).includes(KEY));
    assert.equal(server.requests.length, 7);
    assert.equal(existsSync(out), false);
  });

  it('does not try again with a key that is refused, nor follow a redirect with it', async () => {
    for (const status of [401, 403, 404, 302]) {
      server.faults.set(server.requests.length + 1, { kind: 'status', status });
      const before = server.requests.length;
      await assert.rejects(pullDataset({ api: api(), datasetId: DATASET, out }), (error) =>
        isUnderstudyError(error, 'dify/unreachable'),
      );
      assert.equal(server.requests.length, before + 1);
    }
  });

  it('stops at pages that repeat themselves', async () => {
    server.isEndless = true;
    await assert.rejects(
      pullDataset({ api: api(), datasetId: DATASET, out }),
      (error) => isUnderstudyError(error, 'dify/unreachable') && /nothing new/.test(error.message),
    );
    assert.ok(server.requests.length < 5);
  });

  it('goes on where it was cut off', async () => {
    // Documents: two pages. Segments of "one": two. The first page of "two" comes, the second never.
    for (let nth = 6; nth < 13; nth += 1) server.faults.set(nth, { kind: 'cut' });
    await assert.rejects(pullDataset({ api: api(), datasetId: DATASET, out }));
    assert.equal(existsSync(`${out}.part`), true);
    server.faults.clear();
    const from = server.requests.length;
    const pulled = await pullDataset({ api: api(), datasetId: DATASET, out });
    assert.equal(pulled.segments.length, 9);
    assert.equal(pulled.resumed, 1);
    const asked = server.requests.slice(from).filter((path) => path.includes('/segments'));
    assert.deepEqual(
      asked.map((path) => /documents\/(\w+)\/segments\?page=(\d)/.exec(path)?.slice(1).join(' ')),
      ['two 2', 'three 1', 'three 2'],
    );
  });

  it('reads a document anew that changed since', async () => {
    for (let nth = 6; nth < 13; nth += 1) server.faults.set(nth, { kind: 'cut' });
    await assert.rejects(pullDataset({ api: api(), datasetId: DATASET, out }));
    server.faults.clear();
    server.documents = server.documents.map((document) => ({
      ...document,
      segments: [{ id: 'new', content: `New ${document.id}.` }],
      more: { word_count: 2 },
    }));
    const pulled = await pullDataset({ api: api(), datasetId: DATASET, out });
    assert.equal(pulled.resumed, 0);
    assert.deepEqual(
      pulled.segments.map(({ content }) => content),
      ['New one.', 'New two.', 'New three.'],
    );
  });

  it('survives a journal that ends anywhere, or was written over', async () => {
    for (let nth = 8; nth < 15; nth += 1) server.faults.set(nth, { kind: 'cut' });
    await assert.rejects(pullDataset({ api: api(), datasetId: DATASET, out }));
    server.faults.clear();
    const whole = readFileSync(`${out}.part`);
    const { writeFileSync } = await import('node:fs');
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length), fc.string(), async (length, garbage) => {
        writeFileSync(`${out}.part`, whole.subarray(0, length));
        appendFileSync(`${out}.part`, garbage);
        const pulled = await pullDataset({ api: api(), datasetId: DATASET, out });
        assert.equal(pulled.segments.length, 9);
      }),
      { numRuns: 25 },
    );
  });

  it('keeps the file of an earlier pull when it fails', async () => {
    await pullDataset({ api: api(), datasetId: DATASET, out });
    const before = readFileSync(out);
    server.faults.set(server.requests.length + 2, { kind: 'status', status: 401 });
    await assert.rejects(pullDataset({ api: api(), datasetId: DATASET, out }));
    assert.deepEqual(readFileSync(out), before);
  });

  it('stops when it is told to', async () => {
    const stop = new AbortController();
    stop.abort(new Error('enough'));
    await assert.rejects(pullDataset({ api: api(stop.signal), datasetId: DATASET, out }), /enough/);
    assert.equal(server.requests.length, 0);
  });

  it('brings annotations too', async () => {
    server.annotations = ['1', '2', '3'].map((id) => ({ id, question: `Q${id}?`, answer: `A${id}.` }));
    assert.deepEqual(await pullAnnotations(api()), [
      { question: 'Q1?', answer: 'A1.' },
      { question: 'Q2?', answer: 'A2.' },
      { question: 'Q3?', answer: 'A3.' },
    ]);
  });
});
