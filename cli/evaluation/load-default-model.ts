import type { Engine } from '../../src/contracts/engine.ts';
import { createKernelEngine } from '../../src/engines/kernel/create-kernel-engine.ts';
import { generatorArtifacts } from '../build/generator-artifacts.ts';
import { readKernelFile } from '../generator/kernel-files.ts';
import { modelSource } from '../generator/model-source.ts';

/** The generator that ships with the package, as a bundle would hold it. */
export interface DefaultModel {
  readonly name: string;
  readonly sizeBytes: number;
  load(signal: AbortSignal): Promise<Engine>;
}

/** Packs the model of the package in memory; null where it is not installed. */
export async function loadDefaultModel(): Promise<DefaultModel | null> {
  const fetchNothing = (): Promise<string> =>
    Promise.reject(new Error('The default model is never fetched.'));
  const { artifacts, entry } = await generatorArtifacts({ kind: 'default' }, 'kernel', fetchNothing);
  const model = artifacts.find(({ role }) => role === 'model')?.bytes;
  const golden = artifacts.find(({ role }) => role === 'golden')?.bytes ?? null;
  if (model === undefined || entry === null) return null;
  return {
    name: entry.name,
    sizeBytes: model.length,
    load: async (signal) => {
      const engine = createKernelEngine({
        openModel: () => Promise.resolve(modelSource(model)),
        readGolden: () => Promise.resolve(golden),
        readKernel: (file) => readKernelFile(file),
        modelId: entry.name,
        ability: entry.ability,
      });
      await engine.load({ signal });
      return engine;
    },
  };
}
