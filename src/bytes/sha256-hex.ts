import { toHex } from './hex.ts';

/**
 * Computes the SHA-256 digest of the bytes as 64 lower-case hex digits.
 *
 * Uses WebCrypto, which needs a secure context in browsers (https or localhost).
 */
export async function sha256Hex(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)));
}
