/**
 * Writes `catalogue.json` from unpacked packages:
 *
 *   node models/catalogue/derive.mjs --web-llm DIR --hub-index DIR --litgpt DIR --xinference DIR --fastembed DIR --mteb DIR
 *
 * Versions and addresses of the packages stand in the `sources` it writes; docs/models.md says how to fetch them. What no
 * package says is kept by hand in `hand-kept.json`. A field that no source states is "unknown"; nothing is guessed.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { readFastEmbed } from './read-fastembed.mjs';
import { readHubIndex } from './read-hub-index.mjs';
import { readLitGpt } from './read-litgpt.mjs';
import { readMteb } from './read-mteb.mjs';
import { readWebLlm } from './read-web-llm.mjs';
import { readXinference } from './read-xinference.mjs';

const LITGPT = '0.5.13';
const XINFERENCE = '4.1.0';
const FASTEMBED = '0.9.1';
const MTEB = '2.26.24';
/** Tags of the hub that are SPDX identifiers in lower case. */
const SPDX = new Map(
  ['Apache-2.0', 'MIT', 'CC-BY-NC-4.0', 'CC-BY-SA-4.0', 'CC-BY-4.0'].map((id) => [id.toLowerCase(), id]),
);
const PERMISSIVE = ['Apache-2.0', 'MIT'];

const { values } = parseArgs({
  options: Object.fromEntries(
    ['web-llm', 'hub-index', 'litgpt', 'xinference', 'fastembed', 'mteb'].map((name) => [
      name,
      { type: 'string' },
    ]),
  ),
});
const webLlm = readWebLlm(values['web-llm']);
const hub = readHubIndex(values['hub-index']);
const shapeOf = readLitGpt(values.litgpt);
const xinference = readXinference(values.xinference);
const fastembed = readFastEmbed(values.fastembed);
const mteb = readMteb(values.mteb);
const hand = JSON.parse(readFileSync(new URL('hand-kept.json', import.meta.url), 'utf8'));

const fact = (value, ...from) =>
  value === null || value === undefined || value === '' ? 'unknown' : { value, from };
const derived = (value, formula, from) => (value === null ? 'unknown' : { value, from, derived: formula });

function licenceFacts(tag, place) {
  if (tag === null || tag === 'other') return { licence: 'unknown', commercialUse: 'unknown' };
  const licence = SPDX.get(tag) ?? tag;
  const use = PERMISSIVE.includes(licence) ? 'yes' : /-nc-/i.test(licence) ? 'no' : null;
  const formula = use === 'yes' ? 'a permissive licence' : 'a licence that says NonCommercial';
  return { licence: fact(licence, place), commercialUse: derived(use, formula, [place]) };
}

function languageFacts(name, entry, encoder) {
  const known = new Map();
  const say = (codes, from) => codes.forEach((code) => known.set(code, [...(known.get(code) ?? []), from]));
  say(entry?.languages ?? [], `hub-index:data/hf_models.json/${name}/languages`);
  const listed = xinference.languages.get(name);
  if (listed !== undefined) say(listed.codes, `xinference:${listed.place}/model_lang`);
  if (known.size === 0 && encoder?.isEnglish === true)
    say(['en'], `fastembed:${encoder.place}/${name}/description`);
  return known.size === 0
    ? 'unknown'
    : fact([...known.keys()].sort(), ...new Set([...known.values()].flat()));
}

function mlcFormats(base) {
  return (webLlm.models.get(base) ?? [])
    .filter(({ variant }) => variant === '' || variant === 'b4')
    .map((record) => {
      const at = (field) => `web-llm:lib/index.js/prebuiltAppConfig/${record.id}/${field}`;
      return {
        kind: 'mlc',
        repository: fact(record.repository, at('model')),
        address: 'unknown',
        file: 'unknown',
        quantization: fact(record.quantization, at('model_id')),
        sizeBytes: 'unknown',
        memoryMB: fact(record.memoryMB, at('vram_required_MB')),
        requires: record.features.length > 0 ? fact(record.features, at('required_features')) : 'unknown',
        context: fact(record.contextWindow, at('overrides/context_window_size')),
      };
    });
}

const plain = { address: 'unknown', memoryMB: 'unknown', requires: 'unknown', context: 'unknown' };

function ggufFormats(name, entry) {
  const stated = hand.files.filter(({ model }) => model === name);
  const formats = stated.map(({ repository, address, file, quantization, sizeBytes, source }) => {
    const at = `${source}:${hand.sources[source].place}/${file}`;
    return {
      kind: 'gguf',
      repository: fact(repository, at),
      file: fact(file, at),
      quantization: fact(quantization, at),
      sizeBytes: fact(sizeBytes, at),
      ...plain,
      address: fact(address, at),
    };
  });
  const official = `${name}-GGUF`;
  for (const { place, quantization, file } of xinference.files.get(official) ?? []) {
    if (stated.some((other) => other.file === file)) continue;
    const at = `xinference:${place}/${official}`;
    const named = fact(file, `${at}/model_file_name_template`);
    const quantized = fact(quantization, `${at}/quantizations`);
    formats.push({
      kind: 'gguf',
      repository: fact(official, `${at}/model_id`),
      file: named,
      quantization: quantized,
      sizeBytes: 'unknown',
      ...plain,
    });
  }
  for (const repository of entry?.ggufRepositories ?? []) {
    if (formats.some((format) => format.repository.value === repository)) continue;
    const place = `hub-index:data/hf_models.json/${name}/gguf_sources`;
    formats.push({
      kind: 'gguf',
      repository: fact(repository, place),
      file: 'unknown',
      quantization: 'unknown',
      sizeBytes: 'unknown',
      ...plain,
    });
  }
  return formats;
}

function onnxFormats(name, encoder) {
  if (encoder !== undefined) {
    const at = `fastembed:${encoder.place}/${name}`;
    const isQuantized = /quantized/.test(encoder.file);
    return [
      {
        kind: 'onnx',
        repository: fact(encoder.repository, `${at}/sources`),
        file: fact(encoder.file, `${at}/model_file`),
        quantization: isQuantized ? fact('q8', `${at}/model_file`) : 'unknown',
        sizeBytes: fact(encoder.sizeBytes, `${at}/size_in_GB`),
        ...plain,
      },
    ];
  }
  const kept = hand.onnx
    .filter(({ model }) => model === name)
    .map(({ repository, quantization, sizeBytes, listed: file }) => {
      const at = `hub-pages:${repository}/${hand.sources['hub-pages'].place}/${file}`;
      return {
        kind: 'onnx',
        repository: fact(repository, at),
        file: 'unknown',
        quantization: fact(quantization, at),
        sizeBytes: fact(sizeBytes, at),
        ...plain,
      };
    });
  if (kept.length > 0) return kept;
  const listed = hub.onnx.get(name.split('/').at(-1).toLowerCase());
  return ['q8', 'q4f16'].flatMap((quantization) => {
    if (listed?.files[quantization] === undefined) return [];
    const at = `hub-index:data/onnx_models.json/${listed.repository}`;
    return [
      {
        kind: 'onnx',
        repository: fact(listed.repository, `${at}/id`),
        file: 'unknown',
        quantization: fact(quantization, `${at}/onnx_files`),
        sizeBytes: fact(listed.files[quantization], `${at}/onnx_files/${quantization}`),
        ...plain,
      },
    ];
  });
}

/**
 * Whether the shape says what the count of parameters says, to two percent, with an output matrix of its own or none.
 * The index holds counts of damaged uploads; where the shape contradicts, neither is told which is wrong.
 */
function isPlausible({ parameters, architecture, layers, width, heads, kvHeads, vocabulary, feedForward }) {
  const numbers = [parameters, layers, width, heads, kvHeads, vocabulary, feedForward];
  if (!['llama', 'qwen2', 'mistral'].includes(architecture) || !numbers.every(Number.isInteger)) return true;
  const attention = 2 * width * width + 2 * width * (width / heads) * kvHeads;
  const body = layers * (attention + 3 * width * feedForward);
  return [1, 2].some((tables) => Math.abs((body + tables * vocabulary * width) / parameters - 1) < 0.02);
}

function entryOf({ name, base, task }) {
  const entry = name === undefined ? undefined : hub.models.get(name);
  const encoder = [...fastembed].find(([key]) => key.toLowerCase() === name?.toLowerCase())?.[1];
  const litgptName = hand.litgptNames[name];
  const shape = litgptName === undefined ? null : shapeOf(litgptName);
  const stated = hand.architectures.find(({ model }) => model === name);
  const label = name?.split('/').at(-1) ?? base;
  const at = (field) => `hub-index:data/hf_models.json/${name}/${field}`;
  const webAt = `web-llm:lib/index.js/prebuiltAppConfig/${webLlm.models.get(base)?.[0].id}/model_id`;
  const doubted = new Set(hand.doubted[name] ?? []);
  if (entry !== undefined && !isPlausible(entry)) doubted.add('parameters');
  const measured = [...mteb].find(([key]) => key?.toLowerCase() === name?.toLowerCase())?.[1];
  const number = (field, hubField, mtebField) => {
    if (doubted.has(field)) return 'unknown';
    if (Number.isInteger(entry?.[field])) return fact(entry[field], at(hubField));
    if (Number.isInteger(shape?.[field])) return fact(shape[field], `litgpt:litgpt/config.py/${litgptName}`);
    return fact(
      task === 'encoder' ? measured?.[field] : null,
      `mteb:${measured?.place}/${name}/${mtebField}`,
    );
  };
  const origin =
    entry === undefined ? (encoder === undefined ? webAt : `fastembed:${encoder.place}/${name}`) : at('name');
  const licences =
    entry?.licence === undefined || entry.licence === null
      ? licenceFacts(encoder?.licence ?? null, `fastembed:${encoder?.place}/${name}/license`)
      : licenceFacts(entry.licence, at('license'));
  return {
    id: label.toLowerCase(),
    name: fact(name ?? base, origin),
    family: derived(
      label.split(/[-_]?\d+(?:\.\d+)?[bBmM]\b|[-_]v?\d/)[0].toLowerCase(),
      'the name up to its first size or version',
      [origin],
    ),
    publisher:
      name === undefined
        ? 'unknown'
        : derived(name.split('/')[0], 'the owner in the name of the repository', [origin]),
    task: derived(
      task,
      task === 'chat' ? 'listed as a model that writes' : 'listed as a model for embeddings',
      [entry === undefined ? origin : at('pipeline_tag')],
    ),
    parameters: number('parameters', 'parameters_raw', 'n_parameters'),
    architecture:
      stated === undefined
        ? fact(entry?.architecture, at('architecture'))
        : fact(stated.value, `${stated.source}:${hand.sources[stated.source].place}/${stated.at}`),
    layers: number('layers', 'num_hidden_layers'),
    width: number('width', 'hidden_size', 'embed_dim'),
    heads: number('heads', 'num_attention_heads'),
    kvHeads: number('kvHeads', 'num_key_value_heads'),
    context: number('context', 'context_length', 'max_tokens'),
    vocabulary: number('vocabulary', 'vocab_size'),
    languages: languageFacts(name, entry, encoder),
    ...licences,
    formats: [
      ...(name === undefined ? [] : ggufFormats(name, entry)),
      ...mlcFormats(base),
      ...(name === undefined ? [] : onnxFormats(name, encoder)),
    ],
  };
}

/** A model that comes with the browser: no source that was read states more than its name. */
function builtInEntry({ id, name, source }) {
  const at = `${source}:${hand.sources[source].place}`;
  const fields = Object.fromEntries(
    Object.keys(entryOf({ base: id, task: 'chat' })).map((field) => [field, 'unknown']),
  );
  const format = {
    kind: 'built-in',
    repository: 'unknown',
    file: 'unknown',
    quantization: 'unknown',
    sizeBytes: 'unknown',
    ...plain,
  };
  return {
    ...fields,
    id,
    name: fact(name, at),
    task: derived('chat', 'answers natural language requests', [at]),
    formats: [format],
  };
}

const wanted = new Map();
for (const [base, records] of webLlm.models) {
  const name = hand.hubNames[base];
  wanted.set(name ?? base, { name, base, task: records[0].isEncoder ? 'encoder' : 'chat' });
}
for (const name of hand.chat) wanted.set(name, { name, task: 'chat' });
for (const name of hand.encoders) wanted.set(name, { name, task: 'encoder' });

const byId = (a, b) => (a.id < b.id ? -1 : 1);
const models = [...[...wanted.values()].map(entryOf), ...hand.builtIn.map(builtInEntry)]
  .filter(({ formats }) => formats.length > 0)
  .sort(byId);
const source = (id, title, version, address) => ({ id, title, version, address });
const sources = [
  source(
    'fastembed',
    'FastEmbed, package of PyPI',
    FASTEMBED,
    `https://pypi.org/project/fastembed/${FASTEMBED}/`,
  ),
  source(
    'hub-index',
    'llmfit-core, crate: an index of model cards and config.json files of the Hugging Face hub',
    hub.version,
    `https://crates.io/crates/llmfit-core/${hub.version}`,
  ),
  source('litgpt', 'LitGPT, package of PyPI', LITGPT, `https://pypi.org/project/litgpt/${LITGPT}/`),
  source('mteb', 'MTEB, package of PyPI', MTEB, `https://pypi.org/project/mteb/${MTEB}/`),
  source(
    'web-llm',
    '@mlc-ai/web-llm, package of npm',
    webLlm.version,
    `https://www.npmjs.com/package/@mlc-ai/web-llm/v/${webLlm.version}`,
  ),
  ...Object.entries(hand.sources).map(([id, { title, version, address }]) =>
    source(id, title, version, address),
  ),
  source(
    'xinference',
    'Xinference, package of PyPI',
    XINFERENCE,
    `https://pypi.org/project/xinference/${XINFERENCE}/`,
  ),
].sort(byId);

const lines = (list) => list.map((item) => JSON.stringify(item)).join(',\n');
writeFileSync(
  new URL('catalogue.json', import.meta.url),
  `{\n"format": 1,\n"sources": [\n${lines(sources)}\n],\n"models": [\n${lines(models)}\n]\n}\n`,
);
process.stdout.write(`${models.length} models\n`);
