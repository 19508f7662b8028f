import { BrokenDownload } from './broken-download.ts';

/**
 * Reads the body of an answer into memory, as it is after decompression.
 * @returns The bytes; null when there are more than `maxBytes`, of which no more is read.
 * @throws BrokenDownload when the connection breaks; the signal's reason when aborted.
 */
export async function readBody(
  { body, headers }: Response,
  maxBytes: number,
  signal: AbortSignal,
): Promise<Buffer | null> {
  const reader = body?.getReader();
  const pieces: Uint8Array[] = [];
  let sizeBytes = 0;
  let isTooLong = Number(headers.get('content-length') ?? 0) > maxBytes;
  try {
    while (reader !== undefined && !isTooLong) {
      const { done, value } = await reader.read();
      if (done) break;
      sizeBytes += value.length;
      isTooLong = sizeBytes > maxBytes;
      pieces.push(value);
    }
  } catch (error) {
    signal.throwIfAborted();
    throw new BrokenDownload(`the connection broke${error instanceof Error ? ` (${error.message})` : ''}`);
  } finally {
    await reader?.cancel().catch(() => undefined);
  }
  return isTooLong ? null : Buffer.concat(pieces);
}
