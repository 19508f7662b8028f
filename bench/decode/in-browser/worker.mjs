/**
 * Runs one measurement in a dedicated worker.
 *
 * @typedef {object} Prompt
 * @property {number[]} ids
 * @property {string} text Gives exactly these tokens.
 *
 * @typedef {object} Job
 * @property {'ours' | 'wllama' | 'transformers'} engine
 * @property {number} threads
 * @property {'relaxed' | 'plain'} build Of our kernel.
 * @property {number} contextTokens
 * @property {Prompt} first A short prompt: from bytes in memory to the first token.
 * @property {{prompt: Prompt, decodeTokens: number} | null} warmUp
 * @property {Prompt} prompt
 * @property {number} decodeTokens
 *
 * @typedef {object} Engine
 * @property {string} version
 * @property {string} configuration
 * @property {(prompt: Prompt, decodeTokens: number) => Promise<Generation>} generate Reads the prompt from the start, nothing
 *   kept of an earlier one, and generates greedily.
 * @property {() => number | null} memoryBytes Of its WebAssembly memory, where it can be asked.
 *
 * @typedef {object} Generation
 * @property {number} prefillMs To the first token.
 * @property {number} decodeMs From the first token to the last.
 * @property {number} decoded Tokens after the first.
 *
 * @typedef {object} Sample
 * @property {string} [fault] Then nothing else is there.
 * @property {number} loadMs From bytes in memory to a loaded model, code included.
 * @property {number} firstMs From bytes in memory to the first token of the short prompt.
 * @property {number} prefillMs
 * @property {number} decodeMs
 * @property {number} decoded
 * @property {number | null} memoryBytes
 * @property {string} version
 * @property {string} configuration
 */
const MODULES = { ours: './ours.mjs', wllama: './wllama.mjs', transformers: './transformers.mjs' };

/** @param {Job} job @returns {Promise<Sample>} */
async function measure(job) {
  // Each module's `fetchModel` gives bytes in memory; `load` is timed and fetches the engine's own code, too.
  const { fetchModel, load } = await import(MODULES[job.engine]);
  const bytes = await fetchModel();
  const startMs = performance.now();
  /** @type {Engine} */
  const engine = await load(bytes, job);
  const loadMs = performance.now() - startMs;
  await engine.generate(job.first, 0);
  const firstMs = performance.now() - startMs;
  if (job.warmUp !== null) await engine.generate(job.warmUp.prompt, job.warmUp.decodeTokens);
  const generation = await engine.generate(job.prompt, job.decodeTokens);
  return {
    loadMs,
    firstMs,
    ...generation,
    memoryBytes: engine.memoryBytes(),
    version: engine.version,
    configuration: engine.configuration,
  };
}

addEventListener('message', ({ data }) => {
  measure(data).then(
    (sample) => postMessage(sample),
    (error) => postMessage({ fault: String(error?.message ?? error).slice(0, 300) }),
  );
});
