import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { OpenBundle } from '../../src/bundle/open-bundle.ts';
import type { Engine } from '../../src/contracts/engine.ts';
import { createKernelEngine } from '../../src/engines/kernel/create-kernel-engine.ts';
import { readKernelFile } from '../generator/kernel-files.ts';

/**
 * Loads the generator of a bundle in this process; null when the bundle has none.
 * @throws UnderstudyError `engine/*`.
 */
export async function loadEngine(bundle: OpenBundle, signal: AbortSignal): Promise<Engine | null> {
  if (!Object.values(bundle.manifest.artifacts).some((entry) => entry.role === 'model')) return null;
  const modelId = `${bundle.manifest.appId}/${bundle.manifest.release}`;
  const engine = Object.hasOwn(bundle.manifest.artifacts, 'model.gguf')
    ? createKernelEngine({
        openModel: (abort) => Promise.resolve(bundle.stream('model.gguf', { signal: abort })),
        readGolden: (abort) =>
          Object.hasOwn(bundle.manifest.artifacts, 'golden.json')
            ? bundle.read('golden.json', { signal: abort })
            : Promise.resolve(null),
        readKernel: (file) => readKernelFile(file),
        modelId,
        ability: bundle.manifest.generator?.ability ?? 'quotes',
      })
    : await createOnnxEngine(bundle, modelId);
  await engine.load({ signal });
  return engine;
}

async function createOnnxEngine(bundle: OpenBundle, modelId: string): Promise<Engine> {
  // Only here: the runtime is large, and most commands need none.
  const { createTransformersEngine } =
    await import('../../src/engines/transformers/create-transformers-engine.ts');
  const runtimeFolder = dirname(createRequire(import.meta.url).resolve('onnxruntime-web/wasm'));
  return createTransformersEngine({
    read: (name, options) => bundle.read(name, options),
    runtimeUrl: `${pathToFileURL(runtimeFolder).href}/`,
    modelId,
    ability: bundle.manifest.generator?.ability ?? 'quotes',
  });
}
