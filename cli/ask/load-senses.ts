import type { OpenBundle } from '../../src/bundle/open-bundle.ts';
import type { Passage } from '../../src/contracts/passage.ts';
import { loadKernelEncoder } from '../../src/engines/kernel/load-kernel-encoder.ts';
import { openSenses, type Senses } from '../../src/session/open-senses.ts';
import { readKernelFile } from '../generator/kernel-files.ts';

/**
 * Loads the encoder of a bundle in this process, with what it made of passages and intents; null when the bundle has none.
 * @throws UnderstudyError `bundle/artifact-invalid`, `bundle/version-unsupported`, `engine/*`.
 */
export async function loadSenses(
  bundle: OpenBundle,
  passages: readonly Passage[],
  intentModel: Uint8Array,
  signal: AbortSignal,
): Promise<Senses | null> {
  const has = (name: string): boolean => Object.hasOwn(bundle.manifest.artifacts, name);
  if (!has('encoder.gguf')) return null;
  const read = (name: string): Promise<Uint8Array> => bundle.read(name, { signal });
  const passageVectors = await read('vectors.bin');
  const intentVectors = has('intent-vectors.bin') ? await read('intent-vectors.bin') : null;
  const encoder = await loadKernelEncoder({
    openModel: () => Promise.resolve(bundle.stream('encoder.gguf', { signal })),
    readKernel: readKernelFile,
    signal,
  });
  return openSenses(encoder, { passages, passageVectors, intentModel, intentVectors });
}
