import { rmSync, statSync } from 'node:fs';
import { writeFileWhole } from '../../build/write-file.ts';
import { readRecord } from './read-record.ts';

/** By what a host knows a version of a file again. */
export interface FileVersion {
  readonly url: string;
  /** A strong tag; null when it gives none. */
  readonly tag: string | null;
  readonly sha256: string | null;
}

/** What an interrupted download left behind, and by what it is known. */
export interface PartialFile {
  readonly path: string;
  /** Bytes that are there of a version that can be told from another; 0 else. */
  readonly sizeBytes: number;
  readonly version: FileVersion | null;
  /** Remembers which version is being written; call it before the first byte. */
  begin(version: FileVersion): void;
  /** Forgets what it is known by, once it is whole. */
  finish(): void;
  remove(): void;
}

/** Looks for what an earlier download of an address left at `path`; what belongs to another one counts as nothing. */
export function openPartialFile(path: string, url: string): PartialFile {
  const notes = `${path}.json`;
  const version = readVersion(notes);
  const isKnown = version?.url === url && (version.tag !== null || version.sha256 !== null);
  const sizeBytes = isKnown ? (statSync(path, { throwIfNoEntry: false })?.size ?? 0) : 0;
  return {
    path,
    sizeBytes,
    version: isKnown ? version : null,
    begin: (next) => writeFileWhole(notes, JSON.stringify(next)),
    finish: () => rmSync(notes, { force: true }),
    remove() {
      rmSync(path, { force: true });
      rmSync(notes, { force: true });
    },
  };
}

function readVersion(path: string): FileVersion | null {
  const { url, tag, sha256 } = readRecord(path) ?? {};
  if (typeof url !== 'string') return null;
  return {
    url,
    tag: typeof tag === 'string' ? tag : null,
    sha256: typeof sha256 === 'string' ? sha256 : null,
  };
}
