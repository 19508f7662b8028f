import type { ArtifactReader, Engine } from '../../contracts/engine.ts';
import { createTokenEngine } from '../writing/token-engine.ts';
import { checkWebAssembly } from '../writing/check-webassembly.ts';
import { loadRuntime } from './load-runtime.ts';
import { startModel } from './loaded-model.ts';
import { readModelFiles } from './model-files.ts';
import { watchMemory } from './watch-memory.ts';

/** Options of {@link createTransformersEngine}. */
export interface TransformersEngineOptions {
  /**
   * Gives the artifacts `model.onnx`, `tokenizer.json`, `tokenizer-config.json`, `model-config.json`,
   * `generation-config.json` and, for the self-test, `golden.json`.
   */
  readonly read: ArtifactReader;
  /** Absolute address of the folder with `ort-wasm-simd-threaded.mjs` and `.wasm`; in Node a `file:` address. */
  readonly runtimeUrl: string;
  readonly modelId: string;
  /** Most threads; more than 1 takes effect only on cross-origin isolated pages. Default 1. */
  readonly maxThreads?: number;
  /** Milliseconds on a clock that never goes back. Default `performance.now`. */
  readonly nowMs?: () => number;
}

function threadsFor(maxThreads: number): number {
  if (maxThreads <= 1 || !globalThis.crossOriginIsolated) return 1;
  // One core stays free: spinning threads of the runtime stall when a core is taken.
  return Math.max(1, Math.min(maxThreads, navigator.hardwareConcurrency - 1));
}

/**
 * Makes the engine that runs LLaMA-class models through Transformers.js and ONNX Runtime on WebAssembly.
 *
 * It fetches nothing but the runtime from `runtimeUrl`. ONNX Runtime keeps its state in the realm: after
 * `engine/load-failed` or `engine/failed` a new attempt needs a new worker.
 */
export function createTransformersEngine(options: TransformersEngineOptions): Engine {
  const { read, runtimeUrl, modelId, maxThreads = 1, nowMs } = options;
  return createTokenEngine({
    id: 'transformers',
    modelId,
    nowMs,
    start: async (signal, onProgress) => {
      checkWebAssembly();
      const memory = watchMemory();
      try {
        const files = await readModelFiles(read, signal);
        onProgress({ loadedBytes: files.sizeBytes, totalBytes: files.sizeBytes });
        const runtime = await loadRuntime(runtimeUrl, threadsFor(maxThreads));
        signal.throwIfAborted();
        const model = await startModel(runtime, files);
        // The runtime takes its memory while it starts; it grows in place afterwards.
        return { model, golden: files.golden, memoryBytes: () => memory.sizeBytes };
      } finally {
        memory.end();
      }
    },
  });
}
