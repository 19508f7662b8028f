import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { ensureModel } from '../models/ensure-model.mjs';
import { parameterCount, SHAPES } from '../models/shapes.mjs';
import { makePrompt } from '../models/vocabulary.mjs';
import {
  CONTEXT_TOKENS,
  EFFORTS,
  FIRST_PROMPT_TOKENS,
  listContenders,
  NATIVE,
  TRANSFORMERS,
  WLLAMA,
} from './contenders.mjs';
import { decodeRows } from './decode-rows.mjs';
import { createEngineServer } from './engine-server.mjs';
import { KERNEL_FILE } from './in-browser/ours.mjs';
import { describeMachine, loadOfMinute } from './machine.mjs';
import { packModel } from './pack-model.mjs';
import { openChromium, openFirefox } from './places.mjs';
import { FIGURES, Samples } from './samples.mjs';

export const summary = 'tokens per second of our kernel beside wllama, Transformers.js and native llama.cpp';

const text = { type: 'string' };
/** Options of `node:util`'s `parseArgs` beside those of every benchmark. */
export const options = {
  shape: text,
  threads: { ...text, default: '1' },
  browser: { ...text, default: 'chromium' },
  plain: { type: 'boolean', default: false },
};

const QUICK_ROUNDS = 1;
const CHOICES = { shape: Object.keys(EFFORTS), threads: ['1', '2'], browser: ['chromium', 'firefox'] };

/** Why the options cannot be run; null when they can. */
export function faultOf(values) {
  const wrong = Object.entries(CHOICES).find(
    ([name, choices]) => values[name] !== undefined && !choices.includes(values[name]),
  );
  return wrong === undefined ? null : `--${wrong[0]} is one of ${wrong[1].join(', ')}.`;
}

/**
 * @param {{quick: boolean, report: (line: string) => void, place: import('../run.mjs').Place,
 *   values: {shape?: 's30' | 's135' | 'tl', threads: '1' | '2', browser: 'chromium' | 'firefox', plain: boolean}}} given
 */
export async function run({ quick, report, place, values }) {
  const shapes = values.shape !== undefined ? [values.shape] : quick ? ['s30'] : Object.keys(EFFORTS);
  report(`machine: ${await describeMachine()}; load ${loadOfMinute()}`);
  const server = createEngineServer(place);
  const address = await server.listen();
  const places = await openPlaces(values.browser, place, report);
  const context = { server, address, places, place, values, quick, report };
  try {
    const rows = [];
    for (const shape of shapes) rows.push(...(await measureShape(shape, context)));
    return rows;
  } finally {
    for (const opened of places.values()) await opened.close();
    server.close();
  }
}

async function openPlaces(browser, place, report) {
  const places = new Map([['chromium', await openChromium(place.chromium)]]);
  if (browser === 'firefox') places.set('firefox', await openFirefox(place.firefox));
  for (const { version } of places.values()) report(version);
  return places;
}

async function measureShape(shape, context) {
  const { server, place, values, quick, report } = context;
  const effort = EFFORTS[shape];
  const threads = Number(values.threads);
  const hasOurs = existsSync(join(place.distFolder, KERNEL_FILE));
  const isInstalled = {
    [WLLAMA]: '@wllama/wllama' in place.peers,
    [NATIVE]: 'node-llama-cpp' in place.peers,
    [TRANSFORMERS]: true,
  };
  const model = await ensureModel({
    root: place.root,
    shape,
    type: effort.type,
    withOnnx: effort.hasTwin,
    report,
  });
  const packed = hasOurs ? await packModel(place.distFolder, model.gguf) : model.gguf;
  server.setModel({ ...model, packed });
  const megabytes = ((await stat(packed)).size / 1e6).toFixed(0);
  const millions = (parameterCount(SHAPES[shape]) / 1e6).toFixed(0);
  report(
    `${shape}: ${millions} M random weights, ${effort.type}, ${megabytes} MB packed, context ${effort.promptTokens} to ${effort.promptTokens + effort.decodeTokens}`,
  );
  if (!effort.hasTwin) report(`${shape}: Transformers.js is not run, its 8-bit file would have 1.1 GB`);
  if (!hasOurs) report(`ours is not measured: dist has no ${KERNEL_FILE}`);
  const contenders = listContenders({
    threads,
    browser: values.browser,
    isPlain: values.plain,
    hasOurs,
    hasWllama: isInstalled[WLLAMA],
    hasNative: isInstalled[NATIVE],
    hasTwin: effort.hasTwin,
  });
  const samples = await measureRounds(
    contenders,
    effort,
    quick ? QUICK_ROUNDS : effort.rounds,
    jobOf(shape, effort),
    model.gguf,
    context,
  );
  samples.faults().forEach((fault) => report(`failed: ${fault}`));
  return decodeRows(shape, {
    samples,
    effort,
    threads,
    hasOurs,
    isInstalled,
    isGoalMeant: threads === 1 && values.browser === 'chromium' && !values.plain,
  });
}

/** Every contender once a round, in turn, so that a change of the machine's mood meets all. */
async function measureRounds(contenders, effort, rounds, job, gguf, { address, places, report }) {
  const samples = new Samples();
  const told = new Set();
  for (let round = 1; round <= rounds; round += 1) {
    for (const contender of contenders) {
      const loadBefore = loadOfMinute();
      const own = { ...job, engine: contender.engine, threads: contender.threads, build: contender.build };
      const measured = await (
        contender.engine === 'native'
          ? measureNative(gguf, own)
          : places.get(contender.place).measure(address, own)
      ).catch((error) => ({ fault: String(error.message).split('\n')[0] }));
      const sample = { ...measured, promptTokens: effort.promptTokens };
      samples.add(contender.name, sample);
      if (sample.fault === undefined && !told.has(contender.name)) {
        told.add(contender.name);
        report(`${contender.name}: ${sample.version}; ${sample.configuration}`);
      }
      report(`round ${round}: ${contender.name}: ${describe(sample)} (load ${loadBefore})`);
    }
  }
  return samples;
}

function jobOf(shape, { promptTokens, decodeTokens, warmUp, limitMs }) {
  const { vocabulary } = SHAPES[shape];
  const prompt = (count, from) => makePrompt(vocabulary, count, from);
  return {
    contextTokens: CONTEXT_TOKENS,
    first: prompt(FIRST_PROMPT_TOKENS, 1000),
    warmUp:
      warmUp === null
        ? null
        : { prompt: prompt(warmUp.promptTokens, 2000), decodeTokens: warmUp.decodeTokens },
    prompt: prompt(promptTokens, 0),
    decodeTokens,
    limitMs,
  };
}

async function measureNative(gguf, job) {
  const given = JSON.stringify({
    path: gguf,
    first: job.first.ids,
    warmUp: job.warmUp && { prompt: job.warmUp.prompt.ids, decodeTokens: job.warmUp.decodeTokens },
    prompt: job.prompt.ids,
    decodeTokens: job.decodeTokens,
    contextTokens: job.contextTokens,
    threads: job.threads,
  });
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [join(import.meta.dirname, 'native.mjs'), given],
    {
      timeout: job.limitMs,
    },
  );
  return JSON.parse(stdout.trim().split('\n').at(-1));
}

function describe(sample) {
  if (sample.fault !== undefined) return sample.fault;
  const figure = (name, unit) => {
    const value = FIGURES[name](sample);
    return value === null ? [] : [`${value.toFixed(value < 10 ? 2 : 0)} ${unit}`];
  };
  const memory =
    typeof sample.memoryBytes === 'number'
      ? [`${(sample.memoryBytes / 1e6).toFixed(0)} MB WebAssembly memory`]
      : [];
  return [
    ...figure('decode', 'tokens/s decode'),
    ...figure('prefill', 'tokens/s prefill'),
    ...figure('loadMs', 'ms load'),
    ...figure('firstMs', 'ms to the first token'),
    ...figure('peakMegabytes', 'MB peak'),
    ...memory,
  ].join(', ');
}
