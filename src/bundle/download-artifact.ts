import { sha256Hex } from '../bytes/sha256-hex.ts';
import type { ArtifactEntry, ChunkEntry, ChunkedArtifact } from '../contracts/bundle.ts';
import { wholeFilePath } from '../contracts/bundle.ts';
import { UnderstudyError, isUnderstudyError } from '../contracts/errors.ts';
import type { ChunkShelf, VerifiedChunk } from './chunk-shelf.ts';
import { fetchChecked, fetchChunk } from './fetch-chunk.ts';
import type { BundleHost } from './fetch-file.ts';

/** Told while an artifact is downloaded, in bytes after decoding; what was on the device already counts as loaded. */
export type DownloadProgress = (progress: {
  readonly loadedBytes: number;
  readonly totalBytes: number;
}) => void;

/** Options of {@link downloadArtifact}. */
export interface DownloadOptions {
  readonly host: BundleHost;
  readonly shelf: ChunkShelf;
  readonly entry: ArtifactEntry;
  readonly chunked: ChunkedArtifact;
  /** Digests of chunks that are on the shelf and need not be fetched. */
  readonly held: ReadonlySet<string>;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: DownloadProgress | undefined;
  /** Told when the whole file was of no use and chunks were fetched instead. */
  readonly onFault: (fault: UnderstudyError) => void;
}

const CONCURRENCY = 6;
/** Chunks are stored in batches: few transactions, and little is lost when the tab is closed. */
const BATCH_CHUNKS = 32;
const BATCH_BYTES = 1024 * 1024;
/** Longer artifacts are always fetched in chunks: the whole would have to fit in memory, and could not be resumed. */
const MAX_WHOLE_FILE_BYTES = 64 * 1024 * 1024;

/**
 * Brings the chunks of an artifact that are missing to the shelf, every one checked.
 *
 * When more than half of the bytes are missing and the host has the artifact as one file, that is fetched and cut along
 * the chunk list. Otherwise chunks are fetched six at a time; they are kept as they come, so that a later call resumes.
 *
 * @throws UnderstudyError `bundle/chunk-missing`, `bundle/hash-mismatch`, `bundle/too-long`, `bundle/unreachable`,
 *   `bundle/chunks-invalid`; the signal's reason when aborted.
 */
export async function downloadArtifact(options: DownloadOptions): Promise<void> {
  const { entry, chunked, held, signal, onProgress } = options;
  signal?.throwIfAborted();
  const missing = listMissing(chunked, held);
  const missingBytes = sumBytes(missing);
  // A chunk that occurs twice is fetched once: what is loaded at the start is counted from the end.
  const report = (fetchedBytes: number): void =>
    onProgress?.({
      loadedBytes: entry.sizeBytes - missingBytes + Math.min(fetchedBytes, missingBytes),
      totalBytes: entry.sizeBytes,
    });
  report(0);
  if (missing.length === 0) return;
  const isWholeBetter =
    chunked.hasWholeFile && missingBytes * 2 > entry.sizeBytes && entry.sizeBytes <= MAX_WHOLE_FILE_BYTES;
  if (isWholeBetter && (await fetchWhole(options, report))) return;
  await fetchMissing(missing, options, report);
}

function listMissing(chunked: ChunkedArtifact, held: ReadonlySet<string>): ChunkEntry[] {
  const missing = new Map<string, ChunkEntry>();
  for (const chunk of chunked.chunks) if (!held.has(chunk.sha256)) missing.set(chunk.sha256, chunk);
  return [...missing.values()];
}

function sumBytes(chunks: readonly ChunkEntry[]): number {
  return chunks.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}

/** Returns false when the whole file is of no use; the chunks are the second source then. */
async function fetchWhole(
  options: DownloadOptions,
  report: (fetchedBytes: number) => void,
): Promise<boolean> {
  const { host, shelf, entry, chunked, signal } = options;
  const path = wholeFilePath(entry.sha256);
  try {
    const whole = await fetchChecked(host, {
      path,
      sizeBytes: entry.sizeBytes,
      sha256: entry.sha256,
      encoding: chunked.encoding,
      cache: 'default',
      signal,
      onProgress: report,
    });
    await shelf.keep(await cutAlong(whole, chunked, path));
    report(entry.sizeBytes);
    return true;
  } catch (error) {
    if (!isUnderstudyError(error) || isUnderstudyError(error, 'bundle/chunks-invalid')) throw error;
    options.onFault(error);
    return false;
  }
}

async function cutAlong(
  whole: Uint8Array<ArrayBuffer>,
  chunked: ChunkedArtifact,
  path: string,
): Promise<VerifiedChunk[]> {
  const cut = new Map<string, VerifiedChunk>();
  let at = 0;
  for (const { sha256, sizeBytes } of chunked.chunks) {
    const bytes = whole.subarray(at, at + sizeBytes);
    at += sizeBytes;
    if (cut.has(sha256)) continue;
    if ((await sha256Hex(bytes)) !== sha256) {
      throw new UnderstudyError('bundle/chunks-invalid', `The chunk list does not fit "${path}".`, {
        facts: { path },
      });
    }
    cut.set(sha256, { sha256, bytes });
  }
  return [...cut.values()];
}

async function fetchMissing(
  missing: readonly ChunkEntry[],
  options: DownloadOptions,
  report: (fetchedBytes: number) => void,
): Promise<void> {
  const { host, shelf, chunked } = options;
  const stop = new AbortController();
  const { signal } = stop;
  const end = (): void => {
    stop.abort();
  };
  options.signal?.addEventListener('abort', end, { once: true });
  const queue = missing.values();
  let fetchedBytes = 0;
  let batch: VerifiedChunk[] = [];
  let batchBytes = 0;
  const flush = async (): Promise<void> => {
    const ready = batch;
    batch = [];
    batchBytes = 0;
    await shelf.keep(ready);
  };
  const work = async (): Promise<void> => {
    // All workers take from one iterator: each chunk goes to exactly one of them.
    for (const chunk of queue) {
      const bytes = await fetchChunk(host, chunk, chunked.encoding, signal);
      batch.push({ sha256: chunk.sha256, bytes });
      batchBytes += bytes.length;
      fetchedBytes += bytes.length;
      report(fetchedBytes);
      if (batch.length >= BATCH_CHUNKS || batchBytes >= BATCH_BYTES) await flush();
      signal.throwIfAborted();
    }
  };
  const faults: unknown[] = [];
  const guarded = async (): Promise<void> => {
    try {
      await work();
    } catch (error) {
      faults.push(error);
      end();
    }
  };
  await Promise.all(Array.from({ length: Math.min(CONCURRENCY, missing.length) }, guarded));
  options.signal?.removeEventListener('abort', end);
  // What came before a fault is good and kept: the next try goes on from there.
  await flush();
  options.signal?.throwIfAborted();
  if (faults.length > 0) throw faults[0];
}
