import { expect } from '@open-wc/testing';
import { deriveTransformersFiles } from '../../../cli/generator/derive-onnx.ts';
import { readerOf } from '../../../test/fixtures/artifact-reader.ts';
import { tinyLlama } from '../../../test/fixtures/tiny-llama.ts';
import type { ArtifactReader } from '../../contracts/engine.ts';
import type { UnderstudyError } from '../../contracts/errors.ts';
import { isUnderstudyError } from '../../contracts/errors.ts';
import { createTransformersEngine } from './create-transformers-engine.ts';
import type { GraphicsAdapter } from './graphics-device.ts';
import { findAdapter, openDevice } from './graphics-device.ts';

const GIB = 2 ** 30;
const gguf = tinyLlama();

interface StandIn {
  readonly features?: readonly string[];
  readonly limits?: Readonly<Record<string, number>>;
  readonly isRefusing?: boolean;
}

/** An adapter that notes what was asked of it. */
function standIn({ features = [], limits = {}, isRefusing = false }: StandIn) {
  const asked: unknown[] = [];
  const adapter: GraphicsAdapter = {
    features: new Set(features),
    limits: { maxBufferSize: GIB, maxStorageBufferBindingSize: GIB, ...limits },
    requestDevice: (descriptor) => {
      asked.push(descriptor);
      if (isRefusing) return Promise.reject(new Error('busy'));
      return Promise.resolve({ lost: new Promise(() => undefined), destroy: () => undefined });
    },
  };
  return { adapter, asked };
}

async function errorOf(action: Promise<unknown>): Promise<UnderstudyError> {
  const error = await action.then(
    () => null,
    (cause: unknown) => cause,
  );
  if (!isUnderstudyError(error)) throw new Error(`Expected an error of ours, got ${String(error)}.`);
  return error;
}

/** Loads the engine on an adapter; gives its error and what it had read until then. */
async function refusalOn(find: () => Promise<GraphicsAdapter>, scales: 'f16' | 'f32') {
  const files = new Map(deriveTransformersFiles(gguf, { scales }).map(({ name, bytes }) => [name, bytes]));
  const read: string[] = [];
  const reader = readerOf(files);
  const noting: ArtifactReader = (name, options) => {
    read.push(name);
    return reader(name, options);
  };
  const engine = createTransformersEngine({
    read: noting,
    device: 'webgpu',
    runtimeUrl: new URL('/absent/', location.href).href,
    modelId: 'tiny-llama',
    findAdapter: find,
  });
  const error = await errorOf(engine.load());
  await engine.dispose();
  return { code: error.code, reason: error.facts['reason'], facts: error.facts, read };
}

describe('a realm without a graphics adapter', () => {
  it('is told from one without WebGPU', async () => {
    const reasonIn = async (realm: object): Promise<unknown> => {
      const error = await errorOf(findAdapter(realm));
      expect(error.code).to.equal('engine/unsupported');
      return error.facts['reason'];
    };
    for (const realm of [{}, { navigator: null }, { navigator: {} }, { navigator: { gpu: null } }])
      expect(await reasonIn(realm)).to.equal('no-webgpu');
    const answering = (answer: () => unknown): object => ({ navigator: { gpu: { requestAdapter: answer } } });
    expect(await reasonIn(answering(() => Promise.resolve(null)))).to.equal('no-adapter');
    expect(await reasonIn(answering(() => Promise.reject(new Error('crashed'))))).to.equal('no-adapter');
    expect(await reasonIn(answering(() => Promise.resolve({})))).to.equal('no-adapter');
  });

  it('gives the adapter that answers', async () => {
    const { adapter } = standIn({});
    const gpu = { requestAdapter: () => Promise.resolve(adapter) };
    expect(await findAdapter({ navigator: { gpu } })).to.equal(adapter);
  });

  it('costs the engine nothing: no file is read', async () => {
    const { code, read } = await refusalOn(() => findAdapter({}), 'f32');
    expect(code).to.equal('engine/unsupported');
    expect(read).to.deep.equal([]);
  });
});

describe('a graphics device that the model does not fit', () => {
  it('refuses a tensor larger than a buffer may be before the model is read', async () => {
    for (const limit of ['maxBufferSize', 'maxStorageBufferBindingSize']) {
      const { adapter, asked } = standIn({ limits: { [limit]: 1000 } });
      const { code, facts, read } = await refusalOn(() => Promise.resolve(adapter), 'f32');
      expect(code).to.equal('engine/unsupported');
      expect(facts).to.include({ reason: 'tensor-too-large', limit, limitBytes: 1000 });
      expect(read).to.deep.equal(['model-config.json']);
      expect(asked).to.deep.equal([]);
    }
  });

  it('takes a tensor of exactly the allowed size', async () => {
    const { facts } = await refusalOn(
      () => Promise.resolve(standIn({ limits: { maxBufferSize: 1 } }).adapter),
      'f32',
    );
    const { adapter } = standIn({ limits: { maxBufferSize: Number(facts['neededBytes']) } });
    // The next thing that is missing is the runtime.
    expect((await refusalOn(() => Promise.resolve(adapter), 'f32')).code).to.equal('engine/load-failed');
  });

  it('refuses 16-bit floats that it does not have, and takes them where it has', async () => {
    const { code, reason, read } = await refusalOn(() => Promise.resolve(standIn({}).adapter), 'f16');
    expect([code, reason]).to.deep.equal(['engine/unsupported', 'no-16-bit-floats']);
    expect(read).to.deep.equal(['model-config.json']);
    const { adapter } = standIn({ features: ['shader-f16'] });
    expect((await refusalOn(() => Promise.resolve(adapter), 'f16')).code).to.equal('engine/load-failed');
  });
});

describe('opening a graphics device', () => {
  it('asks for what the adapter has and for nothing else', async () => {
    const { adapter, asked } = standIn({ features: ['shader-f16', 'timestamp-query'] });
    await openDevice(adapter);
    expect(asked).to.deep.equal([
      {
        requiredFeatures: ['shader-f16'],
        requiredLimits: { maxBufferSize: GIB, maxStorageBufferBindingSize: GIB },
      },
    ]);
  });

  it('is refused as unsupported when the adapter gives none', async () => {
    const error = await errorOf(openDevice(standIn({ isRefusing: true }).adapter));
    expect([error.code, error.facts['reason']]).to.deep.equal(['engine/unsupported', 'no-device']);
  });
});
