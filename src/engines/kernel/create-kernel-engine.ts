import type { Engine, ModelAbility } from '../../contracts/engine.ts';
import type { KernelBuild } from '../../kernel/runtime/kernel-build.ts';
import { kernelFile } from '../../kernel/runtime/kernel-build.ts';
import type { HelperStart } from '../../kernel/runtime/helper-pool.ts';
import type { ModelSource } from '../../kernel/model/kernel-model.ts';
import { openModel } from '../../kernel/model/kernel-model.ts';
import { checkWebAssembly } from '../writing/check-webassembly.ts';
import { parseGoldenCases } from '../writing/golden-cases.ts';
import { createTokenEngine } from '../writing/token-engine.ts';
import { UnderstudyError } from '../../contracts/errors.ts';
import { KernelTokenModel } from './kernel-token-model.ts';
import { keepFasterThreads } from '../../kernel/model/keep-faster-threads.ts';

/** Options of {@link createKernelEngine}. */
export interface KernelEngineOptions {
  /** Opens `model.gguf`, packed or as published. */
  readonly openModel: (signal: AbortSignal) => Promise<ModelSource>;
  /** Reads the recorded cases of the model, `golden.json`; null when there are none. */
  readonly readGolden: (signal: AbortSignal) => Promise<Uint8Array | null>;
  /** Reads a file of the kernel (`understudy-kernel-….wasm`). */
  readonly readKernel: (file: string, signal: AbortSignal) => Promise<BufferSource>;
  readonly modelId: string;
  /** What the model is good for. Default `quotes`. */
  readonly ability?: ModelAbility;
  /** Most positions. Default 2048; the model's own limit holds too. */
  readonly contextTokens?: number;
  /** Most threads; more than 1 takes effect only with `startHelper`, where memory may be shared. Default 1. */
  readonly maxThreads?: number;
  readonly startHelper?: HelperStart;
  /** Milliseconds on a clock that never goes back. Default `performance.now`. */
  readonly nowMs?: () => number;
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw new UnderstudyError('engine/load-failed', 'The recorded cases of the model are no JSON.');
  }
}

/** Makes the engine that runs GGUF models on our own kernel. It fetches nothing by itself. */
export function createKernelEngine(options: KernelEngineOptions): Engine {
  const { modelId, nowMs = (): number => performance.now(), maxThreads = 1, startHelper } = options;
  return createTokenEngine({
    id: 'kernel',
    modelId,
    ability: options.ability,
    nowMs,
    start: async (signal, onProgress) => {
      checkWebAssembly();
      const golden = await options.readGolden(signal);
      const source = await options.openModel(signal);
      const model = await openModel({
        source,
        compile: async (build: KernelBuild) =>
          WebAssembly.compile(await options.readKernel(kernelFile(build), signal)),
        threads: maxThreads,
        signal,
        onProgress: (loadedBytes) => {
          onProgress({ loadedBytes, totalBytes: source.sizeBytes });
        },
        ...(options.contextTokens === undefined ? {} : { contextTokens: options.contextTokens }),
        ...(startHelper === undefined ? {} : { startHelper }),
      });
      try {
        const tokenModel = new KernelTokenModel(model);
        await keepFasterThreads(model, nowMs);
        return {
          model: tokenModel,
          golden: golden === null ? [] : parseGoldenCases(parseJson(golden)),
          memoryBytes: () => model.memoryBytes,
        };
      } catch (error) {
        model.dispose();
        throw error;
      }
    },
  });
}
