/** Transformers.js in its fastest form without a graphics card: 8-bit ONNX on ONNX Runtime's plain build. */
const RUNTIME = new URL('/ort/ort-wasm-simd-threaded', self.location.href).href;
const FILES = ['config.json', 'generation_config.json', 'onnx/model_quantized.onnx'];

/** @returns {Promise<Map<string, ArrayBuffer>>} */
export async function fetchModel() {
  const files = await Promise.all(
    FILES.map(async (name) => [name, await (await fetch(`/twin/${name}`)).arrayBuffer()]),
  );
  return new Map(files);
}

/** @param {Map<string, ArrayBuffer>} files @param {import('./worker.mjs').Job} job @returns {Promise<import('./worker.mjs').Engine>} */
export async function load(files, job) {
  const memories = watchMemories();
  const { AutoModelForCausalLM, env, Tensor } = await import('/transformers/transformers.min.js');
  env.backends.onnx.wasm.wasmPaths = { mjs: `${RUNTIME}.mjs`, wasm: `${RUNTIME}.wasm` };
  env.backends.onnx.wasm.numThreads = job.threads;
  env.allowLocalModels = true;
  env.allowRemoteModels = false;
  env.localModelPath = '/twin/';
  env.useBrowserCache = false;
  env.useWasmCache = false;
  // The bytes are in memory: only the engine's own code is fetched while it is timed.
  env.useCustomCache = true;
  env.customCache = {
    async match(key) {
      const name = [...files.keys()].find((known) => String(key).endsWith(`/bench/${known}`));
      return name === undefined ? undefined : new Response(files.get(name));
    },
    async put() {},
  };
  const model = await AutoModelForCausalLM.from_pretrained('bench', { dtype: 'q8', device: 'wasm' });

  const wholeNumbers = (values) =>
    new Tensor('int64', BigInt64Array.from(values, BigInt), [1, values.length]);
  return {
    version: `Transformers.js ${env.version}, ONNX Runtime ${env.backends.onnx.versions?.web ?? ''}`.trim(),
    configuration: `dtype q8, device wasm, ort-wasm-simd-threaded (no asyncify), numThreads ${job.threads}`,
    async generate(prompt, decodeTokens) {
      const times = [];
      const streamer = { put: () => void times.push(performance.now()), end() {} };
      const startMs = performance.now();
      await model.generate({
        inputs: wholeNumbers(prompt.ids),
        attention_mask: wholeNumbers(prompt.ids.map(() => 1)),
        max_new_tokens: decodeTokens + 1,
        min_new_tokens: decodeTokens + 1,
        do_sample: false,
        streamer,
      });
      // The streamer is given the prompt first.
      const [, first, ...rest] = times;
      return { prefillMs: first - startMs, decodeMs: (rest.at(-1) ?? first) - first, decoded: rest.length };
    },
    memoryBytes: () => memories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0) || null,
  };
}

/** The runtime gives no access to its memory: those that are created from now on are kept. */
function watchMemories() {
  const memories = [];
  WebAssembly.Memory = class extends WebAssembly.Memory {
    constructor(descriptor) {
      super(descriptor);
      memories.push(this);
    }
  };
  return memories;
}
