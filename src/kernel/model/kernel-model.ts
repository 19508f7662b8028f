import { UnderstudyError } from '../../contracts/errors.ts';
import type { GgufMetadata } from '../gguf/metadata.ts';
import { Arena } from '../runtime/arena.ts';
import type { KernelBuild } from '../runtime/kernel-build.ts';
import { chooseBuild, kernelSupport } from '../runtime/kernel-build.ts';
import { ThreadGovernor } from '../runtime/thread-governor.ts';
import type { HelperStart } from '../runtime/helper-pool.ts';
import { HelperPool } from '../runtime/helper-pool.ts';
import type { KernelExports } from '../runtime/kernel-instance.ts';
import { instantiateKernel } from '../runtime/kernel-instance.ts';
import { KernelDecoder } from './kernel-decoder.ts';
import { KernelEncoder } from './kernel-encoder.ts';
import type { KernelWeights } from './model-loader.ts';
import { ModelLoader } from './model-loader.ts';

/** A GGUF file that arrives in pieces, in order. */
export interface ModelSource {
  readonly sizeBytes: number;
  readonly pieces: AsyncIterable<Uint8Array>;
}

/** Options of {@link openModel}. */
export interface OpenModelOptions {
  readonly source: ModelSource;
  /** Gives a compiled build. */
  readonly compile: (build: KernelBuild) => Promise<WebAssembly.Module>;
  /** Most positions. Default 2048; the model's own limit holds too. */
  readonly contextTokens?: number;
  /** Most threads, this one included. More than 1 needs `startHelper` and shared memory. Default 1. */
  readonly threads?: number;
  /** Starts a helper thread; without it the model runs on one. */
  readonly startHelper?: HelperStart;
  /** Overrules the choice of the build: for tests and benchmarks. */
  readonly build?: KernelBuild;
  readonly signal?: AbortSignal;
  readonly onProgress?: (loadedBytes: number) => void;
}

const DEFAULT_CONTEXT = 2048;

/** A model in the kernel's memory. */
export interface KernelModel {
  readonly build: KernelBuild;
  readonly metadata: GgufMetadata;
  readonly weights: KernelWeights;
  /** Null for encoders. */
  readonly decoder: KernelDecoder | null;
  /** Null for decoders. */
  readonly encoder: KernelEncoder | null;
  /** Threads that work now. */
  readonly threads: number;
  /** How the machine multiplies bytes: `widened`, `pairs`, or `quads` (see assembly/dot.ts). */
  readonly arithmetic: 'widened' | 'pairs' | 'quads';
  /** Bytes of memory held. */
  readonly memoryBytes: number;
  /** Sets how many threads work, at most those that were started. */
  useThreads(count: number): void;
  /** Lets the times of tokens say from now on how many threads work; begins with those of the warm-up, in ms a token. */
  governThreads(oneMs: number, allMs: number, nowMs: () => number): void;
  dispose(): void;
}

/**
 * Reads a model into the kernel.
 *
 * @throws UnderstudyError `engine/unsupported` without SIMD, `engine/model-invalid`, `engine/out-of-memory`, `engine/load-failed`;
 *   the signal's reason when aborted.
 */
export async function openModel(options: OpenModelOptions): Promise<KernelModel> {
  const { source, compile, contextTokens = DEFAULT_CONTEXT, signal, onProgress } = options;
  const wanted = options.startHelper === undefined ? 1 : Math.max(1, Math.trunc(options.threads ?? 1));
  const build = options.build ?? chooseBuild(kernelSupport(), wanted);
  if (build === null) {
    throw new UnderstudyError('engine/unsupported', 'This browser has no WebAssembly with SIMD.');
  }
  const isShared = build.endsWith('-shared');
  const threads = isShared ? wanted : 1;
  const module = await compile(build);
  const arena = Arena.create(isShared);
  const kernel = await instantiateKernel(module, arena.memory);
  const loader = new ModelLoader({ arena, kernel, fileBytes: source.sizeBytes, contextTokens, threads });
  for await (const piece of source.pieces) {
    signal?.throwIfAborted();
    loader.push(piece);
    onProgress?.(loader.loadedBytes);
  }
  signal?.throwIfAborted();
  const weights = loader.finish();
  const found = kernel.attach(weights.image.model, threads, 0);
  const pool = new HelperPool(kernel);
  if (threads > 1 && options.startHelper !== undefined) {
    await pool.start(options.startHelper, {
      module,
      memory: arena.memory,
      model: weights.image.model,
      threads,
    });
  }
  return describe(build, arena, kernel, weights, pool, found);
}

function describe(
  build: KernelBuild,
  arena: Arena,
  kernel: KernelExports,
  weights: KernelWeights,
  pool: HelperPool,
  found: number,
): KernelModel {
  const isEncoder = weights.shape.architecture === 'bert';
  const decoder = isEncoder ? null : new KernelDecoder(arena, kernel, weights);
  return {
    build,
    weights,
    metadata: weights.header.metadata,
    decoder,
    encoder: isEncoder ? new KernelEncoder(arena, kernel, weights) : null,
    arithmetic: (['widened', 'pairs', 'quads'] as const)[found & 15] ?? 'widened',
    get threads() {
      return pool.threads;
    },
    get memoryBytes() {
      return arena.sizeBytes;
    },
    useThreads: (count) => {
      decoder?.watchTokens(null);
      pool.use(count);
    },
    governThreads: (oneMs, allMs, nowMs) => {
      const governor = new ThreadGovernor((isAll) => pool.use(isAll ? pool.most : 1));
      governor.begin(oneMs, allMs);
      decoder?.watchTokens({ nowMs, tookMs: (ms) => governor.tookMs(ms) });
    },
    dispose: () => {
      pool.close();
    },
  };
}
