import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, describe, it } from 'node:test';
import { isUnderstudyError } from '../../src/contracts/errors.ts';
import { isRecord } from '../../src/contracts/json.ts';
import { sampleFolders } from '../../test/node/sample-folder.ts';
import { publishedModel } from '../../test/fixtures/published-model.ts';
import { tinyLlama } from '../../test/fixtures/tiny-llama.ts';
import type { RuntimeChoice } from '../config/build-config.ts';
import { generatorArtifacts } from './generator-artifacts.ts';

const samples = sampleFolders();
after(() => samples.removeAll());

const noFetch = (): Promise<string> => Promise.reject(new Error('Nothing is fetched here.'));
const WLLAMA = { engine: 'wllama', module: '/wllama.js', wasm: '/wllama.wasm' } as const;
const WEBLLM = { engine: 'webllm', module: '/m.js', model: '/model/', library: '/model.wasm' } as const;

describe('the model files of a bundle', () => {
  const gguf = tinyLlama();
  const path = join(samples.make({ 'README.md': '' }), 'tiny.gguf');
  writeFileSync(path, gguf);
  const filesFor = async (runtime: RuntimeChoice, engines: Parameters<typeof generatorArtifacts>[3]) =>
    (await generatorArtifacts({ kind: 'file', path }, runtime, noFetch, engines)).artifacts;

  it('hold the published file for wllama, for its wording alone', async () => {
    const [file, ...rest] = await filesFor('none', [WLLAMA]);
    assert.deepEqual(rest, []);
    assert.equal(file?.name, 'model.published.gguf');
    assert.equal(file.need, 'wording');
    assert.deepEqual(file.bytes, new Uint8Array(gguf));
  });

  it('are none for engines that bring their model from elsewhere', async () => {
    assert.deepEqual(await filesFor('none', [WEBLLM]), []);
  });

  it('hold no 16-bit floats where an engine on WebGPU is named', async () => {
    const gpu = { engine: 'transformers-webgpu', runtime: '/ort/' } as const;
    const dtypeFor = async (engines: Parameters<typeof filesFor>[1]): Promise<unknown> => {
      const files = await filesFor('transformers', engines);
      const config = files.find(({ name }) => name === 'model-config.json')?.bytes;
      const value: unknown = JSON.parse(new TextDecoder().decode(config));
      return isRecord(value) ? value['dtype'] : null;
    };
    assert.equal(await dtypeFor([gpu]), 'float32');
    assert.equal(await dtypeFor(null), undefined);
  });

  it('say what the model can do: what the owner names follows a prompt, what we ship only quotes', async () => {
    const named = await generatorArtifacts({ kind: 'file', path }, 'kernel', noFetch);
    assert.equal(named.entry?.ability, 'general');
    const shipped = await generatorArtifacts({ kind: 'default' }, 'kernel', noFetch);
    assert.deepEqual(shipped.entry, { name: 'understudy-tiny', ability: 'quotes' });
    const none = await generatorArtifacts({ kind: 'none' }, 'kernel', noFetch);
    assert.equal(none.entry, null);
  });

  it('hold no published file unless wllama is named', async () => {
    const names = (await filesFor('transformers', null)).map(({ name }) => name);
    assert.ok(names.includes('model.onnx'));
    assert.ok(!names.includes('model.published.gguf') && !names.includes('model.gguf'));
  });
});

describe('the model files of a bundle with a model for Transformers.js', () => {
  const path = join(samples.make(), 'small-chat');
  for (const [name, bytes] of Object.entries(publishedModel())) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), bytes);
  }
  const choice = { kind: 'onnx', origin: 'folder', at: path, quantization: null } as const;
  const made = (runtime: RuntimeChoice | null, engines: Parameters<typeof generatorArtifacts>[3] = null) =>
    generatorArtifacts(choice, runtime, noFetch, engines);

  it('hold what the derived files of a GGUF model are, called by its folder', async () => {
    const gguf = join(samples.make(), 'tiny.gguf');
    writeFileSync(gguf, tinyLlama());
    const derived = await generatorArtifacts({ kind: 'file', path: gguf }, 'transformers', noFetch);
    const { artifacts, entry } = await made(null);
    const described = (files: typeof artifacts) =>
      files.map(({ name, role, need }) => ({ name, role, need }));
    assert.deepEqual(described(artifacts), described(derived.artifacts));
    assert.deepEqual(entry, { name: 'small-chat', ability: 'general' });
    assert.deepEqual(await made('transformers'), await made(null, [{ engine: 'transformers' }]));
  });

  it('are none for engines that bring their model from elsewhere', async () => {
    assert.deepEqual((await made('none', [WEBLLM])).artifacts, []);
  });

  it('are refused where the kernel or wllama is to read them, with what to write', async () => {
    const says = async (making: Promise<unknown>): Promise<string> => {
      const error: unknown = await making.then(
        () => null,
        (cause: unknown) => cause,
      );
      assert.ok(isUnderstudyError(error, 'cli/config-invalid'), String(error));
      return error.message;
    };
    assert.match(
      await says(made('kernel')),
      /"runtime" is kernel: write "runtime: transformers", or leave it out/,
    );
    assert.match(await says(made('both')), /"runtime" is both/);
    const both = [{ engine: 'transformers' }, { engine: 'kernel' }] as const;
    assert.match(await says(made('both', both)), /"engines" names kernel: write "engines: \[transformers\]"/);
    assert.match(await says(made('none', [WLLAMA])), /"engines" names wllama/);
  });

  it('are tested on the device with the outputs that lie beside them', async () => {
    const cases = [{ content: null, prompt_ids: [5, 6, 7], output_ids: [1] }];
    writeFileSync(join(path, 'golden.json'), JSON.stringify({ file: 'model_quantized.onnx', cases }));
    await assert.rejects(
      made(null),
      /is not run by Transformers\.js: The model writes other tokens than recorded/,
    );
    writeFileSync(join(path, 'golden.json'), JSON.stringify({ file: 'model_fp16.onnx', cases }));
    assert.ok((await made(null)).artifacts.every(({ role }) => role !== 'golden'));
  });
});
