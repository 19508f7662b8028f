import { readFileSync } from 'node:fs';

/** One file of a publication. */
export interface PublishedFile {
  /** Below the root of the publication, `/` between folders. */
  readonly path: string;
  readonly read: () => Uint8Array;
}

/** A file that lies on the disk; read when it is written, so that a publication never lies in memory as a whole. */
export function copiedFile(path: string, from: string): PublishedFile {
  return { path, read: () => readFileSync(from) };
}

/** A file that is made in memory. */
export function textFile(path: string, text: string): PublishedFile {
  return { path, read: () => new TextEncoder().encode(text) };
}
