import type { Clock } from '../contracts/clock.ts';
import type { GeneratorEntry } from '../contracts/bundle.ts';
import type { EngineChoice } from '../contracts/engine-choice.ts';
import type { ArtifactReader, ModelAbility } from '../contracts/engine.ts';
import type { UnderstudyError } from '../contracts/errors.ts';
import type { CrashMark, EngineCandidate } from '../engines/picker/candidate.ts';
import { probeDevice } from '../engines/picker/device-facts.ts';
import type { EnginePicker } from '../engines/picker/engine-picker.ts';
import { createEnginePicker } from '../engines/picker/engine-picker.ts';
import type { ModelSource } from '../kernel/model/kernel-model.ts';
import { fetchKernel } from './fetch-kernel.ts';
import { helperWorkerStart, threadsFor } from '../kernel/runtime/start-helper-worker.ts';

/** What an engine is picked for. */
export interface EngineContext {
  readonly read: ArtifactReader;
  /** Opens an artifact that is read piece by piece. */
  readonly stream: (name: string, signal: AbortSignal) => ModelSource;
  /** The artifacts that the bundle offers, with their bytes. */
  readonly offered: ReadonlyMap<string, number>;
  /** The engines to try, the best first. */
  readonly engines: readonly EngineChoice[];
  /** What the bundle says of its model. Default: nothing, so that it can only quote. */
  readonly generator?: GeneratorEntry | undefined;
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

/** The bytes as read, and the library's copy with scratch memory and cache. */
const WLLAMA_MEMORY_FACTOR = 2.5;

/** The model as published, for engines that read no packed weights. */
const PUBLISHED_MODEL = 'model.published.gguf';

/** The model of bundles that do not name theirs. */
const DEFAULT_MODEL = 'understudy-tiny';

/** An address that the owner gave, as a path on the page's origin or whole; a worker started from a blob has no base. */
const addressOf = (address: string): string => new URL(address, globalThis.origin).href;

/** What an engine is told of its model. */
function described({ generator }: EngineContext): {
  readonly modelId: string;
  readonly ability: ModelAbility;
} {
  return { modelId: generator?.name ?? DEFAULT_MODEL, ability: generator?.ability ?? 'quotes' };
}

function kernelCandidate(context: EngineContext): EngineCandidate {
  const { read, assetsUrl, offered } = context;
  return {
    id: 'kernel',
    artifacts: ['model.gguf'],
    needs: ['webassembly', 'simd'],
    memoryBytes: (offered.get('model.gguf') ?? 0) * KERNEL_MEMORY_FACTOR,
    create: async () => {
      const { createKernelEngine } = await import('../engines/kernel/create-kernel-engine.ts');
      const startHelper = helperWorkerStart(assetsUrl);
      return createKernelEngine({
        openModel: (signal) => Promise.resolve(context.stream('model.gguf', signal)),
        readGolden: (signal) =>
          offered.has('golden.json') ? read('golden.json', { signal }) : Promise.resolve(null),
        readKernel: (file, signal) => fetchKernel(new URL(`kernel/${file}`, assetsUrl), signal),
        ...described(context),
        maxThreads: threadsFor(navigator.hardwareConcurrency),
        ...(startHelper === null ? {} : { startHelper }),
      });
    },
  };
}

function transformersCandidate(context: EngineContext): EngineCandidate {
  const { read, assetsUrl, offered } = context;
  return {
    id: 'transformers',
    artifacts: ['model.onnx', 'tokenizer.json'],
    needs: ['webassembly', 'simd'],
    memoryBytes: (offered.get('model.onnx') ?? 0) * TRANSFORMERS_MEMORY_FACTOR,
    create: async () => {
      const { createTransformersEngine } =
        await import('../engines/transformers/create-transformers-engine.ts');
      return createTransformersEngine({
        read,
        runtimeUrl: new URL('ort/', assetsUrl).href,
        ...described(context),
      });
    },
  };
}

function graphicsCandidate(context: EngineContext, runtime: string): EngineCandidate {
  const { read } = context;
  return {
    id: 'transformers-webgpu',
    artifacts: ['model.onnx', 'tokenizer.json'],
    // The weights lie in the memory of the graphics device; whether they fit it, the engine finds out.
    needs: ['webassembly', 'simd', 'webgpu'],
    create: async () => {
      const { createTransformersEngine } =
        await import('../engines/transformers/create-transformers-engine.ts');
      return createTransformersEngine({
        read,
        device: 'webgpu',
        runtimeUrl: addressOf(runtime),
        ...described(context),
      });
    },
  };
}

/** The candidate of one choice. Each engine is a chunk of its own: what is not tried is not fetched. */
export function candidateOf(choice: EngineChoice, context: EngineContext): EngineCandidate {
  const { read, offered } = context;
  switch (choice.engine) {
    case 'kernel':
      return kernelCandidate(context);
    case 'transformers':
      return transformersCandidate(context);
    case 'transformers-webgpu':
      return graphicsCandidate(context, choice.runtime);
    case 'wllama':
      return {
        id: 'wllama',
        artifacts: [PUBLISHED_MODEL],
        needs: ['webassembly', 'simd'],
        memoryBytes: (offered.get(PUBLISHED_MODEL) ?? 0) * WLLAMA_MEMORY_FACTOR,
        create: async () => {
          const { createWllamaEngine } = await import('../engines/wllama/create-wllama-engine.ts');
          return createWllamaEngine({
            // The bundle's `model.gguf` is packed for the kernel.
            read: (name, options) => read(name === 'model.gguf' ? PUBLISHED_MODEL : name, options),
            ...described(context),
            moduleUrl: addressOf(choice.module),
            wasmUrl: addressOf(choice.wasm),
          });
        },
      };
    case 'webllm':
      return {
        id: 'webllm',
        artifacts: [],
        needs: ['webgpu'],
        create: async () => {
          const { createWebLlmEngine } = await import('../engines/webllm/create-webllm-engine.ts');
          return createWebLlmEngine({
            modelId: 'webllm',
            moduleUrl: addressOf(choice.module),
            modelUrl: addressOf(choice.model),
            modelLibUrl: addressOf(choice.library),
          });
        },
      };
  }
}

/** Makes the picker over the engines that the bundle names. */
export function pickEngine(context: EngineContext): EnginePicker {
  const { engines, offered, mark, clock, onFault, onGiveUp } = context;
  return createEnginePicker({
    candidates: engines.map((choice) => candidateOf(choice, context)),
    offered: new Set(offered.keys()),
    facts: probeDevice(),
    mark,
    clock,
    onFault,
    onGiveUp,
  });
}
