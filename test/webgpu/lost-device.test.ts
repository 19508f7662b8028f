import { expect } from '@open-wc/testing';
import { deriveTransformersFiles } from '../../cli/generator/derive-onnx.ts';
import { isUnderstudyError } from '../../src/contracts/errors.ts';
import { createTransformersEngine } from '../../src/engines/transformers/create-transformers-engine.ts';
import type { GraphicsDevice } from '../../src/engines/transformers/graphics-device.ts';
import { findAdapter } from '../../src/engines/transformers/graphics-device.ts';
import { readerOf } from '../fixtures/artifact-reader.ts';
import { tinyLlama } from '../fixtures/tiny-llama.ts';

const runtimeUrl = new URL('/node_modules/onnxruntime-web/dist/', location.href).href;
const REQUEST = { messages: [{ role: 'user', content: 'How long does delivery take?' }] } as const;

describe('a real graphics device that is lost', function () {
  this.timeout(60_000);

  before(async function () {
    // Without an adapter this was never run, which the sums of the tests show.
    await findAdapter().catch(() => {
      this.skip();
    });
  });

  it('ends the answer with engine/failed and the reason, and a new engine runs in the same realm', async () => {
    const files = new Map(
      deriveTransformersFiles(tinyLlama(), { scales: 'f32' }).map(({ name, bytes }) => [name, bytes]),
    );
    let device: GraphicsDevice | null = null;
    const engine = createTransformersEngine({
      read: readerOf(files),
      device: 'webgpu',
      runtimeUrl,
      modelId: 'tiny-llama',
      findAdapter: async () => {
        const adapter = await findAdapter();
        const requestDevice: typeof adapter.requestDevice = async (descriptor) => {
          device = await adapter.requestDevice(descriptor);
          return device;
        };
        return { features: adapter.features, limits: adapter.limits, requestDevice };
      },
    });
    await engine.load();
    let error: unknown = null;
    try {
      for await (const part of engine.generate({ ...REQUEST, maxTokens: 100 }))
        if (part.type === 'text-delta') (device as GraphicsDevice | null)?.destroy();
    } catch (cause) {
      error = cause;
    }
    expect(isUnderstudyError(error, 'engine/failed') && error.facts['reason']).to.equal('device-lost');
    await engine.dispose();
    const next = createTransformersEngine({
      read: readerOf(
        new Map(
          deriveTransformersFiles(tinyLlama(), { scales: 'f32' }).map(({ name, bytes }) => [name, bytes]),
        ),
      ),
      device: 'webgpu',
      runtimeUrl,
      modelId: 'tiny-llama',
    });
    await next.load();
    await next.dispose();
  });
});
