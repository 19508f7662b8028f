import type { Passage } from '../../src/contracts/passage.ts';
import { passageWindows } from '../../src/retrieval/passage-windows.ts';
import { buildPassageVectors } from '../../src/retrieval/build-passage-vectors.ts';
import type { OpenedEncoder } from '../generator/open-encoder.ts';
import type { EarlierVectors } from './earlier-vectors.ts';
import { binaryArtifact } from './artifact-file.ts';
import type { ArtifactFile } from './artifact-file.ts';

/** Passages between two words of progress. */
const PROGRESS_STEP = 50;

/** What is to be encoded of the passages: the texts whose vectors the earlier release has not. */
export function* textsToEncode(passages: readonly Passage[], earlier: EarlierVectors): Generator<string> {
  for (const passage of passages)
    for (const text of passageWindows(passage)) if (earlier(text) === null) yield text;
}

/**
 * Encodes the passages, as far as the earlier release has not, and gives the encoder's part of a bundle: its file, the vectors of the passages, and those of the intents.
 * @throws The signal's reason when aborted.
 */
export function encoderArtifacts(
  { encoder, bytes }: OpenedEncoder,
  passages: readonly Passage[],
  earlier: EarlierVectors,
  intents: Uint8Array | null,
  signal: AbortSignal,
  onProgress: (text: string) => void,
): readonly ArtifactFile[] {
  const sparing = { ...encoder, encode: (text: string) => earlier(text) ?? encoder.encode(text) };
  const vectors = buildPassageVectors(passages, sparing, (count) => {
    signal.throwIfAborted();
    if (count % PROGRESS_STEP === 0) onProgress(`encoding ${count} of ${passages.length} passages`);
  });
  const files = [
    { ...binaryArtifact('encoder', bytes), name: 'encoder.gguf' },
    binaryArtifact('vectors', vectors),
    ...(intents === null ? [] : [binaryArtifact('intent-vectors', intents)]),
  ];
  return files.map((one) => ({ ...one, need: 'wording' }));
}
