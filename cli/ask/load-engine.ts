import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { OpenBundle } from '../../src/bundle/open-bundle.ts';
import type { Engine } from '../../src/contracts/engine.ts';

/**
 * Loads the generator of a bundle in this process; null when the bundle has none.
 * @throws UnderstudyError `engine/*`.
 */
export async function loadEngine(bundle: OpenBundle, signal: AbortSignal): Promise<Engine | null> {
  if (!Object.values(bundle.manifest.artifacts).some((entry) => entry.role === 'model')) return null;
  // Only here: the runtime is large, and most commands need none.
  const { createTransformersEngine } =
    await import('../../src/engines/transformers/create-transformers-engine.ts');
  const runtimeFolder = dirname(createRequire(import.meta.url).resolve('onnxruntime-web/wasm'));
  const engine = createTransformersEngine({
    read: (name, options) => bundle.read(name, options),
    runtimeUrl: `${pathToFileURL(runtimeFolder).href}/`,
    modelId: `${bundle.manifest.appId}/${bundle.manifest.release}`,
  });
  await engine.load({ signal });
  return engine;
}
