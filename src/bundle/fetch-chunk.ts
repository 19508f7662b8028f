import { gunzip } from '../bytes/gzip.ts';
import { sha256Hex } from '../bytes/sha256-hex.ts';
import type { ChunkEntry, ChunkedArtifact } from '../contracts/bundle.ts';
import { chunkPath } from '../contracts/bundle.ts';
import { UnderstudyError, isUnderstudyError } from '../contracts/errors.ts';
import type { BundleHost } from './fetch-file.ts';
import { fetchFile } from './fetch-file.ts';

/** How a file lies on the host. */
export type FileEncoding = ChunkedArtifact['encoding'];

/** Waits before the second and the third try of a chunk the host did not deliver. */
const RETRY_DELAYS_MS = [500, 2000] as const;

/**
 * Fetches one chunk and checks it; tries again when the network failed, and past the HTTP cache when it is damaged.
 *
 * @throws UnderstudyError `bundle/chunk-missing`, `bundle/hash-mismatch`, `bundle/too-long`, `bundle/unreachable`, with
 *   the path in the facts; the signal's reason when aborted.
 */
export async function fetchChunk(
  host: BundleHost,
  chunk: ChunkEntry,
  encoding: FileEncoding,
  signal: AbortSignal | undefined,
): Promise<Uint8Array<ArrayBuffer>> {
  const path = chunkPath(chunk.sha256);
  let cache: RequestCache = 'default';
  for (let tries = 0; ; tries++) {
    try {
      return await fetchChecked(host, { path, ...chunk, encoding, cache, signal });
    } catch (error) {
      if (!isUnderstudyError(error)) throw error;
      if (isUnderstudyError(error, 'bundle/not-found')) {
        throw new UnderstudyError('bundle/chunk-missing', `The host has no "${path}".`, {
          facts: { path },
          cause: error,
        });
      }
      if (isUnderstudyError(error, 'bundle/hash-mismatch') && cache === 'default') {
        cache = 'reload';
        continue;
      }
      const delayMs = RETRY_DELAYS_MS[tries];
      if (!isUnderstudyError(error, 'bundle/unreachable') || delayMs === undefined) throw error;
      await host.clock.sleep(delayMs, signal === undefined ? {} : { signal });
    }
  }
}

/** A file whose length and digest are known beforehand. */
export interface CheckedFile {
  readonly path: string;
  /** Length after decoding. */
  readonly sizeBytes: number;
  /** Digest after decoding. */
  readonly sha256: string;
  readonly encoding: FileEncoding;
  readonly cache: RequestCache;
  readonly signal: AbortSignal | undefined;
  readonly onProgress?: ((loadedBytes: number) => void) | undefined;
}

/**
 * Fetches a file once, decodes it and checks its digest.
 *
 * @throws UnderstudyError as {@link fetchFile}, and `bundle/hash-mismatch`.
 */
export async function fetchChecked(host: BundleHost, file: CheckedFile): Promise<Uint8Array<ArrayBuffer>> {
  const { path, sizeBytes, sha256, encoding, cache, signal, onProgress } = file;
  const maxBytes = encoding === 'gzip' ? longestGzipBytes(sizeBytes) : sizeBytes;
  const encoded = await fetchFile(host, path, { maxBytes, cache, expects: 'bytes', signal, onProgress });
  const bytes = encoding === 'gzip' ? await decode(encoded, path, sizeBytes) : encoded;
  if (bytes.length === sizeBytes && (await sha256Hex(bytes)) === sha256) return bytes;
  throw new UnderstudyError('bundle/hash-mismatch', `"${path}" is not what its name says.`, {
    facts: { path },
  });
}

async function decode(
  encoded: Uint8Array<ArrayBuffer>,
  path: string,
  sizeBytes: number,
): Promise<Uint8Array<ArrayBuffer>> {
  // Some hosts declare the gzip they find to the browser, which then has undone it already.
  if (encoded[0] !== 0x1f || encoded[1] !== 0x8b) return encoded;
  try {
    return await gunzip(encoded, { maxBytes: sizeBytes });
  } catch (error) {
    if (!isUnderstudyError(error)) throw error;
    throw new UnderstudyError(
      error.code,
      `"${path}" does not decompress to its length of ${sizeBytes} bytes.`,
      {
        facts: { path, sizeBytes },
        cause: error,
      },
    );
  }
}

/** What gzip makes of bytes that do not compress: header and trailer, and five bytes a stored block. */
function longestGzipBytes(sizeBytes: number): number {
  return sizeBytes + Math.ceil(sizeBytes / 1000) + 64;
}
