import { expect } from '@open-wc/testing';
import { fetchKernel, loadDecoder } from '../../../test/fixtures/kernel-builds.ts';
import { randomModel } from '../../../test/fixtures/random-model.ts';
import { keepFasterThreads } from './keep-faster-threads.ts';
import type { KernelDecoder } from './kernel-decoder.ts';
import type { KernelModel } from './kernel-model.ts';

/** What the measurement found. */
interface Found {
  readonly oneMs: number;
  readonly allMs: number;
}

/** Measures a model on a machine where a token takes so long with one thread and with all. */
async function measure(
  times: (isAll: boolean, round: number) => number,
  threads = 4,
): Promise<{ readonly found: Found | null; readonly decoder: KernelDecoder; readonly reads: number }> {
  const real = await loadDecoder(fetchKernel, randomModel({ architecture: 'llama', type: 'Q8_0' }));
  let [ms, working, reads, found] = [0, threads, 0, null as Found | null];
  const readToken = (token: number): void => {
    real.readToken(token);
    ms += times(working > 1, Math.floor(reads / 8));
    reads += 1;
  };
  const decoder = Object.assign(Object.create(real) as KernelDecoder, {
    readToken,
    clear: () => real.clear(),
  });
  const stand: Partial<KernelModel> = {
    decoder,
    threads,
    useThreads: (count) => {
      working = count;
    },
    governThreads: (oneMs, allMs) => {
      found = { oneMs, allMs };
    },
  };
  await keepFasterThreads(stand as KernelModel, () => ms);
  return { found, decoder: real, reads };
}

describe('keepFasterThreads', () => {
  it('hands on how long a token takes with one thread and with all', async () => {
    const { found } = await measure((isAll) => (isAll ? 6 : 10));
    expect(found).to.deep.equal({ oneMs: 10, allMs: 6 });
  });

  it('is not misled by a moment of load: the best of some rounds counts', async () => {
    const { found } = await measure((isAll, round) => (isAll ? 6 : 10) * (round === 1 ? 20 : 1));
    expect(found).to.deep.equal({ oneMs: 10, allMs: 6 });
  });

  it('leaves a decoder that has read nothing', async () => {
    const { decoder, reads } = await measure(() => 5);
    expect(reads).to.be.above(8);
    expect(decoder.length).to.equal(0);
  });

  it('measures nothing where there is one thread alone', async () => {
    const { found, reads } = await measure(() => 5, 1);
    expect([found, reads]).to.deep.equal([null, 0]);
  });
});
