import { inflateRawSync } from 'node:zlib';

/** Reads the files of a zip that {@link writeZip} wrote, by path; for tests, which look for secrets in every byte. */
export function readZip(zip: Buffer): ReadonlyMap<string, Buffer> {
  const files = new Map<string, Buffer>();
  const end = zip.length - 22;
  const count = zip.readUInt16LE(end + 10);
  let at = zip.readUInt32LE(end + 16);
  for (let nth = 0; nth < count; nth += 1) {
    const method = zip.readUInt16LE(at + 10);
    const storedBytes = zip.readUInt32LE(at + 20);
    const nameBytes = zip.readUInt16LE(at + 28);
    const offset = zip.readUInt32LE(at + 42);
    const name = zip.toString('utf8', at + 46, at + 46 + nameBytes);
    const start = offset + 30 + zip.readUInt16LE(offset + 26);
    const stored = zip.subarray(start, start + storedBytes);
    files.set(name, method === 8 ? inflateRawSync(stored) : stored);
    at += 46 + nameBytes;
  }
  return files;
}
