import { closeSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { constants, crc32, deflateRawSync } from 'node:zlib';
import { UnderstudyError } from '../../src/contracts/errors.ts';
import type { PublishedFile } from './published-file.ts';

/** Longest zip without the 64-bit extension, in bytes. */
const MAX_ZIP_BYTES: number = 0xffff_ffff;
const MAX_ENTRIES = 0xffff;
/** Longer files are stored as they are: models do not compress. */
const MAX_DEFLATED_BYTES: number = 64 * 1024 * 1024;
/** 1980-01-01, 0:00: the first date a zip knows. */
const DOS_DATE = 0x0021;
/** Names are UTF-8. */
const FLAGS = 0x0800;
/** Needs version 2.0; made on Unix, which is where modes come from. */
const NEEDS = 20;
const MADE_BY: number = (3 << 8) | 20;
/** A regular file, rw-r--r--. */
const MODE = 0o100644;

interface Entry {
  readonly name: Buffer;
  readonly method: 0 | 8;
  readonly crc: number;
  readonly storedBytes: number;
  readonly sizeBytes: number;
  readonly offset: number;
}

/**
 * Writes a zip file of the files in code-unit order of their paths. The same files give the same bytes: no dates, no owners.
 * A file of that name is replaced when the new one is whole.
 * @returns Size of the zip in bytes.
 * @throws UnderstudyError `cli/write-failed`, also for more than 65,535 files or 4 GiB.
 */
export function writeZip(path: string, files: readonly PublishedFile[]): number {
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
  if (sorted.length > MAX_ENTRIES) throw failed(path, `it would hold ${String(sorted.length)} files`);
  const unfinished = `${path}.${String(process.pid)}.part`;
  let handle: number | null = null;
  try {
    mkdirSync(dirname(path), { recursive: true });
    handle = openSync(unfinished, 'w');
    const sizeBytes = writeEntries(handle, path, sorted);
    closeSync(handle);
    handle = null;
    renameSync(unfinished, path);
    return sizeBytes;
  } catch (error) {
    if (handle !== null) closeSync(handle);
    rmSync(unfinished, { force: true });
    if (error instanceof UnderstudyError) throw error;
    throw failed(path, error instanceof Error ? error.message : String(error), error);
  }
}

function writeEntries(handle: number, path: string, files: readonly PublishedFile[]): number {
  let offset = 0;
  const put = (bytes: Uint8Array): void => {
    for (let at = 0; at < bytes.length;) at += writeSync(handle, bytes, at);
    offset += bytes.length;
    if (offset > MAX_ZIP_BYTES) throw failed(path, 'it would be longer than 4 GiB');
  };
  const entries: Entry[] = [];
  for (const file of files) {
    const bytes = file.read();
    const packed =
      bytes.length <= MAX_DEFLATED_BYTES
        ? deflateRawSync(bytes, { level: constants.Z_BEST_COMPRESSION })
        : null;
    const isPacked = packed !== null && packed.length < bytes.length;
    const stored = isPacked ? packed : bytes;
    const entry: Entry = {
      name: Buffer.from(file.path, 'utf8'),
      method: isPacked ? 8 : 0,
      crc: crc32(bytes),
      storedBytes: stored.length,
      sizeBytes: bytes.length,
      offset,
    };
    entries.push(entry);
    put(localHeader(entry));
    put(stored);
  }
  const start = offset;
  for (const entry of entries) put(centralHeader(entry));
  put(endRecord(entries.length, offset - start, start));
  return offset;
}

/** Fields that both headers share, from "version needed" on. */
function common({ name, method, crc, storedBytes, sizeBytes }: Entry): Buffer {
  const bytes = Buffer.alloc(26);
  bytes.writeUInt16LE(NEEDS, 0);
  bytes.writeUInt16LE(FLAGS, 2);
  bytes.writeUInt16LE(method, 4);
  bytes.writeUInt16LE(0, 6);
  bytes.writeUInt16LE(DOS_DATE, 8);
  bytes.writeUInt32LE(crc, 10);
  bytes.writeUInt32LE(storedBytes, 14);
  bytes.writeUInt32LE(sizeBytes, 18);
  bytes.writeUInt16LE(name.length, 22);
  return bytes;
}

function localHeader(entry: Entry): Buffer {
  return Buffer.concat([Buffer.from('PK\u0003\u0004'), common(entry), entry.name]);
}

function centralHeader(entry: Entry): Buffer {
  const madeBy = Buffer.alloc(2);
  madeBy.writeUInt16LE(MADE_BY);
  const tail = Buffer.alloc(14);
  tail.writeUInt32LE(MODE * 0x10000, 6);
  tail.writeUInt32LE(entry.offset, 10);
  return Buffer.concat([Buffer.from('PK\u0001\u0002'), madeBy, common(entry), tail, entry.name]);
}

function endRecord(count: number, sizeBytes: number, offset: number): Buffer {
  const bytes = Buffer.alloc(18);
  bytes.writeUInt16LE(count, 4);
  bytes.writeUInt16LE(count, 6);
  bytes.writeUInt32LE(sizeBytes, 8);
  bytes.writeUInt32LE(offset, 12);
  return Buffer.concat([Buffer.from('PK\u0005\u0006'), bytes]);
}

function failed(path: string, why: string, cause?: unknown): UnderstudyError {
  return new UnderstudyError('cli/write-failed', `"${path}" cannot be written: ${why}.`, {
    facts: { path },
    cause,
  });
}
