import type { Passage } from '../../src/contracts/passage.ts';
import { loadKernelEncoder } from '../../src/engines/kernel/load-kernel-encoder.ts';
import { buildPassageVectors } from '../../src/retrieval/passage-vectors.ts';
import type { ModelChoice } from '../config/build-config.ts';
import { chosenModel } from '../generator/chosen-model.ts';
import { readKernelFile } from '../generator/kernel-files.ts';
import { packedFile } from '../generator/packed-file.ts';
import { binaryArtifact } from './artifact-file.ts';
import type { ArtifactFile } from './artifact-file.ts';

/** The encoder that ships with the package. */
const DEFAULT_ENCODER = 'models/understudy-encoder/understudy-encoder.q8_0.gguf';
/** Passages between two words of progress. */
const PROGRESS_STEP = 50;

/** The encoder's part of a bundle. */
export interface EncoderArtifacts {
  /** The encoder and the vectors of the passages; empty without one. */
  readonly artifacts: readonly ArtifactFile[];
  /** Why there is none although one was asked for; null otherwise. */
  readonly remark: string | null;
}

/**
 * Packs the encoder that was chosen and encodes the passages with it; the one of the package may be missing, which is remarked.
 * @throws UnderstudyError `cli/not-found` for a named file, `engine/model-invalid`, `cli/model-invalid`; the signal's reason when aborted.
 */
export async function encoderArtifacts(
  choice: ModelChoice,
  passages: readonly Passage[],
  signal: AbortSignal,
  onProgress: (text: string) => void,
): Promise<EncoderArtifacts> {
  if (choice.kind === 'none') return { artifacts: [], remark: null };
  const path = chosenModel(choice, DEFAULT_ENCODER);
  if (path === null) {
    const remark = 'the default encoder is not installed; pages are found by their words alone';
    return { artifacts: [], remark };
  }
  const bytes = await packedFile(path);
  const encoder = await loadKernelEncoder({
    openModel: () => Promise.resolve({ sizeBytes: bytes.length, pieces: onePiece(bytes) }),
    readKernel: readKernelFile,
    signal,
  });
  try {
    const vectors = buildPassageVectors(passages, encoder, (count) => {
      signal.throwIfAborted();
      if (count % PROGRESS_STEP === 0) onProgress(`encoding ${count} of ${passages.length} passages`);
    });
    const model = { ...binaryArtifact('encoder', bytes), name: 'encoder.gguf' };
    const artifacts = [model, binaryArtifact('vectors', vectors)];
    return { artifacts: artifacts.map((one) => ({ ...one, need: 'wording' })), remark: null };
  } finally {
    encoder.dispose();
  }
}

// eslint-disable-next-line @typescript-eslint/require-await -- the loader reads from an async iterable
async function* onePiece(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  yield bytes;
}
