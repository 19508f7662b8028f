import type { OpenBundle } from '../../src/bundle/open-bundle.ts';
import type { Engine } from '../../src/contracts/engine.ts';
import { createKernelEngine } from '../../src/engines/kernel/create-kernel-engine.ts';
import { createOnnxEngine } from '../generator/onnx/try-onnx-model.ts';
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
    : await createOnnxEngine((name, options) => bundle.read(name, options), {
        modelId,
        ability: bundle.manifest.generator?.ability ?? 'quotes',
      });
  await engine.load({ signal });
  return engine;
}
