import type { ArtifactReader, Engine, ModelAbility } from '../../contracts/engine.ts';
import { createTokenEngine } from '../writing/token-engine.ts';
import { checkWebAssembly } from '../writing/check-webassembly.ts';
import type { GraphicsAdapter } from './graphics-device.ts';
import { checkAdapter, findAdapter, openDevice } from './graphics-device.ts';
import { startGraphicsSession } from './graphics-session.ts';
import { loadGraphicsRuntime, loadRuntime } from './load-runtime.ts';
import type { LoadedModel } from './loaded-model.ts';
import { startModel } from './loaded-model.ts';
import type { ModelFiles } from './model-files.ts';
import { readGraphicsNeeds, readModelFiles } from './model-files.ts';
import { watchMemory } from './watch-memory.ts';

/** Options of {@link createTransformersEngine}. */
export interface TransformersEngineOptions {
  /**
   * Gives the artifacts `model.onnx`, `tokenizer.json`, `tokenizer-config.json`, `model-config.json`,
   * `generation-config.json` and, for the self-test, `golden.json`.
   */
  readonly read: ArtifactReader;
  /**
   * Absolute address of the folder with `ort-wasm-simd-threaded.mjs` and `.wasm`; in Node a `file:` address. For `webgpu`
   * that with `ort.webgpu.bundle.min.mjs` and `ort-wasm-simd-threaded.asyncify.wasm`.
   */
  readonly runtimeUrl: string;
  /** Where the model computes. `webgpu` is for browsers alone. Default `wasm`. */
  readonly device?: 'wasm' | 'webgpu';
  /** Gives the graphics adapter for `webgpu`. Default: asks `navigator.gpu`. */
  readonly findAdapter?: () => Promise<GraphicsAdapter>;
  readonly modelId: string;
  /** What the model is good for. Default `quotes`. */
  readonly ability?: ModelAbility;
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

async function startOnGraphics(
  { runtimeUrl }: TransformersEngineOptions,
  adapter: GraphicsAdapter,
  files: ModelFiles,
  signal: AbortSignal,
): Promise<LoadedModel> {
  const { runtime, webgpu } = await loadGraphicsRuntime(runtimeUrl);
  signal.throwIfAborted();
  const device = await openDevice(adapter);
  try {
    return await startModel(runtime, files, (model) =>
      startGraphicsSession({ plain: runtime.onnx, webgpu }, model, device),
    );
  } catch (cause) {
    device.destroy();
    throw cause;
  }
}

async function startOnWebAssembly(
  { runtimeUrl, maxThreads = 1 }: TransformersEngineOptions,
  files: ModelFiles,
  signal: AbortSignal,
): Promise<LoadedModel> {
  const runtime = await loadRuntime(runtimeUrl, threadsFor(maxThreads));
  signal.throwIfAborted();
  return startModel(runtime, files);
}

/**
 * Makes the engine that runs LLaMA-class models through Transformers.js and ONNX Runtime, on WebAssembly or WebGPU.
 *
 * It fetches nothing but the runtime from `runtimeUrl`. ONNX Runtime keeps its state in the realm: after
 * `engine/load-failed` or `engine/failed` a new attempt needs a new worker. On WebGPU each engine has a device of its own:
 * after a lost one a new engine can be made in the same worker. Whether there is an adapter, and whether the model fits it,
 * is found before model and runtime are fetched; otherwise loading fails with `engine/unsupported`.
 */
export function createTransformersEngine(options: TransformersEngineOptions): Engine {
  const { read, modelId, device = 'wasm', nowMs } = options;
  return createTokenEngine({
    id: device === 'webgpu' ? 'transformers-webgpu' : 'transformers',
    modelId,
    ability: options.ability,
    nowMs,
    start: async (signal, onProgress) => {
      checkWebAssembly();
      let adapter: GraphicsAdapter | null = null;
      if (device === 'webgpu') {
        adapter = await (options.findAdapter ?? findAdapter)();
        checkAdapter(adapter, await readGraphicsNeeds(read, signal));
      }
      const memory = watchMemory();
      try {
        const files = await readModelFiles(read, signal);
        onProgress({ loadedBytes: files.sizeBytes, totalBytes: files.sizeBytes });
        const model =
          adapter === null
            ? await startOnWebAssembly(options, files, signal)
            : await startOnGraphics(options, adapter, files, signal);
        // The runtime takes its memory while it starts; it grows in place afterwards.
        return { model, golden: files.golden, memoryBytes: () => memory.sizeBytes };
      } finally {
        memory.end();
      }
    },
  });
}
