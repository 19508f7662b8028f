import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { ChunkList, Manifest } from '../../src/contracts/bundle.ts';
import { CHUNKS_FILE, MANIFEST_FILE, parseChunkList, parseManifest } from '../../src/contracts/bundle.ts';
import { UnderstudyError } from '../../src/contracts/errors.ts';

/** Manifest and chunk list of a bundle folder on disk. */
export interface BundleFolder {
  readonly manifest: Manifest;
  readonly chunkList: ChunkList;
}

/**
 * Reads manifest and chunk list of a bundle folder.
 * @throws UnderstudyError `cli/not-found` when there is no manifest, `bundle/not-json`, `bundle/manifest-invalid`,
 *   `bundle/version-unsupported`, `bundle/chunks-invalid`.
 */
export function readBundleFolder(folder: string): BundleFolder {
  if (!hasBundle(folder)) {
    throw new UnderstudyError('cli/not-found', `"${folder}" holds no bundle: it has no ${MANIFEST_FILE}.`, {
      facts: { path: folder },
    });
  }
  const manifest = parseManifest(readJsonFile(folder, MANIFEST_FILE));
  return { manifest, chunkList: parseChunkList(readJsonFile(folder, CHUNKS_FILE), manifest) };
}

/** Reports whether a path is a folder that holds a bundle; false for a file, such as an understudy.yml. */
export function hasBundle(path: string): boolean {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return false;
  return statSync(join(path, MANIFEST_FILE), { throwIfNoEntry: false })?.isFile() === true;
}

function readJsonFile(folder: string, name: string): unknown {
  try {
    const value: unknown = JSON.parse(readFileSync(join(folder, name), 'utf8'));
    return value;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UnderstudyError('bundle/not-json', `${name} cannot be read: ${why}.`, {
      facts: { file: name },
      cause: error,
    });
  }
}
