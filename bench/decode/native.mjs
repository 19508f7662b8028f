/**
 * Times native llama.cpp, in a process of its own:
 *
 *   node bench/decode/native.mjs JOB
 *
 * `JOB` is JSON: `{path, first, prompt, warmUp, decodeTokens, contextTokens, threads}` with prompts as ids. Prints one line of JSON, a
 * `Sample` of in-browser/worker.mjs.
 */
import { readFile } from 'node:fs/promises';
import { getLlama, LlamaLogLevel } from '../node_modules/node-llama-cpp/dist/index.js';

const job = JSON.parse(process.argv[2]);
const llama = await getLlama({
  gpu: false,
  build: 'never',
  logLevel: LlamaLogLevel.error,
  maxThreads: job.threads,
});
const startedMs = performance.now();
const model = await llama.loadModel({ modelPath: job.path, gpuLayers: 0 });
const context = await model.createContext({
  contextSize: job.contextTokens,
  batchSize: 512,
  threads: job.threads,
});
const loadMs = performance.now() - startedMs;
const sequence = context.getSequence();

/** Reads the prompt and generates; gives when it began and when each token was there, `count` of them after the first. */
async function generate(prompt, count) {
  await sequence.clearHistory();
  const times = [performance.now()];
  for await (const token of sequence.evaluate(prompt, { temperature: 0, yieldEogToken: true })) {
    times.push(performance.now());
    if (times.length === count + 2 || token === undefined) break;
  }
  return times;
}

await generate(job.first, 0);
const firstMs = performance.now() - startedMs;
if (job.warmUp !== null) await generate(job.warmUp.prompt, job.warmUp.decodeTokens);
const times = await generate(job.prompt, job.decodeTokens);
const status = await readFile('/proc/self/status', 'utf8').catch(() => '');
console.log(
  JSON.stringify({
    version: `llama.cpp ${llama.llamaCppRelease.release}`,
    loadMs,
    firstMs,
    prefillMs: times[1] - times[0],
    decodeMs: times.at(-1) - times[1],
    decoded: times.length - 2,
    peakBytes: Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1] ?? 0) * 1024 || null,
    configuration: `gpu off, ${context.currentThreads} thread(s), context ${context.contextSize}, batch 512, f16 cache`,
  }),
);
await llama.dispose();
