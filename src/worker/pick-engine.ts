import type { Clock } from '../contracts/clock.ts';
import type { ArtifactReader } from '../contracts/engine.ts';
import { UnderstudyError } from '../contracts/errors.ts';
import type { CrashMark, EngineCandidate } from '../engines/picker/candidate.ts';
import { probeDevice } from '../engines/picker/device-facts.ts';
import type { EnginePicker } from '../engines/picker/engine-picker.ts';
import { createEnginePicker } from '../engines/picker/engine-picker.ts';
import type { ModelSource } from '../kernel/model/kernel-model.ts';
import { helperWorkerStart, threadsFor } from '../kernel/runtime/start-helper-worker.ts';

/** What an engine is picked for. */
export interface EngineContext {
  readonly read: ArtifactReader;
  /** Opens an artifact that is read piece by piece. */
  readonly stream: (name: string, signal: AbortSignal) => ModelSource;
  /** Names of the artifacts that the bundle offers. */
  readonly offered: ReadonlySet<string>;
  /** Bytes of the generator's artifacts together. */
  readonly sizeBytes: number;
  /** Absolute address of the folder with the product's own files, ending in `/`. */
  readonly assetsUrl: string;
  readonly mark: CrashMark;
  readonly clock: Clock;
  readonly onFault: (error: UnderstudyError) => void;
  readonly onGiveUp: (error: UnderstudyError) => void;
}

/** The runtime holds the weights and its own copies of them. */
const TRANSFORMERS_MEMORY_FACTOR = 3;

/** Weights, scratch memory and cache. */
const KERNEL_MEMORY_FACTOR = 1.3;

/** @throws UnderstudyError `engine/load-failed` when the host does not have the file. */
async function fetchKernel(url: URL, signal: AbortSignal): Promise<ArrayBuffer> {
  const answer = await fetch(url, { signal }).catch((cause: unknown) => {
    signal.throwIfAborted();
    throw new UnderstudyError('engine/load-failed', `The kernel cannot be fetched from ${url.href}.`, {
      cause,
    });
  });
  if (!answer.ok) {
    throw new UnderstudyError(
      'engine/load-failed',
      `The kernel is missing: ${url.href} answered ${answer.status}.`,
    );
  }
  return answer.arrayBuffer();
}

/** The engines of a visitor's browser, the best first. Each is a chunk of its own: what is not tried is not fetched. */
function candidates(context: EngineContext): readonly EngineCandidate[] {
  const { read, assetsUrl, sizeBytes, offered } = context;
  return [
    {
      id: 'kernel',
      artifacts: ['model.gguf'],
      needs: ['webassembly', 'simd'],
      memoryBytes: sizeBytes * KERNEL_MEMORY_FACTOR,
      create: async () => {
        const { createKernelEngine } = await import('../engines/kernel/create-kernel-engine.ts');
        const startHelper = helperWorkerStart(assetsUrl);
        return createKernelEngine({
          openModel: (signal) => Promise.resolve(context.stream('model.gguf', signal)),
          readGolden: (signal) =>
            offered.has('golden.json') ? read('golden.json', { signal }) : Promise.resolve(null),
          readKernel: (file, signal) => fetchKernel(new URL(`kernel/${file}`, assetsUrl), signal),
          modelId: 'understudy-tiny',
          maxThreads: threadsFor(navigator.hardwareConcurrency),
          ...(startHelper === null ? {} : { startHelper }),
        });
      },
    },
    {
      id: 'transformers',
      artifacts: ['model.onnx', 'tokenizer.json'],
      needs: ['webassembly', 'simd'],
      memoryBytes: sizeBytes * TRANSFORMERS_MEMORY_FACTOR,
      create: async () => {
        const { createTransformersEngine } =
          await import('../engines/transformers/create-transformers-engine.ts');
        return createTransformersEngine({
          read,
          runtimeUrl: new URL('ort/', assetsUrl).href,
          modelId: 'understudy-tiny',
        });
      },
    },
  ];
}

/** Makes the picker over the engines that this release brings. */
export function pickEngine(context: EngineContext): EnginePicker {
  const { offered, mark, clock, onFault, onGiveUp } = context;
  return createEnginePicker({
    candidates: candidates(context),
    offered,
    facts: probeDevice(),
    mark,
    clock,
    onFault,
    onGiveUp,
  });
}
