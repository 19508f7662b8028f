/** wllama in its best form without a graphics card: one slot, the whole context for it. */

/** @returns {Promise<Blob>} */
export const fetchModel = async () => (await fetch('/model.gguf')).blob();

/** @param {Blob} blob @param {import('./worker.mjs').Job} job @returns {Promise<import('./worker.mjs').Engine>} */
export async function load(blob, job) {
  const { Wllama } = await import('/wllama/index.js');
  const silent = { debug() {}, log() {}, warn() {}, error() {} };
  const wllama = new Wllama(
    { default: '/wllama/wasm/wllama.wasm' },
    { logger: silent, suppressNativeLog: true },
  );
  // Where its main build does not run it would fetch another one from a CDN.
  wllama.setCompat(null);
  await wllama.loadModel([blob], {
    n_ctx: job.contextTokens,
    n_parallel: 1,
    n_threads: job.threads,
    n_gpu_layers: 0,
    n_batch: 512,
    warmup: true,
  });
  return {
    version: `wllama (llama.cpp ${Wllama.getLibllamaVersion()})`,
    configuration: `n_ctx ${job.contextTokens}, n_parallel 1, n_gpu_layers 0, n_batch 512, warmup, ${wllama.getNumThreads()} thread(s)`,
    async generate(prompt, decodeTokens) {
      const startMs = performance.now();
      let firstMs = 0;
      let lastMs = 0;
      let timings;
      const stream = await wllama.createCompletion({
        prompt: prompt.text,
        max_tokens: decodeTokens + 1,
        temperature: 0,
        top_k: 1,
        ignore_eos: true,
        cache_prompt: false,
        stream: true,
      });
      for await (const part of stream) {
        lastMs = performance.now();
        firstMs ||= lastMs;
        timings = part.timings ?? timings;
      }
      if (timings?.prompt_n !== prompt.ids.length || timings.predicted_n !== decodeTokens + 1)
        throw new Error(`wllama read ${timings?.prompt_n} and wrote ${timings?.predicted_n} tokens`);
      return { prefillMs: firstMs - startMs, decodeMs: lastMs - firstMs, decoded: decodeTokens };
    },
    memoryBytes: () => null,
  };
}
