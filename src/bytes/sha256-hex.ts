import { UnderstudyError } from '../contracts/errors.ts';
import { toHex } from './hex.ts';

/**
 * Computes the SHA-256 digest of the bytes as 64 lower-case hex digits.
 *
 * Uses WebCrypto, which browsers give to https and localhost only.
 *
 * @throws UnderstudyError `bundle/insecure-page` elsewhere.
 */
export async function sha256Hex(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  // The type says it is always there.
  const platform: { readonly subtle?: SubtleCrypto } = crypto;
  if (platform.subtle === undefined)
    throw new UnderstudyError('bundle/insecure-page', 'The page is not a secure context.');
  return toHex(new Uint8Array(await platform.subtle.digest('SHA-256', bytes)));
}
