import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { isRecord } from '../../src/contracts/json.ts';
import { sampleFolders } from '../../test/node/sample-folder.ts';
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
