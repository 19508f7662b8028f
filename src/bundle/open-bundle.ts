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
  /**
   * Reads an artifact piece by piece, in order, checked and fetched as by {@link read}: for what is copied elsewhere and must not
   * lie in memory twice.
   *
   * @throws UnderstudyError as {@link read}, but never `bundle/too-long`; what is met later, while iterating.
   */
  stream(name: string, options?: ReadOptions): ArtifactStream;
}

/** An artifact that arrives in pieces. */
export interface ArtifactStream {
  readonly sizeBytes: number;
  readonly pieces: AsyncIterable<Uint8Array>;
}

/** What an open bundle reads from. */
export interface BundleSource {
  readonly host: BundleHost;
  readonly shelf: ChunkShelf;
  readonly onFault: (fault: UnderstudyError) => void;
}

/** Chunks read from the store at the same time: 16 took twice as long in Chromium, 256 gained nothing. */
const READ_CONCURRENCY = 64;
/** Bytes of the chunks that are read at the same time. */
const READ_AHEAD_BYTES = 4 * 2 ** 20;
/** Beyond it, no browser gives the memory in one piece. */
const MAX_ARTIFACT_BYTES = 2 ** 32 - 1;

/** Opens a release for reading. */
export function openBundle(release: Release, source: BundleSource): OpenBundle {
  return {
    manifest: release.manifest,
    read: (name, options = {}) => readArtifact(release, name, source, options),
    stream: (name, options = {}) => ({
      sizeBytes: findArtifact(release, name).entry.sizeBytes,
      pieces: readPieces(release, name, source, options),
    }),
  };
}

async function readArtifact(
  release: Release,
  name: string,
  source: BundleSource,
  options: ReadOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  options.signal?.throwIfAborted();
  const whole = allocate(name, findArtifact(release, name).entry.sizeBytes);
  let offset = 0;
  for await (const piece of readPieces(release, name, source, options)) {
    whole.set(piece, offset);
    offset += piece.length;
  }
  return whole;
}

/** Gives the chunks of an artifact in order, after fetching those that are missing. */
async function* readPieces(
  release: Release,
  name: string,
  source: BundleSource,
  options: ReadOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { signal, onProgress } = options;
  signal?.throwIfAborted();
  const { entry, chunked } = findArtifact(release, name);
  const held = await source.shelf.list();
  await downloadArtifact({ ...source, entry, chunked, held, signal, onProgress });
  const own = new Set(chunked.chunks.map(({ sha256 }) => sha256));
  if (!(await source.shelf.persist(own)) && entry.need === 'wording') {
    // Half an artifact on a full device helps no later visit and takes the room of the outbox.
    for (const sha256 of listChunks(release, 'answer')) own.delete(sha256);
    await source.shelf.unload(own);
  }
  for (let at = 0; at < chunked.chunks.length;) {
    signal?.throwIfAborted();
    const group = nextGroup(chunked, at);
    at += group.length;
    yield* await Promise.all(
      group.map(async (chunk) => {
        const found = await source.shelf.read(chunk);
        if (found !== null) return found;
        const bytes = await fetchChunk(source.host, chunk, chunked.encoding, signal);
        await source.shelf.keep([{ sha256: chunk.sha256, bytes }]);
        return bytes;
      }),
    );
  }
}

/** The chunks that are read at the same time: as many as pay, but never many bytes. */
function nextGroup(chunked: ChunkedArtifact, first: number): ChunkedArtifact['chunks'] {
  let bytes = 0;
  let end = first;
  while (end < chunked.chunks.length && end - first < READ_CONCURRENCY) {
    bytes += chunked.chunks[end]?.sizeBytes ?? 0;
    if (end > first && bytes > READ_AHEAD_BYTES) break;
    end += 1;
  }
  return chunked.chunks.slice(first, end);
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
