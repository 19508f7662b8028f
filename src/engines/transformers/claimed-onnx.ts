import * as onnx from 'onnxruntime-web/wasm';

/** Where Transformers.js looks for an ONNX Runtime that the surroundings bring. */
const RUNTIME_SYMBOL: unique symbol = Symbol.for('onnxruntime');

function claim(): typeof onnx {
  Reflect.set(globalThis, RUNTIME_SYMBOL, onnx);
  return onnx;
}

/**
 * ONNX Runtime in its plain WebAssembly build, put where Transformers.js finds it.
 *
 * Transformers.js would take a build by itself: the WebGPU one in browsers, a native addon in Node. It decides when it
 * is first evaluated, so this module acts on evaluation and must be imported before it.
 */
export const claimedOnnx: typeof onnx = claim();
