import { UnderstudyError } from '../../contracts/errors.ts';
import type { GgufMetadata } from '../gguf/metadata.ts';
import { Arena } from '../runtime/arena.ts';
import type { KernelBuild } from '../runtime/kernel-build.ts';
import { chooseBuild, kernelSupport } from '../runtime/kernel-build.ts';
import { PROMPT_PACE, ThreadGovernor } from '../runtime/thread-governor.ts';
import type { HelperStart } from '../runtime/helper-pool.ts';
import { HelperPool } from '../runtime/helper-pool.ts';
import type { KernelExports } from '../runtime/kernel-instance.ts';
import { instantiateKernel } from '../runtime/kernel-instance.ts';
import { createTokenizer } from '../tokenizer/create-tokenizer.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { HeldRows } from './held-rows.ts';
import { KernelDecoder } from './kernel-decoder.ts';
import { KernelEncoder } from './kernel-encoder.ts';
import { endsEarly, ModelHead } from './model-head.ts';
import type { KernelWeights, LoaderOptions } from './model-loader.ts';
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
  readonly tokenizer: Tokenizer;
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
  /**
   * Copies rows of `width` signed bytes into another kernel, to compare vectors with all of them at once.
   * @throws UnderstudyError `engine/out-of-memory`.
   */
  holdRows(rows: Int8Array, width: number): Promise<HeldRows>;
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
  // Fetching and compiling wait for others, not for this thread: the header is read meanwhile.
  const compiling = compile(build);
  // Whoever fails first is told; the other must not go unheard.
  compiling.catch(() => undefined);
  const fileBytes = source.sizeBytes;
  const head = new ModelHead(fileBytes);
  let begun: Begun | null = null;
  for await (const piece of source.pieces) {
    signal?.throwIfAborted();
    if (begun === null) {
      const header = head.push(piece);
      if (header === null) continue;
      const tokenizer = createTokenizer(header.metadata);
      begun = await begin(tokenizer, await compiling, isShared, { fileBytes, contextTokens, threads });
      begun.loader.begin(header, head.bytes);
    } else begun.loader.push(piece);
    onProgress?.(begun.loader.loadedBytes);
  }
  signal?.throwIfAborted();
  if (begun === null) throw endsEarly(head.bytes.length, fileBytes);
  const { module, arena, kernel, loader } = begun;
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
  return describe(build, begun, weights, pool, found);
}

/** A kernel over an empty memory, and what loads a model into it. */
interface Begun {
  readonly tokenizer: Tokenizer;
  readonly module: WebAssembly.Module;
  readonly arena: Arena;
  readonly kernel: KernelExports;
  readonly loader: ModelLoader;
}

async function begin(
  tokenizer: Tokenizer,
  module: WebAssembly.Module,
  isShared: boolean,
  options: Pick<LoaderOptions, 'fileBytes' | 'contextTokens' | 'threads'>,
): Promise<Begun> {
  const arena = Arena.create(isShared);
  const kernel = await instantiateKernel(module, arena.memory);
  return { tokenizer, module, arena, kernel, loader: new ModelLoader({ arena, kernel, ...options }) };
}

function describe(
  build: KernelBuild,
  { module, arena, kernel, tokenizer }: Begun,
  weights: KernelWeights,
  pool: HelperPool,
  found: number,
): KernelModel {
  const isEncoder = weights.shape.architecture === 'bert';
  const decoder = isEncoder ? null : new KernelDecoder(arena, kernel, weights);
  return {
    build,
    weights,
    tokenizer,
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
      const use = (isAll: boolean): void => pool.use(isAll ? pool.most : 1);
      const governor = new ThreadGovernor(use);
      // Prompts gain by threads where tokens, which wait for the memory, do not: they begin with all, and times tell.
      const prompts = new ThreadGovernor(use, PROMPT_PACE);
      prompts.begin(oneMs, 0);
      governor.begin(oneMs, allMs);
      decoder?.watchTokens({
        nowMs,
        tookMs: (ms) => governor.tookMs(ms),
        beginPrompt: () => prompts.resume(),
        tookBatchMs: (ms) => prompts.tookMs(ms),
        endPrompt: () => governor.resume(),
      });
    },
    holdRows: (rows, width) => HeldRows.open(module, rows, width),
    dispose: () => {
      pool.close();
    },
  };
}
