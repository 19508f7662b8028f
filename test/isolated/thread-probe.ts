import { loadKernelModel } from '../../src/kernel/load-kernel-model.ts';
import { isRecord } from '../../src/contracts/json.ts';
import { helperWorkerStart } from '../../src/kernel/runtime/start-helper-worker.ts';

/** What the kernel did in a worker. */
export interface ProbeAnswer {
  readonly isIsolated: boolean;
  /** Whether a message can carry shared memory: WebKitGTK lets none through, isolated or not. */
  readonly canShare: boolean;
  readonly canStart: boolean;
  /** Threads that can work. */
  readonly threads: number;
  readonly tokens: readonly number[];
  /** The same again after all threads but this one were let go in between. */
  readonly again: readonly number[];
}

const OUTPUT = 24;

function canShare(): boolean {
  const { port1 } = new MessageChannel();
  try {
    port1.postMessage(new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }));
    return true;
  } catch {
    return false;
  } finally {
    port1.close();
  }
}

/** Loads a model, reads a prompt and writes on as many threads as it was told. */
async function probe(
  model: Uint8Array,
  prompt: readonly number[],
  threads: number,
  assetsUrl: string,
): Promise<ProbeAnswer> {
  const loaded = await loadKernelModel(model, { assetsUrl, threads });
  const write = async (count: number): Promise<number[]> => {
    loaded.useThreads(count);
    await loaded.prefill(prompt);
    return loaded.decode(OUTPUT);
  };
  const tokens = await write(threads);
  const working = loaded.threads;
  await write(1);
  const again = await write(threads);
  loaded.dispose();
  const canStart = helperWorkerStart(assetsUrl) !== null;
  return {
    isIsolated: self.crossOriginIsolated,
    canShare: canShare(),
    canStart,
    threads: working,
    tokens,
    again,
  };
}

self.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
  if (!isRecord(data)) return;
  const { model, prompt, threads, assetsUrl } = data;
  if (!(model instanceof Uint8Array) || !Array.isArray(prompt)) return;
  if (typeof threads !== 'number' || typeof assetsUrl !== 'string') return;
  probe(model, prompt.map(Number), threads, assetsUrl).then(
    (answer) => self.postMessage(answer),
    (error: unknown) => self.postMessage(String(error)),
  );
});
