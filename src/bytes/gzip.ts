import { UnderstudyError, isUnderstudyError } from '../contracts/errors.ts';
import { concatBytes } from './concat-bytes.ts';

/** Compresses bytes as one gzip member (RFC 1952). */
export async function gzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  return await pump(bytes, new CompressionStream('gzip'), Number.POSITIVE_INFINITY);
}

/**
 * Decompresses gzip and stops as soon as more than `maxBytes` come out, so that a small file cannot fill the memory.
 *
 * @throws UnderstudyError `bundle/too-long` beyond the limit, `bundle/hash-mismatch` when it is no whole gzip member.
 */
export async function gunzip(
  bytes: Uint8Array<ArrayBuffer>,
  options: { readonly maxBytes: number },
): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await pump(bytes, new DecompressionStream('gzip'), options.maxBytes);
  } catch (error) {
    if (isUnderstudyError(error)) throw error;
    throw new UnderstudyError('bundle/hash-mismatch', 'A compressed file cannot be decompressed.', {
      cause: error,
    });
  }
}

/** Length of the slices fed to the stream: bounds what one step of decompression can put out before the limit is seen. */
const FEED_BYTES = 16 * 1024;

async function pump(
  bytes: Uint8Array<ArrayBuffer>,
  transform: CompressionStream | DecompressionStream,
  maxBytes: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const writer = transform.writable.getWriter();
  const reader = transform.readable.getReader();
  const feed = async (): Promise<void> => {
    for (let at = 0; at < bytes.length; at += FEED_BYTES)
      await writer.write(bytes.subarray(at, at + FEED_BYTES));
    await writer.close();
  };
  // A fault of the writing side also ends the reading side; it is thrown from there.
  const feeding = feed().catch(() => undefined);
  const parts: Uint8Array[] = [];
  let sizeBytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    sizeBytes += value.length;
    if (sizeBytes > maxBytes) {
      await reader.cancel().catch(() => undefined);
      throw new UnderstudyError('bundle/too-long', `A file decompresses to more than ${maxBytes} bytes.`, {
        facts: { maxBytes },
      });
    }
    parts.push(value);
  }
  await feeding;
  return concatBytes(parts);
}
