import assert from 'node:assert/strict';
import { appendFileSync, existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, afterEach, beforeEach, describe, it } from 'node:test';
import type { Clock } from '../../../src/contracts/clock.ts';
import { isUnderstudyError } from '../../../src/contracts/errors.ts';
import type { PublishedFiles } from '../../../test/fixtures/published-model.ts';
import { publishedModel } from '../../../test/fixtures/published-model.ts';
import type { ModelHost } from '../../../test/node/model-host.ts';
import { serveFile, sha256Of, startModelHost } from '../../../test/node/model-host.ts';
import { sampleFolders } from '../../../test/node/sample-folder.ts';
import { parseModel } from '../../config/parse-model.ts';
import { packOnnxModel } from '../../generator/onnx/pack-onnx-model.ts';
import { createModelFetcher } from './create-model-fetcher.ts';

const samples = sampleFolders();
after(() => samples.removeAll());

const clock: Clock = { now: () => 0, monotonicMs: () => 0, sleep: () => Promise.resolve() };
const files = publishedModel();
const split = publishedModel({ isSplit: true, quantization: 'fp16' });
const MODEL = 'onnx/model_quantized.onnx';
const bytesOf = (name: string): Uint8Array => files[name] ?? new Uint8Array();

describe('fetching a model for Transformers.js', () => {
  let host: ModelHost;
  let cache: string;
  beforeEach(async () => {
    host = await startModelHost();
    cache = join(samples.make(), 'models');
  });
  afterEach(() => host.close());

  const serveFolder = (at: string, folder: PublishedFiles): void => {
    for (const [name, bytes] of Object.entries(folder)) host.serve(`${at}/${name}`, serveFile(bytes));
  };
  const fetchModel = (text: string, sha256: string | null = null): Promise<string> => {
    const choice = parseModel(text, samples.make());
    assert.ok(choice.kind === 'onnx' && choice.origin !== 'folder', text);
    const services = { fetch, clock, signal: new AbortController().signal, onProgress: () => undefined };
    return createModelFetcher({ hub: `${host.url}/hub/`, cache, sha256, task: 'chat' }, services)(choice);
  };
  const failure = async (fetching: Promise<string>): Promise<string> => {
    const error: unknown = await fetching.then(
      () => null,
      (cause: unknown) => cause,
    );
    assert.ok(isUnderstudyError(error), String(error));
    return `${error.code}: ${error.message}`;
  };
  const asked = (): string[] => host.asked.map((path) => path.replace(/^.*\/(?:resolve\/main|m)\//, ''));
  const isWhole = (path: string, folder: PublishedFiles): void => {
    const root = dirname(dirname(path));
    for (const [name, bytes] of Object.entries(folder))
      assert.equal(sha256Of(readFileSync(join(root, name))), sha256Of(bytes), name);
    assert.ok(packOnnxModel(path).length > 0);
  };

  it('brings a repository of the hub, and asks nobody the second time', async () => {
    serveFolder('/hub/owner/Small-Chat/resolve/main', files);
    const path = await fetchModel(`${host.url}/hub/owner/Small-Chat:onnx`);
    assert.match(path, /[\\/]Small-Chat[\\/]onnx[\\/]model_quantized\.onnx$/);
    isWhole(path, files);
    const before = asked();
    assert.deepEqual(before, [
      'config.json',
      'tokenizer.json',
      'tokenizer_config.json',
      'generation_config.json',
      'chat_template.jinja',
      MODEL,
    ]);
    assert.equal(await fetchModel(`${host.url}/hub/owner/Small-Chat:onnx`), path);
    assert.deepEqual(asked(), before);
  });

  it('brings models of the catalogue from the repositories that are listed for them', async () => {
    const { [MODEL]: model = new Uint8Array(), ...rest } = files;
    for (const [id, repository, name] of [
      ['Qwen2.5-0.5B-Instruct', 'onnx-community/Qwen2.5-0.5B-Instruct', MODEL],
      ['SmolLM2-135M-Instruct', 'HuggingFaceTB/SmolLM2-135M-Instruct', 'onnx/model.onnx'],
      ['SmolLM2-360M-Instruct', 'HuggingFaceTB/SmolLM2-360M-Instruct', 'onnx/model_fp16.onnx'],
      ['Llama-3.2-1B-Instruct', 'onnx-community/Llama-3.2-1B-Instruct', MODEL],
      [
        'TinyLlama-1.1B-Chat-v1.0',
        'Xenova/TinyLlama-1.1B-Chat-v1.0',
        'onnx/decoder_model_merged_quantized.onnx',
      ],
    ] as const) {
      serveFolder(`/hub/${repository}/resolve/main`, { ...rest, [name]: model });
      const path = await fetchModel(`${id}:onnx`);
      assert.ok(path.endsWith(join(id.toLowerCase(), name)), path);
      isWhole(path, { ...rest, [name]: model });
    }
  });

  it('brings a folder of any host, with the weights that its graph names', async () => {
    serveFolder('/somewhere/m', split);
    isWhole(await fetchModel(`${host.url}/somewhere/m:onnx:fp16`), split);
    assert.equal(asked().at(-1), 'onnx/model_fp16.onnx_data');
  });

  it('finds the rest around an ONNX file', async () => {
    serveFolder('/owner/Small/resolve/main', split);
    isWhole(await fetchModel(`${host.url}/owner/Small/resolve/main/onnx/model_fp16.onnx`), split);
  });

  it('takes what WebAssembly runs best of what is there', async () => {
    serveFolder('/m', publishedModel({ quantization: 'fp32' }));
    assert.match(await fetchModel(`${host.url}/m:onnx`), /model\.onnx$/);
    const tried = asked().filter((name) => name.startsWith('onnx/'));
    assert.deepEqual(
      tried.filter((name) => !name.includes('decoder')),
      [MODEL, 'onnx/model_int8.onnx', 'onnx/model_uint8.onnx', 'onnx/model.onnx'],
    );
    const { 'onnx/model_quantized.onnx': model, ...rest } = files;
    serveFolder('/old/m', { ...rest, 'onnx/decoder_model_merged_quantized.onnx': model ?? new Uint8Array() });
    assert.match(await fetchModel(`${host.url}/old/m:onnx`), /decoder_model_merged_quantized\.onnx$/);
  });

  it('goes on where a connection broke, and fetches again what is no longer as it was', async () => {
    serveFolder('/m', files);
    host.serve(`/m/${MODEL}`, serveFile(bytesOf(MODEL), { cutAfter: 100_000 }));
    const path = await fetchModel(`${host.url}/m:onnx`);
    assert.match(host.asked.at(-1) ?? '', /bytes=[1-9]\d*-$/);
    isWhole(path, files);
    appendFileSync(join(dirname(dirname(path)), 'tokenizer.json'), ' ');
    const before = asked().length;
    isWhole(await fetchModel(`${host.url}/m:onnx`), files);
    assert.deepEqual(asked().slice(before), ['tokenizer.json']);
  });

  it('fetches the rest in the next build where one was stopped, and what is there only now', async () => {
    const { 'tokenizer.json': late, ...early } = files;
    serveFolder('/m', early);
    assert.match(
      await failure(fetchModel(`${host.url}/m:onnx`)),
      /^cli\/not-found: There is no tokenizer\.json at/,
    );
    serveFolder('/m', { 'tokenizer.json': late ?? new Uint8Array() });
    isWhole(await fetchModel(`${host.url}/m:onnx`), files);
    assert.equal(asked().filter((name) => name === 'config.json').length, 1);
  });

  it('holds the ONNX file against the hash that is told, by the owner or by the hub', async () => {
    serveFolder('/hub/owner/small/resolve/main', files);
    const where = `${host.url}/hub/owner/small:onnx`;
    isWhole(await fetchModel(where, sha256Of(bytesOf(MODEL))), files);
    assert.match(await failure(fetchModel(where, 'a0'.repeat(32))), /^cli\/model-damaged/);
    const headers = { 'x-linked-etag': `"${'b0'.repeat(32)}"` };
    host.serve('/hub/owner/other/resolve/main/config.json', serveFile(bytesOf('config.json'), { headers }));
    assert.match(await failure(fetchModel(`${host.url}/hub/owner/other:onnx`)), /^cli\/model-damaged/);
  });

  it('says what is wrong with what a host gives', async () => {
    const page = Buffer.from('<!doctype html><title>Sign in</title>');
    const note = Buffer.from('version https://git-lfs.github.com/spec/v1\noid sha256:0\n');
    const cases: readonly (readonly [string, Uint8Array | number, RegExp])[] = [
      ['config.json', page, /^cli\/model-invalid: .*answers with a web page/],
      ['config.json', Buffer.from('[1]'), /^cli\/model-invalid: .*something else than a JSON object/],
      ['config.json', Buffer.from('{"model_type":'), /^cli\/model-invalid: .*is no valid JSON/],
      ['config.json', Buffer.alloc(2 ** 20 + 1, 123), /^cli\/model-invalid: .*files of its kind of at most/],
      ['config.json', 401, /^cli\/model-refused/],
      ['tokenizer.json', note, /^cli\/model-invalid: .*a note on where the file lies/],
      [MODEL, page, /^cli\/model-invalid: .*answers with a web page/],
      [MODEL, note, /^cli\/model-invalid: .*a note on where the file lies/],
      [MODEL, Buffer.from('GGUF and more of it'), /^cli\/model-invalid: .*something else than an ONNX file/],
      [
        MODEL,
        bytesOf(MODEL).slice(0, 30_000),
        /^cli\/model-invalid: .*is no ONNX model, or one that was cut off/,
      ],
      [MODEL, 503, /^cli\/model-unreachable/],
      [
        MODEL,
        404,
        /^cli\/not-found: There is no onnx\/model_quantized\.onnx, nor onnx\/decoder_model_merged_quantized\.onnx, nor onnx\/model_int8/,
      ],
    ];
    for (const [index, [name, given, message]] of cases.entries()) {
      const at = `/case${index}/m`;
      serveFolder(at, files);
      host.serve(`${at}/${name}`, (request, response, times) => {
        if (typeof given === 'number') response.writeHead(given).end();
        else serveFile(given)(request, response, times);
      });
      assert.match(await failure(fetchModel(`${host.url}${at}:onnx`)), message, name);
      // Once the host has put it right, the next build takes it.
      host.serve(`${at}/${name}`, serveFile(bytesOf(name)));
      isWhole(await fetchModel(`${host.url}${at}:onnx`), files);
    }
  });

  it('refuses files that are too long before they are there, and takes the next that fits', async () => {
    const { [MODEL]: model, ...rest } = files;
    serveFolder('/m', rest);
    host.serve('/m/onnx/model.onnx', (_, response) => {
      response.writeHead(200, { 'content-length': String(2 ** 31) });
      response.write(model);
    });
    const message = await failure(fetchModel(`${host.url}/m:onnx`));
    assert.match(message, /^cli\/model-invalid: .*models of at most 1342\.2 MB are packed/);
    serveFolder('/m', publishedModel({ quantization: 'fp16' }));
    assert.match(await fetchModel(`${host.url}/m:onnx`), /model_fp16\.onnx$/);
  });

  it('fetches no weights from elsewhere, whatever a graph says', async () => {
    const name = 'onnx/model_fp16.onnx';
    const text = Buffer.from(split[name] ?? new Uint8Array()).toString('latin1');
    const hostile = text.replaceAll('model_fp16.onnx_data', '../../../secret_data');
    serveFolder('/m', { ...split, [name]: new Uint8Array(Buffer.from(hostile, 'latin1')) });
    const message = await failure(fetchModel(`${host.url}/m:onnx:fp16`));
    assert.match(message, /^cli\/model-invalid: .*looks for weights in "\.\.\/\.\.\/\.\.\/secret_data"/);
    assert.ok(host.asked.every((path) => !path.includes('secret')));
    assert.ok(
      !existsSync(cache) ||
        readdirSync(cache, { recursive: true }).every((file) => !String(file).includes('secret')),
    );
  });

  it('refuses ids that are not published so, and addresses that are no folder', async () => {
    for (const [text, message] of [
      [
        'tinyllama-1.1b-chat-v0.4:onnx',
        /^cli\/model-invalid: .*name one by its address, http.*OWNER\/NAME:onnx, or take it as GGUF/,
      ],
      ['gemma-2-2b-it:onnx', /^cli\/model-invalid: .*of the architecture gemma2; as ONNX, llama and qwen2/],
      ['bge-small-en-v1.5:onnx', /^cli\/model-invalid: .*is for the task "encoder"/],
      ['smollm2:onnx', /^cli\/not-found: The catalogue has no model "smollm2"/],
      [
        'https://a.example/files/model.onnx',
        /^cli\/model-invalid: .*is no folder of a model.*FOLDER\/onnx\/model_quantized\.onnx/,
      ],
      ['https://a.example/onnx/model.onnx?token=1', /^cli\/model-invalid: .*is no folder of a model/],
    ] as const)
      assert.match(await failure(fetchModel(text)), message, text);
    assert.deepEqual(host.asked, []);
  });
});
