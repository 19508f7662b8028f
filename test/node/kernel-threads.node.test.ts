import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { build } from 'esbuild';
import type { HelperStart } from '../../src/kernel/runtime/helper-pool.ts';
import { kernelFile } from '../../src/kernel/runtime/kernel-build.ts';
import type { KernelModel } from '../../src/kernel/model/kernel-model.ts';
import { openModel } from '../../src/kernel/model/kernel-model.ts';
import type { RandomModelOptions } from '../fixtures/random-model.ts';
import { randomModel, randomTokens } from '../fixtures/random-model.ts';

const VOCABULARY = 269;
const folder = new URL('../../dist/kernel/', import.meta.url);

/** The helper as one JavaScript module: Node.js loads no TypeScript in its threads. */
const { outputFiles } = await build({
  entryPoints: [fileURLToPath(new URL('../fixtures/helper-thread.ts', import.meta.url))],
  bundle: true,
  write: false,
  format: 'esm',
  platform: 'node',
});
const helperUrl = new URL(`data:text/javascript,${encodeURIComponent(outputFiles[0]?.text ?? '')}`);

interface Threads {
  readonly start: HelperStart;
  readonly workers: Worker[];
}

function threads(): Threads {
  const workers: Worker[] = [];
  const start: HelperStart = async (setup, thread) => {
    const worker = new Worker(helperUrl, { workerData: { setup, thread } });
    workers.push(worker);
    await once(worker, 'message');
    // Ends by itself when the work is closed: that is tested.
    return { end: () => undefined };
  };
  return { start, workers };
}

async function open(options: RandomModelOptions, count: number, start: HelperStart): Promise<KernelModel> {
  const file = randomModel(options);
  return openModel({
    source: {
      sizeBytes: file.length,
      pieces: (async function* () {
        yield file;
      })(),
    },
    compile: async (name) => WebAssembly.compile(await readFile(new URL(kernelFile(name), folder))),
    build: count > 1 ? 'plain-shared' : 'plain',
    threads: count,
    startHelper: start,
  });
}

/** Threads at work in the batches of a prompt. */
async function threadsInPrompt(model: KernelModel): Promise<number[]> {
  const used: number[] = [];
  model.decoder?.clear();
  await model.decoder?.readPrompt(randomTokens(70, VOCABULARY), {
    beforeBatch: () => Promise.resolve(void used.push(model.threads)),
  });
  return used;
}

/** Reads a prompt and some tokens one by one, or encodes them; all bits of the last results. */
async function run(model: KernelModel): Promise<number[]> {
  const tokens = randomTokens(70, VOCABULARY);
  if (model.encoder !== null) return [...model.encoder.hiddenStates(tokens)];
  const { decoder } = model;
  assert.ok(decoder);
  decoder.clear();
  await decoder.readPrompt(tokens);
  const bits = [...decoder.logits];
  for (const token of tokens.slice(0, 20)) {
    decoder.readToken(token);
    bits.push(...decoder.logits);
  }
  return bits;
}

for (const count of [2, 3, 5]) {
  test(`${count} threads give the bits that one gives, and end when the model is disposed`, async () => {
    for (const options of [
      { architecture: 'llama', type: 'Q8_0' },
      { architecture: 'qwen2', type: 'Q4_K' },
      { architecture: 'llama', type: 'F16', vocabulary: 1003 },
      { architecture: 'bert', type: 'Q4_0' },
    ] as const) {
      const alone = await run(await open(options, 1, threads().start));
      const { start, workers } = threads();
      const model = await open(options, count, start);
      assert.equal(model.threads, count);
      const ends = workers.map((worker) => once(worker, 'exit'));
      for (let again = 0; again < 3; again += 1) assert.deepEqual(await run(model), alone);
      // Threads can be put to rest and called again.
      model.useThreads(1);
      assert.equal(model.threads, 1);
      assert.deepEqual(await run(model), alone);
      model.useThreads(count);
      assert.deepEqual(await run(model), alone);
      model.dispose();
      for (const [code] of await Promise.all(ends)) assert.equal(code, 0);
    }
  });
}

test('all threads read a prompt where one writes tokens, unless they are slower', async () => {
  const { start } = threads();
  const model = await open({ architecture: 'llama', type: 'Q8_0' }, 2, start);
  // A clock of the test's: each look at it is a millisecond later.
  let now = 0;
  let stepMs = 1;
  const nowMs = (): number => (now += stepMs);
  model.governThreads(1, 10, nowMs);
  assert.equal(model.threads, 1);
  assert.deepEqual(await threadsInPrompt(model), [2, 2, 2]);
  assert.equal(model.threads, 1);
  stepMs = 10_000;
  assert.deepEqual(await threadsInPrompt(model), [2, 1, 1]);
  assert.equal(model.threads, 1);
  model.dispose();
});

// V8 11.3 forgets the locals of a function that waits itself, and then writes through what is left of them, which is address 0.
test('a helper that wakes writes nowhere but where it works', async () => {
  const { start } = threads();
  const memories: WebAssembly.Memory[] = [];
  const model = await open({ architecture: 'llama', type: 'Q8_0' }, 2, async (setup, thread) => {
    memories.push(setup.memory);
    return start(setup, thread);
  });
  const pause = new Int32Array(new SharedArrayBuffer(4));
  for (let again = 0; again < 20; again += 1) {
    await model.decoder?.readPrompt(randomTokens(40 + again, VOCABULARY));
    // Long enough for the helper to fall asleep; were it not, nothing would be tested and nothing fail.
    Atomics.wait(pause, 0, 0, 10);
  }
  assert.deepEqual(
    memories.map(({ buffer }) => new Int32Array(buffer)[0]),
    [0],
  );
  model.dispose();
});
