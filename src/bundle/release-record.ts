import { sha256Hex } from '../bytes/sha256-hex.ts';
import type { ChunkList, Manifest } from '../contracts/bundle.ts';
import { CHUNKS_FILE, MANIFEST_FILE, parseChunkList, parseManifest } from '../contracts/bundle.ts';
import { UnderstudyError } from '../contracts/errors.ts';
import { isRecord } from '../contracts/json.ts';
import type { Store, StoreWrite } from '../contracts/store.ts';
import { readJson } from './fetch-file.ts';

/** Key of the record of the release in use, in collection `releases`. */
export const CURRENT_RELEASE_KEY = 'current';

/** A release whose two files belong together. */
export interface Release {
  /** Digest of the bytes of manifest.json; names the release. */
  readonly sha256: string;
  readonly manifest: Manifest;
  readonly chunkList: ChunkList;
  /** The bytes as the publisher made them: what signatures are over. */
  readonly manifestBytes: Uint8Array<ArrayBuffer>;
  readonly chunksBytes: Uint8Array<ArrayBuffer>;
}

/**
 * Puts a release together from the bytes of its two files.
 *
 * @throws UnderstudyError `bundle/not-json`, `bundle/manifest-invalid`, `bundle/version-unsupported`,
 *   `bundle/hash-mismatch` when the chunk list is not the one the manifest binds, `bundle/chunks-invalid`.
 */
export async function composeRelease(
  manifestBytes: Uint8Array<ArrayBuffer>,
  chunksBytes: Uint8Array<ArrayBuffer>,
): Promise<Release> {
  const manifest = parseManifest(readJson(manifestBytes, MANIFEST_FILE));
  const { sha256, sizeBytes } = manifest.chunks;
  if (chunksBytes.length !== sizeBytes || (await sha256Hex(chunksBytes)) !== sha256) {
    throw new UnderstudyError('bundle/hash-mismatch', `"${CHUNKS_FILE}" is not the one of this manifest.`, {
      facts: { path: CHUNKS_FILE },
    });
  }
  return {
    sha256: await sha256Hex(manifestBytes),
    manifest,
    chunkList: parseChunkList(readJson(chunksBytes, CHUNKS_FILE), manifest),
    manifestBytes,
    chunksBytes,
  };
}

/** The write that makes the release the one in use; the record is whole or absent, so one write is the commit. */
export function commitRelease(release: Release, bundleUrl: string): StoreWrite {
  return {
    type: 'set',
    collection: 'releases',
    key: CURRENT_RELEASE_KEY,
    value: {
      format: 'understudy/release',
      version: 1,
      bundleUrl,
      sha256: release.sha256,
      manifestBytes: release.manifestBytes.slice().buffer,
      chunksBytes: release.chunksBytes.slice().buffer,
    },
  };
}

/**
 * Reads the release in use from the store and checks it again, since storage rots.
 *
 * @returns Null when there is none, it came from another address, or it is of another format.
 * @throws UnderstudyError as {@link composeRelease} when the record is damaged; `store/failed`.
 */
export async function loadRelease(store: Store, bundleUrl: string): Promise<Release | null> {
  const value = await store.get('releases', CURRENT_RELEASE_KEY);
  if (!isRecord(value) || value['format'] !== 'understudy/release' || value['version'] !== 1) return null;
  const { manifestBytes, chunksBytes } = value;
  if (value['bundleUrl'] !== bundleUrl) return null;
  if (!(manifestBytes instanceof ArrayBuffer) || !(chunksBytes instanceof ArrayBuffer)) return null;
  const release = await composeRelease(new Uint8Array(manifestBytes), new Uint8Array(chunksBytes));
  if (release.sha256 === value['sha256']) return release;
  throw new UnderstudyError('bundle/hash-mismatch', 'The stored manifest was damaged on this device.', {
    facts: { path: MANIFEST_FILE, where: 'device' },
  });
}

/** Digests of all chunks of the release, of all its artifacts or of those that are needed to answer. */
export function listChunks(release: Release, need: 'all' | 'answer'): Set<string> {
  const listed = new Set<string>();
  for (const [name, { chunks }] of Object.entries(release.chunkList.artifacts)) {
    if (need === 'answer' && release.manifest.artifacts[name]?.need !== 'answer') continue;
    for (const { sha256 } of chunks) listed.add(sha256);
  }
  return listed;
}
