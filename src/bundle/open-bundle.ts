import type { ArtifactEntry, ChunkedArtifact, Manifest } from '../contracts/bundle.ts';
import { UnderstudyError } from '../contracts/errors.ts';
import type { ChunkShelf } from './chunk-shelf.ts';
import type { DownloadProgress } from './download-artifact.ts';
import { downloadArtifact } from './download-artifact.ts';
import { fetchChunk } from './fetch-chunk.ts';
import type { BundleHost } from './fetch-file.ts';
import type { Release } from './release-record.ts';
import { listChunks } from './release-record.ts';

/** Options of {@link OpenBundle.read}. */
export interface ReadOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: DownloadProgress;
}

/** One release of a bundle, ready to be read; an update does not change it. */
export interface OpenBundle {
  readonly manifest: Manifest;
  /**
   * Reads a whole artifact; every chunk is checked again, missing and damaged ones are fetched.
   *
   * Artifacts that are needed only to word answers are downloaded at their first reading.
   *
   * @throws UnderstudyError `bundle/artifact-invalid` for a name that is not in the manifest, `bundle/too-long` when it
   *   does not fit in memory, and the codes of a download when something had to be fetched.
   */
  read(name: string, options?: ReadOptions): Promise<Uint8Array<ArrayBuffer>>;
}

/** What an open bundle reads from. */
export interface BundleSource {
  readonly host: BundleHost;
  readonly shelf: ChunkShelf;
  readonly onFault: (fault: UnderstudyError) => void;
}

/** Chunks read from the store at the same time: 16 took twice as long in Chromium, 256 gained nothing. */
const READ_CONCURRENCY = 64;
/** Beyond it, no browser gives the memory in one piece. */
const MAX_ARTIFACT_BYTES = 2 ** 32 - 1;

/** Opens a release for reading. */
export function openBundle(release: Release, source: BundleSource): OpenBundle {
  return {
    manifest: release.manifest,
    read: (name, options = {}) => readArtifact(release, name, source, options),
  };
}

async function readArtifact(
  release: Release,
  name: string,
  source: BundleSource,
  options: ReadOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const { signal, onProgress } = options;
  signal?.throwIfAborted();
  const { entry, chunked } = findArtifact(release, name);
  const whole = allocate(name, entry.sizeBytes);
  const held = await source.shelf.list();
  await downloadArtifact({ ...source, entry, chunked, held, signal, onProgress });
  const own = new Set(chunked.chunks.map(({ sha256 }) => sha256));
  if (!(await source.shelf.persist(own)) && entry.need === 'wording') {
    // Half an artifact on a full device helps no later visit and takes the room of the outbox.
    for (const sha256 of listChunks(release, 'answer')) own.delete(sha256);
    await source.shelf.unload(own);
  }
  for (let at = 0, offset = 0; at < chunked.chunks.length; at += READ_CONCURRENCY) {
    signal?.throwIfAborted();
    const group = chunked.chunks.slice(at, at + READ_CONCURRENCY);
    const parts = await Promise.all(
      group.map(async (chunk) => {
        const found = await source.shelf.read(chunk);
        if (found !== null) return found;
        const bytes = await fetchChunk(source.host, chunk, chunked.encoding, signal);
        await source.shelf.keep([{ sha256: chunk.sha256, bytes }]);
        return bytes;
      }),
    );
    for (const part of parts) {
      whole.set(part, offset);
      offset += part.length;
    }
  }
  return whole;
}

/** Finds both entries of an artifact. @throws UnderstudyError `bundle/artifact-invalid`. */
function findArtifact(
  release: Release,
  name: string,
): { readonly entry: ArtifactEntry; readonly chunked: ChunkedArtifact } {
  const { artifacts } = release.manifest;
  const entry = Object.hasOwn(artifacts, name) ? artifacts[name] : undefined;
  const chunked = release.chunkList.artifacts[name];
  if (entry === undefined || chunked === undefined) {
    throw new UnderstudyError('bundle/artifact-invalid', `The bundle holds no "${name}".`, {
      facts: { artifact: name, release: release.manifest.release },
    });
  }
  return { entry, chunked };
}

function allocate(name: string, sizeBytes: number): Uint8Array<ArrayBuffer> {
  try {
    if (sizeBytes <= MAX_ARTIFACT_BYTES) return new Uint8Array(sizeBytes);
  } catch {
    // The same as too long: told below.
  }
  throw new UnderstudyError('bundle/too-long', `"${name}" of ${sizeBytes} bytes does not fit in memory.`, {
    facts: { artifact: name, sizeBytes },
  });
}
