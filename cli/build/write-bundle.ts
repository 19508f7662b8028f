import { existsSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gunzip, gzip } from '../../src/bytes/gzip.ts';
import { sha256Hex } from '../../src/bytes/sha256-hex.ts';
import type {
  Branding,
  ChunkList,
  ChunkedArtifact,
  GeneratorEntry,
  Manifest,
} from '../../src/contracts/bundle.ts';
import {
  BUNDLE_VERSION,
  CHUNKS_FILE,
  MANIFEST_FILE,
  chunkPath,
  parseChunkList,
  parseManifest,
  wholeFilePath,
} from '../../src/contracts/bundle.ts';
import type { EngineChoice } from '../../src/contracts/engine-choice.ts';
import { UnderstudyError, isUnderstudyError } from '../../src/contracts/errors.ts';
import type { FormField } from '../../src/contracts/plan-configs.ts';
import type { ArtifactFile } from './artifact-file.ts';
import type { CutArtifact } from './chunk-artifact.ts';
import { chunkArtifact } from './chunk-artifact.ts';
import type { BundleFolder } from './read-bundle-folder.ts';
import { hasBundle, readBundleFolder } from './read-bundle-folder.ts';
import { writeFileWhole } from './write-file.ts';

/** What a release consists of. */
export interface BundleContents {
  readonly appId: string;
  readonly languages: readonly string[];
  readonly branding: Branding;
  readonly artifacts: readonly ArtifactFile[];
  /** The engines that the owner named; null = none named. */
  readonly engines?: readonly EngineChoice[] | null;
  /** What is known of the model; null = none, or nothing. */
  readonly generator?: GeneratorEntry | null;
  /** What the visitor fills in before the first turn. Default none. */
  readonly form?: readonly FormField[];
}

/** Options of {@link writeBundle}. */
export interface WriteBundleOptions {
  /** Number of the release; must be higher than that in the folder. Default: one more. */
  readonly release?: number;
  /** Date of the release when it is a new one, ISO 8601. */
  readonly createdAt: string;
  readonly signal?: AbortSignal;
}

/** What writing came to. */
export interface WrittenBundle {
  readonly manifest: Manifest;
  readonly chunkList: ChunkList;
  /** False when the folder held exactly this already; nothing was written then, except damaged files. */
  readonly isChanged: boolean;
  readonly writtenChunks: number;
  readonly keptChunks: number;
  readonly removedFiles: number;
  /** Bytes of all files of this release as they lie on the host. */
  readonly sizeBytes: number;
}

/**
 * Writes a bundle folder: chunks, whole files, chunk list, manifest, in this order, so that a reader never meets a
 * manifest whose chunks are missing. Chunks that lie there unharmed are not written again; those of the release
 * before stay for visitors who are still fetching it, older ones are removed.
 * @throws UnderstudyError `cli/write-failed`, `cli/usage` for a release number that does not go up, and what reading the
 *   folder throws.
 */
export async function writeBundle(
  folder: string,
  contents: BundleContents,
  options: WriteBundleOptions,
): Promise<WrittenBundle> {
  const previous = readPrevious(folder, contents.appId);
  const cut: CutArtifact[] = [];
  for (const file of contents.artifacts) cut.push(await chunkArtifact(file, options));
  const encodings = agreeOnEncodings(cut);
  const chunkList = makeChunkList(cut, encodings);
  const chunksJson = new TextEncoder().encode(`${JSON.stringify(chunkList)}\n`);
  const chunks = { sha256: await sha256Hex(chunksJson), sizeBytes: chunksJson.length };
  const draft = makeManifest(contents, cut, chunks, 1, options.createdAt);
  const isSame = previous !== null && sameRelease(draft, previous.manifest);
  const release = chooseRelease(previous?.manifest ?? null, isSame, options.release);
  const isChanged = previous?.manifest.release !== release;
  const manifest = previous !== null && !isChanged ? previous.manifest : { ...draft, release };

  const writer = new FileWriter(folder);
  for (const artifact of cut) {
    const encoding = encodings.get(artifact.file.name) ?? 'identity';
    for (const chunk of artifact.chunks) {
      options.signal?.throwIfAborted();
      await writer.put(chunkPath(chunk.sha256), chunk.sha256, chunk.bytes, encoding);
    }
  }
  const { writtenFiles: writtenChunks, keptFiles: keptChunks } = writer;
  for (const artifact of cut) {
    const encoding = encodings.get(artifact.file.name) ?? 'identity';
    await writer.put(wholeFilePath(artifact.sha256), artifact.sha256, artifact.file.bytes, encoding);
  }
  let removedFiles = 0;
  if (isChanged) {
    writeFileWhole(join(folder, CHUNKS_FILE), chunksJson);
    writeFileWhole(join(folder, MANIFEST_FILE), `${JSON.stringify(manifest, null, 1)}\n`);
    removedFiles = removeStale(folder, [{ manifest, chunkList }, ...(previous === null ? [] : [previous])]);
  }
  const manifestBytes = statSync(join(folder, MANIFEST_FILE)).size;
  const sizeBytes = writer.sizeBytes + chunksJson.length + manifestBytes;
  return { manifest, chunkList, isChanged, writtenChunks, keptChunks, removedFiles, sizeBytes };
}

function readPrevious(folder: string, appId: string): BundleFolder | null {
  if (!hasBundle(folder)) return null;
  let previous: BundleFolder;
  try {
    previous = readBundleFolder(folder);
  } catch (error) {
    if (!isUnderstudyError(error)) throw error;
    throw new UnderstudyError(
      'cli/write-failed',
      `"${folder}" holds a bundle that cannot be read (${error.code}). Delete it.`,
      {
        facts: { path: folder },
        cause: error,
      },
    );
  }
  const found = previous.manifest.appId;
  if (found === appId) return previous;
  throw new UnderstudyError(
    'cli/write-failed',
    `"${folder}" holds the bundle of the app "${found}", not "${appId}".`,
    {
      facts: { path: folder, found, appId },
    },
  );
}

function chooseRelease(previous: Manifest | null, isSame: boolean, wanted: number | undefined): number {
  const last = previous?.release ?? 0;
  if (wanted === undefined) return isSame ? last : last + 1;
  if (wanted > last || (isSame && wanted === last)) return wanted;
  throw new UnderstudyError(
    'cli/usage',
    `Release ${wanted} is not higher than release ${last} in the folder.`,
    {
      facts: { wanted, last },
    },
  );
}

/** Two artifacts that share a chunk must agree on how it is stored; compressed wins. */
function agreeOnEncodings(cut: readonly CutArtifact[]): Map<string, ChunkedArtifact['encoding']> {
  const encodings = new Map(cut.map((artifact) => [artifact.file.name, artifact.encoding]));
  const compressed = new Set<string>();
  for (const artifact of cut) {
    if (artifact.encoding === 'gzip')
      for (const { sha256 } of [...artifact.chunks, artifact]) compressed.add(sha256);
  }
  for (const artifact of cut) {
    const shares = [...artifact.chunks, artifact].some(({ sha256 }) => compressed.has(sha256));
    if (shares) encodings.set(artifact.file.name, 'gzip');
  }
  return encodings;
}

function makeChunkList(
  cut: readonly CutArtifact[],
  encodings: Map<string, ChunkedArtifact['encoding']>,
): ChunkList {
  const artifacts: Record<string, ChunkedArtifact> = {};
  for (const { file, chunks } of cut) {
    artifacts[file.name] = {
      encoding: encodings.get(file.name) ?? 'identity',
      hasWholeFile: true,
      chunks: chunks.map(({ sha256, bytes }) => ({ sha256, sizeBytes: bytes.length })),
    };
  }
  return { format: 'understudy/chunks', version: BUNDLE_VERSION, artifacts };
}

function makeManifest(
  contents: BundleContents,
  cut: readonly CutArtifact[],
  chunks: Manifest['chunks'],
  release: number,
  createdAt: string,
): Manifest {
  const artifacts: Record<string, Manifest['artifacts'][string]> = {};
  for (const { file, sha256 } of cut) {
    const { role, mediaType, need, bytes } = file;
    artifacts[file.name] = { role, mediaType, sizeBytes: bytes.length, sha256, need };
  }
  const { appId, languages, branding, engines = null, generator = null, form = [] } = contents;
  return {
    format: 'understudy/manifest',
    version: BUNDLE_VERSION,
    appId,
    release,
    createdAt,
    languages,
    branding,
    artifacts,
    ...(engines === null ? {} : { engines }),
    ...(generator === null ? {} : { generator }),
    ...(form.length === 0 ? {} : { form }),
    chunks,
    policy: null,
  };
}

/** Reports whether two manifests differ in nothing but number and date. Both go through the parser, so key order is the same. */
function sameRelease(a: Manifest, b: Manifest): boolean {
  const bare = (manifest: Manifest): string =>
    JSON.stringify({ ...parseManifest(manifest), release: 1, createdAt: '' });
  return bare(a) === bare(b);
}

/** Puts files into the folder, leaving alone those that lie there unharmed. */
class FileWriter {
  writtenFiles = 0;
  keptFiles = 0;
  sizeBytes = 0;
  readonly #folder: string;
  readonly #seen = new Set<string>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  async put(
    path: string,
    sha256: string,
    bytes: Uint8Array<ArrayBuffer>,
    encoding: ChunkedArtifact['encoding'],
  ): Promise<void> {
    if (this.#seen.has(path)) return;
    this.#seen.add(path);
    const target = join(this.#folder, path);
    const stored = existsSync(target) ? new Uint8Array(readFileSync(target)) : null;
    if (stored !== null && (await holds(stored, sha256, bytes.length, encoding))) {
      this.keptFiles += 1;
      this.sizeBytes += stored.length;
      return;
    }
    const encoded = encoding === 'gzip' ? await gzip(bytes) : bytes;
    writeFileWhole(target, encoded);
    this.writtenFiles += 1;
    this.sizeBytes += encoded.length;
  }
}

async function holds(
  stored: Uint8Array<ArrayBuffer>,
  sha256: string,
  sizeBytes: number,
  encoding: ChunkedArtifact['encoding'],
): Promise<boolean> {
  try {
    const bytes = encoding === 'gzip' ? await gunzip(stored, { maxBytes: sizeBytes }) : stored;
    return bytes.length === sizeBytes && (await sha256Hex(bytes)) === sha256;
  } catch (error) {
    if (isUnderstudyError(error)) return false;
    throw error;
  }
}

function removeStale(folder: string, releases: readonly BundleFolder[]): number {
  const needed = new Set<string>();
  for (const { manifest, chunkList } of releases) {
    const { artifacts } = parseChunkList(chunkList, manifest);
    for (const { chunks } of Object.values(artifacts))
      for (const { sha256 } of chunks) needed.add(chunkPath(sha256));
    for (const { sha256 } of Object.values(manifest.artifacts)) needed.add(wholeFilePath(sha256));
  }
  let removed = 0;
  for (const kind of ['chunks', 'files']) {
    for (const prefix of listNames(join(folder, kind), /^[0-9a-f]{2}$/)) {
      // Only names that a build writes are ever removed.
      for (const name of listNames(join(folder, kind, prefix), /^[0-9a-f]{64}(?:\.\d+\.part)?$/)) {
        if (needed.has(`${kind}/${prefix}/${name}`)) continue;
        rmSync(join(folder, kind, prefix, name), { force: true });
        removed += 1;
      }
    }
  }
  return removed;
}

function listNames(folder: string, pattern: RegExp): string[] {
  return existsSync(folder) ? readdirSync(folder).filter((name) => pattern.test(name)) : [];
}
