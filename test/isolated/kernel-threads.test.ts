import { expect } from '@open-wc/testing';
import { loadKernelModel } from '../../src/kernel/load-kernel-model.ts';
import { HelperPool } from '../../src/kernel/runtime/helper-pool.ts';
import { helperWorkerStart } from '../../src/kernel/runtime/start-helper-worker.ts';
import { fetchKernel, openKernel } from '../fixtures/kernel-builds.ts';
import { randomModel, randomTokens } from '../fixtures/random-model.ts';
import type { ProbeAnswer } from './thread-probe.ts';

const assetsUrl = new URL('/dist/', location.href).href;
const model = randomModel({ architecture: 'llama', type: 'Q8_0', feedForward: 1024 });
const prompt = randomTokens(70, 269, 3);

/** Runs the kernel in a worker of its own. */
async function probe(threads: number): Promise<ProbeAnswer> {
  const worker = new Worker(new URL('./thread-probe.ts', import.meta.url), { type: 'module' });
  try {
    return await new Promise((resolve, reject) => {
      worker.onmessage = ({ data }: MessageEvent<ProbeAnswer | string>) => {
        if (typeof data === 'string') reject(new Error(data));
        else resolve(data);
      };
      worker.onerror = (event) => reject(new Error(event.message));
      worker.postMessage({ model, prompt, threads, assetsUrl });
    });
  } finally {
    worker.terminate();
  }
}

describe('the kernel on a cross-origin isolated page', () => {
  it('is tested on one', () => {
    expect(crossOriginIsolated).to.equal(true);
  });

  it('writes with two threads what it writes with one, where memory can be shared', async () => {
    const one = await probe(1);
    const two = await probe(2);
    expect(two.isIsolated).to.equal(true);
    expect(two.canStart).to.equal(two.canShare);
    expect([one.threads, two.threads]).to.deep.equal([1, two.canShare ? 2 : 1]);
    expect(two.tokens).to.have.length(24);
    expect(two.tokens).to.deep.equal(one.tokens);
    expect(two.again).to.deep.equal(one.tokens);
  });

  it('runs on one thread on the page itself, which may not wait', async () => {
    expect(helperWorkerStart(assetsUrl)).to.equal(null);
    const loaded = await loadKernelModel(model, { assetsUrl, threads: 2 });
    expect(loaded.threads).to.equal(1);
    await loaded.prefill(prompt);
    expect(await loaded.decode(4)).to.have.length(4);
    loaded.dispose();
  });

  it('does without helpers that do not start', async () => {
    const { kernel, arena } = await openKernel(fetchKernel, 'plain');
    const pool = new HelperPool(kernel);
    const module = await fetchKernel('plain');
    let ended = 0;
    const setup = { module, memory: arena.memory, model: 0, threads: 4 };
    await pool.start(
      (_setup, thread) =>
        thread === 2
          ? Promise.resolve({ end: () => (ended += 1) })
          : Promise.reject(new Error('refused by the browser')),
      setup,
    );
    expect([pool.threads, pool.most]).to.deep.equal([2, 2]);
    pool.use(1);
    expect([pool.threads, pool.most]).to.deep.equal([1, 2]);
    pool.use(9);
    expect(pool.threads).to.equal(2);
    pool.close();
    pool.close();
    expect([ended, pool.threads, pool.most]).to.deep.equal([1, 1, 1]);
  });
});
