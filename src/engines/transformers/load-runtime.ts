import type * as Onnx from 'onnxruntime-web/wasm';
import { UnderstudyError } from '../../contracts/errors.ts';
import { isRecord } from '../../contracts/json.ts';
import type * as Libraries from './libraries.ts';

/** The libraries that run a model: what is used of Transformers.js, and ONNX Runtime as `onnx`. */
export type Runtime = typeof Libraries & { readonly onnx: typeof Onnx };

/** Where Transformers.js looks for an ONNX Runtime that the surroundings bring. */
const RUNTIME_SYMBOL: unique symbol = Symbol.for('onnxruntime');

/**
 * Imports ONNX Runtime (the plain WebAssembly build) and Transformers.js on top of it, both without network.
 *
 * Transformers.js would take a build by itself: the WebGPU one in browsers, a native addon in Node. It decides when it is
 * evaluated, so the runtime is put in its place before it is imported; both must stay imports of their own in a bundle
 * for Node. Settings are global to the realm; the address of the first call that starts a model holds.
 * @param runtimeUrl - Absolute address of the folder that holds `ort-wasm-simd-threaded.wasm`, and `.mjs` for threads and Node.
 * @param threads - 1 or more; more than 1 takes effect only on cross-origin isolated pages.
 */
export async function loadRuntime(runtimeUrl: string, threads: number): Promise<Runtime> {
  const onnx = await import('onnxruntime-web/wasm');
  const base = new URL('ort-wasm-simd-threaded', folderOf(runtimeUrl)).href;
  // The loader that is built into the library serves pages on one thread; threads and Node need it as a file.
  const needsLoader = threads > 1 || base.startsWith('file:');
  onnx.env.wasm.wasmPaths = { wasm: `${base}.wasm`, ...(needsLoader ? { mjs: `${base}.mjs` } : {}) };
  onnx.env.wasm.numThreads = threads;
  onnx.env.wasm.proxy = false;
  return loadLibraries(onnx);
}

/** The WebGPU build of ONNX Runtime, and Transformers.js over the plain one. */
export interface GraphicsRuntime {
  readonly runtime: Runtime;
  readonly webgpu: typeof Onnx;
}

/**
 * Imports the WebGPU build of ONNX Runtime from the owner's folder, and Transformers.js as {@link loadRuntime} does.
 *
 * Of the plain build nothing but its script is loaded: Transformers.js takes its tensors from there.
 * @param runtimeUrl - Absolute address of the folder that holds `ort.webgpu.bundle.min.mjs` and
 *   `ort-wasm-simd-threaded.asyncify.wasm`, both of the release of onnxruntime-web that package.json names.
 * @throws UnderstudyError `engine/load-failed` when the module is not there or another one.
 */
export async function loadGraphicsRuntime(runtimeUrl: string): Promise<GraphicsRuntime> {
  const folder = folderOf(runtimeUrl);
  const url = new URL('ort.webgpu.bundle.min.mjs', folder).href;
  const facts = { url };
  let webgpu: unknown;
  try {
    webgpu = await import(/* @vite-ignore */ url);
  } catch (cause) {
    const message = `ONNX Runtime for WebGPU could not be loaded (${String(cause)}).`;
    throw new UnderstudyError('engine/load-failed', message, { facts, cause });
  }
  if (!isRuntime(webgpu))
    throw new UnderstudyError('engine/load-failed', 'The module is not ONNX Runtime.', { facts });
  webgpu.env.wasm.wasmPaths = { wasm: new URL('ort-wasm-simd-threaded.asyncify.wasm', folder).href };
  webgpu.env.wasm.numThreads = 1;
  webgpu.env.wasm.proxy = false;
  return { runtime: await loadLibraries(await import('onnxruntime-web/wasm')), webgpu };
}

const folderOf = (url: string): string => (url.endsWith('/') ? url : `${url}/`);

function isRuntime(value: unknown): value is typeof Onnx {
  return isRecord(value) && typeof value['InferenceSession'] === 'function' && isRecord(value['env']);
}

async function loadLibraries(onnx: typeof Onnx): Promise<Runtime> {
  Reflect.set(globalThis, RUNTIME_SYMBOL, onnx);
  const libraries = await import('./libraries.ts');
  const { env } = libraries;
  env.allowRemoteModels = false;
  env.allowLocalModels = false;
  env.useBrowserCache = false;
  env.useFSCache = false;
  // A cached runtime would be started from a blob: address, which strict content policies forbid.
  env.useWasmCache = false;
  env.fetch = () => Promise.reject(new Error('The engine fetches nothing.'));
  return { ...libraries, onnx };
}
