import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FIRST_PROMPT_TOKENS, listContenders } from '../decode/contenders.mjs';
import { createEngineServer } from '../decode/engine-server.mjs';
import { KERNEL_FILE } from '../decode/in-browser/ours.mjs';
import { describeMachine, loadOfMinute } from '../decode/machine.mjs';
import { packModel } from '../decode/pack-model.mjs';
import { openChromium } from '../decode/places.mjs';
import { FIGURES, Samples } from '../decode/samples.mjs';
import { ensureTwin } from '../models/ensure-twin.mjs';
import { makePrompt } from '../models/vocabulary.mjs';
import { generatorRows } from './generator-rows.mjs';

export const summary = 'the model that ships: first token of a long prompt, tokens per second, memory';

const MODEL = 'models/understudy-tiny/understudy-tiny.q8_0.gguf';
const ROUNDS = 5;
/** A prompt with four passages has about so many; the model reads 1,024. */
const EFFORT = { promptTokens: 600, decodeTokens: 96 };
const CONTEXT_TOKENS = 1024;
const LIMIT_MS = 120_000;

/** @param {{quick: boolean, report: (line: string) => void, place: import('../run.mjs').Place}} given */
export async function run({ quick, report, place }) {
  report(`machine: ${await describeMachine()}; load ${loadOfMinute()}`);
  const hasOurs = existsSync(join(place.distFolder, KERNEL_FILE));
  const model = await prepareModel(place, hasOurs, report);
  const server = createEngineServer(place);
  server.setModel(model);
  const address = await server.listen();
  const browser = await openChromium(place.chromium);
  report(browser.version);
  const contenders = listContenders({
    threads: 1,
    browser: 'chromium',
    isPlain: false,
    hasOurs,
    hasWllama: false,
    hasNative: false,
    hasTwin: true,
  });
  const job = jobFor(model.vocabulary);
  const samples = new Samples();
  try {
    for (let round = 1; round <= (quick ? 1 : ROUNDS); round += 1) {
      for (const { name, engine, threads, build } of contenders) {
        const loadBefore = loadOfMinute();
        const measured = await browser
          .measure(address, { ...job, engine, threads, build })
          .catch((error) => ({ fault: String(error.message).split('\n')[0] }));
        const sample = { ...measured, promptTokens: EFFORT.promptTokens };
        samples.add(name, sample);
        report(`round ${round}: ${name}: ${describe(sample)} (load ${loadBefore})`);
      }
    }
  } finally {
    await browser.close();
    server.close();
  }
  samples.faults().forEach((fault) => report(`failed: ${fault}`));
  return generatorRows(samples, EFFORT, hasOurs);
}

/** The shipped file, the same as a bundle brings it, and its twin for Transformers.js; all of them in the cache. */
async function prepareModel({ root, distFolder }, hasOurs, report) {
  const shipped = join(root, MODEL);
  const writer = await readFile(join(import.meta.dirname, '../models/write-onnx.mjs'));
  const digest = createHash('sha256')
    .update(await readFile(shipped))
    .update(writer)
    .digest('hex');
  const cache = join(root, '.cache/bench-models');
  const onnxFolder = join(cache, `understudy-tiny-${digest.slice(0, 12)}`);
  const gguf = `${onnxFolder}.gguf`;
  await mkdir(cache, { recursive: true });
  if (!existsSync(gguf)) await copyFile(shipped, gguf);
  await ensureTwin({ root, gguf, onnxFolder, report });
  const packed = hasOurs ? await packModel(distFolder, gguf) : gguf;
  const { vocab_size: vocabulary } = JSON.parse(await readFile(join(onnxFolder, 'config.json'), 'utf8'));
  return { gguf, packed, onnxFolder, vocabulary };
}

/** Ids are spread over the vocabulary: neither engine keeps anything of an earlier prompt, and both generate to the end. */
function jobFor(vocabulary) {
  const prompt = (count, from) => makePrompt(vocabulary, count, from);
  return {
    contextTokens: CONTEXT_TOKENS,
    first: prompt(FIRST_PROMPT_TOKENS, 1000),
    warmUp: { prompt: prompt(EFFORT.promptTokens, 2000), decodeTokens: 16 },
    prompt: prompt(EFFORT.promptTokens, 0),
    decodeTokens: EFFORT.decodeTokens,
    limitMs: LIMIT_MS,
  };
}

function describe(sample) {
  if (sample.fault !== undefined) return sample.fault;
  const told = [
    ['promptMs', 'ms to the first token'],
    ['decode', 'tokens/s decode'],
    ['memoryMegabytes', 'MB of WebAssembly'],
    ['peakMegabytes', 'MB peak'],
  ];
  return told
    .map(([figure, unit]) => [FIGURES[figure](sample), unit])
    .filter(([value]) => value !== null)
    .map(([value, unit]) => `${value.toFixed(value < 10 ? 2 : 0)} ${unit}`)
    .join(', ');
}
