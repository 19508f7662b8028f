/**
 * Prints what native llama.cpp computes for a GGUF file: a long check beside which our kernel's logits are laid.
 *
 *   (cd bench && npm ci --ignore-scripts)      # once: node-llama-cpp is a peer of the benchmarks, with a prebuilt llama.cpp
 *   node test/native/native-logits.mjs MODEL.gguf --tokens 300,301,302 [--greedy 64] [--logits] [--kv f32] [--batch 1]
 *
 * `--tokens` are fed as they are (teacher forcing), without a begin token; `--text` is tokenized by llama.cpp instead;
 * `--greedy N` then feeds the best token N times. Runs on the CPU with one thread. Without node-llama-cpp it ends with status
 * 69 and the check counts as never run.
 *
 * JSON lines on standard output. The first: `{model, engine, threads, kv, batch, vocabulary, tokens}`. Then one for each position:
 * `{position, token, kind, top, margin}`, where `token` is what was fed ("given" or "greedy" says its kind), `top` the five
 * best next tokens as [id, logit], `margin` the distance of the first two, and with `--logits` also `logits`, base64 of all
 * logits as little-endian 32-bit floats in the order of ids. `--batch` is how many positions are computed at a time: 1 runs
 * the code that decodes, more the code that reads prompts.
 */
import { parseArgs } from 'node:util';

const EXIT_USAGE = 64;
const EXIT_UNAVAILABLE = 69;
const TOP = 5;
/** Logits of one position lie in a map while they are read; so many maps at once stay below 100 MB. */
const MOST_AT_ONCE = 16;

function readArguments() {
  const text = { type: 'string' };
  const { values, positionals } = parseArgs({
    options: {
      tokens: text,
      text,
      greedy: { ...text, default: '0' },
      logits: { type: 'boolean', default: false },
      kv: { ...text, default: 'f16' },
      batch: { ...text, default: String(MOST_AT_ONCE) },
    },
    allowPositionals: true,
  });
  const [model] = positionals;
  const tokens = values.tokens?.split(',').map(Number) ?? null;
  const greedy = Number(values.greedy);
  const batch = Math.min(MOST_AT_ONCE, Number(values.batch));
  const isWhole = (value) => Number.isInteger(value) && value >= 0;
  if (model === undefined || positionals.length > 1) throw new Error('Name one GGUF file.');
  if ((tokens === null) === (values.text === undefined)) throw new Error('Give either --tokens or --text.');
  if (tokens !== null && !tokens.every(isWhole)) throw new Error('--tokens are ids with commas between.');
  if (!isWhole(greedy) || !isWhole(batch) || batch === 0)
    throw new Error('--greedy and --batch are whole numbers.');
  if (!['f16', 'f32'].includes(values.kv)) throw new Error('--kv is f16 or f32.');
  return { model, tokens, text: values.text ?? '', greedy, batch, kv: values.kv, isFull: values.logits };
}

async function loadEngine() {
  try {
    return await import('../../bench/node_modules/node-llama-cpp/dist/index.js');
  } catch (error) {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    console.error('node-llama-cpp is not installed: run "npm ci --ignore-scripts" in bench first.');
    process.exit(EXIT_UNAVAILABLE);
  }
}

const print = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);

/** @param {Map<number, number>} logits By id, best first. */
function describe(position, token, kind, logits, isFull) {
  const top = [];
  for (const [id, logit] of logits) {
    top.push([id, logit]);
    if (top.length === TOP) break;
  }
  const line = { position, token, kind, top, margin: top[0][1] - top[1][1] };
  if (!isFull) return line;
  const all = new Float32Array(logits.size);
  for (const [id, logit] of logits) all[id] = logit;
  return { ...line, logits: Buffer.from(all.buffer).toString('base64') };
}

async function main(options) {
  const { getLlama, LlamaLogLevel } = await loadEngine();
  const llama = await getLlama({ gpu: false, build: 'never', logLevel: LlamaLogLevel.error, maxThreads: 1 });
  const model = await llama.loadModel({ modelPath: options.model, gpuLayers: 0, checkTensors: true });
  const given = options.tokens ?? model.tokenize(options.text);
  const context = await model.createContext({
    contextSize: given.length + options.greedy + 1,
    batchSize: options.batch,
    threads: 1,
    experimentalKvCacheKeyType: options.kv.toUpperCase(),
    experimentalKvCacheValueType: options.kv.toUpperCase(),
  });
  const sequence = context.getSequence();
  print({
    model: options.model,
    engine: `llama.cpp ${llama.llamaCppRelease.release} (node-llama-cpp, CPU)`,
    threads: 1,
    kv: options.kv,
    batch: options.batch,
    vocabulary: model.fileInfo.metadata.tokenizer.ggml.tokens.length,
    tokens: given,
  });
  const wanted = { generateNext: { logits: true, token: true, options: { temperature: 0 } } };
  let position = 0;
  let best = 0;
  const feed = async (tokens, kind) => {
    const outputs = await sequence.controlledEvaluate(tokens.map((token) => [token, wanted]));
    outputs.forEach((output, at) => {
      print(describe(position + at, tokens[at], kind, output.next.logits, options.isFull));
      best = output.next.token;
    });
    position += tokens.length;
  };
  for (let at = 0; at < given.length; at += options.batch)
    await feed(given.slice(at, at + options.batch), 'given');
  for (let step = 0; step < options.greedy; step += 1) await feed([best], 'greedy');
  await llama.dispose();
}

let options = null;
try {
  options = readArguments();
} catch (error) {
  console.error(error.message);
  process.exitCode = EXIT_USAGE;
}
if (options !== null) await main(options);
