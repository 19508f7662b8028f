/** Length of the chunks weights are cut into: 256 KiB. */
export const FIXED_CHUNK_BYTES: number = 256 * 1024;

/**
 * Cuts bytes into views of equal length; the last one may be shorter. Empty input gives no chunk.
 *
 * @param chunkBytes - At least 1; default 256 KiB.
 */
export function splitFixed(
  bytes: Uint8Array<ArrayBuffer>,
  chunkBytes: number = FIXED_CHUNK_BYTES,
): Uint8Array<ArrayBuffer>[] {
  const step = Math.max(1, Math.floor(chunkBytes));
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  for (let at = 0; at < bytes.length; at += step) chunks.push(bytes.subarray(at, at + step));
  return chunks;
}
