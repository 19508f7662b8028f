import { gzip } from '../../src/bytes/gzip.ts';
import { sha256Hex } from '../../src/bytes/sha256-hex.ts';
import { splitContentDefined } from '../../src/bytes/split-content-defined.ts';
import { splitFixed } from '../../src/bytes/split-fixed.ts';
import type { ChunkedArtifact } from '../../src/contracts/bundle.ts';
import type { ArtifactFile } from './artifact-file.ts';

/** Average length of content-defined chunks of text and index. */
const TEXT_CHUNK_BYTES = 4 * 1024;
/** Length of the chunks of weights. */
const MODEL_CHUNK_BYTES = 256 * 1024;
/** Weights are compressed only where that saves more than this share: it costs the device time. */
const LEAST_SAVING = 0.1;

/** An artifact cut into chunks. */
export interface CutArtifact {
  readonly file: ArtifactFile;
  readonly sha256: string;
  readonly encoding: ChunkedArtifact['encoding'];
  readonly chunks: readonly { readonly sha256: string; readonly bytes: Uint8Array<ArrayBuffer> }[];
}

/** Cuts an artifact: weights into 256 KiB pieces, everything else where the content says so, about every 4 KiB. */
export async function chunkArtifact(
  file: ArtifactFile,
  options: { readonly signal?: AbortSignal } = {},
): Promise<CutArtifact> {
  const isModel = file.role === 'model';
  const pieces = isModel
    ? splitFixed(file.bytes, MODEL_CHUNK_BYTES)
    : splitContentDefined(file.bytes, TEXT_CHUNK_BYTES);
  const chunks: CutArtifact['chunks'][number][] = [];
  for (const bytes of pieces) {
    options.signal?.throwIfAborted();
    chunks.push({ sha256: await sha256Hex(bytes), bytes });
  }
  const encoding = isModel ? await chooseEncoding(file.bytes) : 'gzip';
  return { file, sha256: await sha256Hex(file.bytes), encoding, chunks };
}

async function chooseEncoding(bytes: Uint8Array<ArrayBuffer>): Promise<'identity' | 'gzip'> {
  const compressed = await gzip(bytes);
  return compressed.length < bytes.length * (1 - LEAST_SAVING) ? 'gzip' : 'identity';
}
