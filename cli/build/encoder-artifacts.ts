import type { Encoder } from '../../src/contracts/encoder.ts';
import type { Passage } from '../../src/contracts/passage.ts';
import { loadKernelEncoder } from '../../src/engines/kernel/load-kernel-encoder.ts';
import { buildPassageVectors } from '../../src/retrieval/passage-vectors.ts';
import type { GeneratorChoice } from '../config/build-config.ts';
import { chosenModel } from '../generator/chosen-model.ts';
import { readKernelFile } from '../generator/kernel-files.ts';
import { packedFile } from '../generator/packed-file.ts';
import { binaryArtifact } from './artifact-file.ts';
import type { ArtifactFile } from './artifact-file.ts';

/** The encoder that ships with the package. */
const DEFAULT_ENCODER = 'models/understudy-encoder/understudy-encoder.q8_0.gguf';

/** An encoder in this process, and the part of a bundle that it brings. */
export interface BuildEncoder {
  readonly encoder: Encoder;
  readonly artifact: ArtifactFile;
}

/**
 * Loads the encoder that was chosen; null without one.
 * @throws UnderstudyError `cli/not-found` for a named file, `engine/model-invalid`, `cli/model-invalid`.
 */
export async function openEncoder(
  choice: GeneratorChoice,
  signal: AbortSignal,
): Promise<BuildEncoder | null> {
  if (choice.kind === 'none') return null;
  const path = chosenModel(choice, DEFAULT_ENCODER);
  if (path === null) return null;
  const bytes = await packedFile(path);
  // eslint-disable-next-line @typescript-eslint/require-await -- the loader reads from an async iterable
  async function* pieces(): AsyncGenerator<Uint8Array, void, undefined> {
    yield bytes;
  }
  const encoder = await loadKernelEncoder({
    openModel: () => Promise.resolve({ sizeBytes: bytes.length, pieces: pieces() }),
    readKernel: readKernelFile,
    signal,
  });
  return {
    encoder,
    artifact: {
      name: 'encoder.gguf',
      role: 'encoder',
      mediaType: 'application/octet-stream',
      need: 'wording',
      bytes,
    },
  };
}

/** What the encoder makes of the passages. */
export function vectorsArtifact(
  passages: readonly Passage[],
  encoder: Encoder,
  onProgress: (text: string) => void,
): ArtifactFile {
  const bytes = buildPassageVectors(passages, encoder, (count) => {
    if (count % 50 === 0) onProgress(`encoding ${count} of ${passages.length} passages`);
  });
  return { ...binaryArtifact('vectors', bytes), need: 'wording' };
}
