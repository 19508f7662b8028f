import type * as Onnx from 'onnxruntime-web/wasm';
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
  const base = new URL('ort-wasm-simd-threaded', runtimeUrl.endsWith('/') ? runtimeUrl : `${runtimeUrl}/`)
    .href;
  // The loader that is built into the library serves pages on one thread; threads and Node need it as a file.
  const needsLoader = threads > 1 || base.startsWith('file:');
  onnx.env.wasm.wasmPaths = { wasm: `${base}.wasm`, ...(needsLoader ? { mjs: `${base}.mjs` } : {}) };
  onnx.env.wasm.numThreads = threads;
  onnx.env.wasm.proxy = false;
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
