import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import test from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createKernelEngine } from '../../src/engines/kernel/create-kernel-engine.ts';
import type { Engine } from '../../src/contracts/engine.ts';
import { tinyLlama } from '../fixtures/tiny-llama.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
const folder = new URL('../../dist/kernel/', import.meta.url);
const gguf = tinyLlama();

/** Lets `play` run and gives weak references to all memories that it made. */
async function memoriesOf(play: () => Promise<void>): Promise<readonly WeakRef<WebAssembly.Memory>[]> {
  const { Memory } = WebAssembly;
  const made: WeakRef<WebAssembly.Memory>[] = [];
  WebAssembly.Memory = class extends Memory {
    constructor(descriptor: WebAssembly.MemoryDescriptor) {
      super(descriptor);
      made.push(new WeakRef(this));
    }
  };
  try {
    await play();
  } finally {
    WebAssembly.Memory = Memory;
  }
  return made;
}

function makeEngine(): Engine {
  return createKernelEngine({
    openModel: () =>
      Promise.resolve({
        sizeBytes: gguf.length,
        pieces: (async function* () {
          yield gguf;
        })(),
      }),
    readGolden: () => Promise.resolve(null),
    readKernel: (file) => readFile(new URL(file, folder)),
    modelId: 'tiny-llama',
  });
}

async function count(memories: readonly WeakRef<WebAssembly.Memory>[]): Promise<number> {
  // What a weak reference gave, or was made with, stays until the task is over.
  await new Promise((resolve) => setImmediate(resolve));
  collectGarbage();
  return memories.filter((memory) => memory.deref() !== undefined).length;
}

test('an engine holds its memory until it is disposed of, and not longer, though it is held itself', async () => {
  const engine = makeEngine();
  const memories = await memoriesOf(() => engine.load());
  assert.equal(memories.length, 1);
  assert.equal(await count(memories), 1);
  await engine.dispose();
  assert.equal(await count(memories), 0);
  assert.equal(engine.contextTokens, 0);
});
