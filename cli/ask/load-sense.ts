import type { OpenBundle } from '../../src/bundle/open-bundle.ts';
import type { Passage } from '../../src/contracts/passage.ts';
import { loadKernelEncoder } from '../../src/engines/kernel/load-kernel-encoder.ts';
import { joinSense, type PassageSense } from '../../src/retrieval/passage-sense.ts';
import { parsePassageVectors } from '../../src/retrieval/passage-vectors.ts';
import { readKernelFile } from '../generator/kernel-files.ts';

/**
 * Loads the encoder of a bundle and the vectors of its passages in this process; null when the bundle has none.
 * @throws UnderstudyError `bundle/artifact-invalid`, `bundle/version-unsupported`, `engine/*`.
 */
export async function loadSense(
  bundle: OpenBundle,
  passages: readonly Passage[],
  signal: AbortSignal,
): Promise<PassageSense | null> {
  if (!Object.hasOwn(bundle.manifest.artifacts, 'encoder.gguf')) return null;
  const vectors = parsePassageVectors(await bundle.read('vectors.bin', { signal }), passages);
  const encoder = await loadKernelEncoder({
    openModel: () => Promise.resolve(bundle.stream('encoder.gguf', { signal })),
    readKernel: readKernelFile,
    signal,
  });
  return joinSense(encoder, vectors);
}
