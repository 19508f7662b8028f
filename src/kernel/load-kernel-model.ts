import { UnderstudyError } from '../contracts/errors.ts';
import type { InferenceOptions, InferenceResult } from './inference.ts';
import { inference } from './inference.ts';
import type { KernelDecoder } from './model/kernel-decoder.ts';
import type { KernelModel, ModelSource } from './model/kernel-model.ts';
import { keepFasterThreads } from './model/keep-faster-threads.ts';
import { openModel } from './model/kernel-model.ts';
import type { KernelBuild } from './runtime/kernel-build.ts';
import { kernelFile, kernelSupport } from './runtime/kernel-build.ts';
import { helperWorkerStart } from './runtime/start-helper-worker.ts';
import { Sampler } from './sampling/sampler.ts';
import { frameWithin } from './tokenizer/frame-within.ts';
import type { Tokenizer } from './tokenizer/tokenizer.ts';

/** Options of {@link loadKernelModel}. */
export interface LoadKernelOptions {
  /** Folder with `kernel/*.wasm` and understudy-kernel-helper.js. Default: beside this file. */
  readonly assetsUrl?: string;
  /** Most positions. Default 2048; the model's own limit holds too. */
  readonly contextTokens?: number;
  /** Threads; more than 1 takes effect in workers of cross-origin isolated pages. Default 1. */
  readonly threads?: number;
  /** Instruction set. Default: the best of this browser. */
  readonly build?: 'plain' | 'relaxed';
  readonly signal?: AbortSignal;
  /** Called with the share loaded, in [0, 1]. */
  readonly onProgress?: (share: number) => void;
}

/** A model in memory, ready to be asked. */
export interface LoadedKernelModel {
  /** Name of the model, '' when the file has none. */
  readonly name: string;
  /** Bytes of WebAssembly memory held. */
  readonly memoryBytes: number;
  /** Threads that work. */
  readonly threads: number;
  readonly tokenizer: Tokenizer;
  /** Continues a text. @throws UnderstudyError see `inference`. */
  inference(text: string, options?: InferenceOptions): Promise<InferenceResult>;
  /** A unit vector for a text. @throws UnderstudyError `engine/unsupported` for a decoder. */
  embed(text: string): Float32Array;
  /** Reads tokens from the start, forgetting what was read before. @throws UnderstudyError `engine/unsupported`, `engine/failed`. */
  prefill(tokens: readonly number[]): Promise<void>;
  /** Writes so many tokens greedily behind what was read. */
  decode(count: number): Promise<number[]>;
  /** Sets how many threads work, at most those that were started. */
  useThreads(count: number): void;
  dispose(): void;
}

const PIECE_BYTES = 2 ** 20;

// eslint-disable-next-line @typescript-eslint/require-await -- the loader reads from an async iterable
async function* piecesOf(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) yield bytes.subarray(at, at + PIECE_BYTES);
}

/**
 * Loads a GGUF model, packed or as published, from memory or while it arrives.
 *
 * @throws UnderstudyError `engine/unsupported`, `engine/model-invalid`, `engine/out-of-memory`, `engine/load-failed`; the signal's
 *   reason when aborted.
 */
export async function loadKernelModel(
  model: ArrayBuffer | Uint8Array | ModelSource,
  options: LoadKernelOptions = {},
): Promise<LoadedKernelModel> {
  const { assetsUrl = import.meta.url, threads = 1, build, onProgress } = options;
  const source = toSource(model);
  const startHelper = threads > 1 ? helperWorkerStart(assetsUrl) : null;
  const opened = await openModel({
    source,
    compile: (wanted) => compileFrom(new URL(`kernel/${kernelFile(wanted)}`, assetsUrl)),
    threads,
    ...(options.contextTokens === undefined ? {} : { contextTokens: options.contextTokens }),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
    ...(build === undefined ? {} : { build: sharedOf(build, startHelper !== null) }),
    ...(startHelper === null ? {} : { startHelper }),
    ...(onProgress === undefined
      ? {}
      : {
          onProgress: (loaded: number) => {
            onProgress(loaded / source.sizeBytes);
          },
        }),
  });
  await keepFasterThreads(opened, () => performance.now());
  return describe(opened);
}

function toSource(model: ArrayBuffer | Uint8Array | ModelSource): ModelSource {
  if ('pieces' in model) return model;
  const bytes = model instanceof ArrayBuffer ? new Uint8Array(model) : model;
  return { sizeBytes: bytes.length, pieces: piecesOf(bytes) };
}

const sharedOf = (build: 'plain' | 'relaxed', isShared: boolean): KernelBuild =>
  isShared && kernelSupport().shared ? `${build}-shared` : build;

async function compileFrom(url: URL): Promise<WebAssembly.Module> {
  const answer = await fetch(url);
  if (!answer.ok) {
    throw new UnderstudyError(
      'engine/load-failed',
      `The kernel is missing: ${url.href} answered ${answer.status}.`,
    );
  }
  // Compiled while it arrives, where the server names it what it is.
  return answer.headers.get('content-type')?.startsWith('application/wasm') === true
    ? WebAssembly.compileStreaming(answer)
    : WebAssembly.compile(await answer.arrayBuffer());
}

function describe(opened: KernelModel): LoadedKernelModel {
  const { tokenizer } = opened;
  const greedy = new Sampler({ temperature: 0 }, opened.weights.vocabulary);
  return {
    name: opened.metadata.text('general.name', ''),
    tokenizer,
    get memoryBytes() {
      return opened.memoryBytes;
    },
    get threads() {
      return opened.threads;
    },
    inference: (text, options) => inference(opened, tokenizer, text, options),
    embed: (text) => {
      const { encoder } = opened;
      if (encoder === null) throw new UnderstudyError('engine/unsupported', 'A decoder gives no vectors.');
      return encoder.embed(frameWithin(tokenizer, text, encoder.contextTokens));
    },
    prefill: async (tokens) => {
      const decoder = decoderOf(opened);
      decoder.clear();
      await decoder.readPrompt(tokens);
    },
    decode: (count) => {
      const decoder = decoderOf(opened);
      const tokens: number[] = [];
      while (tokens.length < count) {
        const token = greedy.sample(decoder.logits, [], null);
        tokens.push(token);
        decoder.readToken(token);
      }
      return Promise.resolve(tokens);
    },
    useThreads: (count) => {
      opened.useThreads(count);
    },
    dispose: () => {
      opened.dispose();
    },
  };
}

function decoderOf(opened: KernelModel): KernelDecoder {
  if (opened.decoder === null) throw new UnderstudyError('engine/unsupported', 'An encoder writes no text.');
  return opened.decoder;
}
