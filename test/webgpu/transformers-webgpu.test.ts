import { expect } from '@open-wc/testing';
import { deriveTransformersFiles } from '../../cli/generator/derive-onnx.ts';
import type { Engine } from '../../src/contracts/engine.ts';
import { isUnderstudyError } from '../../src/contracts/errors.ts';
import { createTransformersEngine } from '../../src/engines/transformers/create-transformers-engine.ts';
import { findAdapter } from '../../src/engines/transformers/graphics-device.ts';
import type { EngineFault } from '../contract/engine.ts';
import { runEngineContract } from '../contract/engine.ts';
import { readerOf } from '../fixtures/artifact-reader.ts';
import { goldenFile, referenceTokens } from '../fixtures/golden-file.ts';
import { tinyLlama } from '../fixtures/tiny-llama.ts';

const runtimeUrl = new URL('/node_modules/onnxruntime-web/dist/', location.href).href;
const gguf = tinyLlama();
const prompt = [3, 203, 40, 41, 42, 1, 203, 4, 203];
const recorded = referenceTokens(gguf, prompt, 8);
const REQUEST = { messages: [{ role: 'user', content: 'How long does delivery take?' }] } as const;

function filesOf(scales: 'f16' | 'f32', outputIds: readonly number[]): Map<string, Uint8Array<ArrayBuffer>> {
  const files = new Map(deriveTransformersFiles(gguf, { scales }).map(({ name, bytes }) => [name, bytes]));
  return files.set('golden.json', goldenFile(prompt, outputIds));
}

function makeEngine(fault: EngineFault): Engine {
  const files = filesOf('f32', fault === 'golden-wrong' ? recorded.map((id) => id + 1) : recorded);
  if (fault === 'artifact-missing') files.delete('tokenizer.json');
  if (fault === 'artifact-broken') files.set('model.onnx', new Uint8Array(1000).fill(7));
  return createTransformersEngine({
    read: readerOf(files),
    device: 'webgpu',
    runtimeUrl,
    modelId: 'tiny-llama',
  });
}

async function textOf(engine: Engine): Promise<string> {
  let text = '';
  for await (const part of engine.generate({ ...REQUEST, maxTokens: 12 }))
    if (part.type === 'text-delta') text += part.text;
  return text;
}

async function textOnWebAssembly(): Promise<string> {
  const read = readerOf(filesOf('f16', recorded));
  const engine = createTransformersEngine({ read, runtimeUrl, modelId: 'tiny-llama' });
  await engine.load();
  const text = await textOf(engine);
  await engine.dispose();
  return text;
}

describe('on a real graphics adapter', function () {
  this.timeout(60_000);

  before(async function () {
    // Without an adapter this was never run, which the sums of the tests show.
    await findAdapter().catch(() => {
      this.skip();
    });
  });

  runEngineContract('the Transformers.js engine on WebGPU', makeEngine, {
    hasSelfTest: true,
    keepsForms: false,
    longRequest: REQUEST,
  });

  it('writes what it writes on WebAssembly, in one realm and in any order', async () => {
    const before = await textOnWebAssembly();
    const engine = makeEngine('none');
    await engine.load();
    expect(engine.id).to.equal('transformers-webgpu');
    expect(await textOf(engine)).to.equal(before);
    await engine.dispose();
    expect(await textOnWebAssembly()).to.equal(before);
  });

  it('runs, or refuses, a model with 16-bit floats as its adapter has them or not', async () => {
    const hasHalves = (await findAdapter()).features.has('shader-f16');
    const read = readerOf(filesOf('f16', recorded));
    const engine = createTransformersEngine({ read, device: 'webgpu', runtimeUrl, modelId: 'tiny-llama' });
    const code = await engine.load().then(
      () => 'loaded',
      (error: unknown) => (isUnderstudyError(error) ? error.code : String(error)),
    );
    await engine.dispose();
    expect(code).to.equal(hasHalves ? 'loaded' : 'engine/unsupported');
  });

  it('refuses a tensor that is larger than the adapter allows before the model is read', async () => {
    const files = filesOf('f32', recorded);
    const config: unknown = JSON.parse(new TextDecoder().decode(files.get('model-config.json')));
    const large = { ...(config as object), vocab_size: 2 ** 30 };
    files.set('model-config.json', new TextEncoder().encode(JSON.stringify(large)));
    const asked: string[] = [];
    const reader = readerOf(files);
    const engine = createTransformersEngine({
      read: (name, options) => {
        asked.push(name);
        return reader(name, options);
      },
      device: 'webgpu',
      runtimeUrl,
      modelId: 'tiny-llama',
    });
    const error: unknown = await engine.load().catch((cause: unknown) => cause);
    await engine.dispose();
    expect(isUnderstudyError(error, 'engine/unsupported') && error.facts['reason']).to.equal(
      'tensor-too-large',
    );
    expect(asked).to.deep.equal(['model-config.json']);
  });
});
