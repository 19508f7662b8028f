import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';

const PIECE_BYTES = 4 * 2 ** 20;

/** SHA-256 of a file of any size in hexadecimal digits. @throws The signal's reason when aborted. */
export async function hashFile(path: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path, { highWaterMark: PIECE_BYTES })) {
    signal.throwIfAborted();
    if (piece instanceof Uint8Array) hash.update(piece);
  }
  return hash.digest('hex');
}
