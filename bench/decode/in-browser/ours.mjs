/**
 * Our kernel: the one file that knows how the built kernel is called. The benchmark takes it as there when the file is in
 * `dist`, and measures the peers alone otherwise.
 */
export const KERNEL_FILE = 'understudy-kernel.js';

/** As a bundle brings it: the same weights laid out for the kernel. @returns {Promise<ArrayBuffer>} */
export const fetchModel = async () => (await fetch('/packed.gguf')).arrayBuffer();

/** @param {ArrayBuffer} bytes @param {import('./worker.mjs').Job} job @returns {Promise<import('./worker.mjs').Engine>} */
export async function load(bytes, job) {
  const { loadKernelModel } = await import(`/dist/${KERNEL_FILE}`);
  const model = await loadKernelModel(bytes, {
    threads: job.threads,
    build: job.build,
    contextTokens: job.contextTokens,
  });
  return {
    version: 'this build',
    configuration: `${job.build} SIMD, ${job.threads} thread(s), context ${job.contextTokens}`,
    async generate(prompt, decodeTokens) {
      const startMs = performance.now();
      // Reads the prompt from the start and chooses the first token; `decode` generates that many more, greedily.
      await model.prefill(prompt.ids);
      const firstMs = performance.now();
      await model.decode(decodeTokens);
      return { prefillMs: firstMs - startMs, decodeMs: performance.now() - firstMs, decoded: decodeTokens };
    },
    memoryBytes: () => model.memoryBytes,
  };
}
