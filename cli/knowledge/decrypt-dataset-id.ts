import { createDecipheriv, createHash } from 'node:crypto';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Reports whether a dataset id of an export is plain: exports hold it encrypted unless the server is told not to. */
export function isPlainDatasetId(id: string): boolean {
  return UUID.test(id);
}

/**
 * Decrypts a dataset id of an export: base64 of AES-256-CBC whose key is the SHA-256 of the tenant id and whose initial vector is
 * the first half of that key, padded as in PKCS #7.
 *
 * @returns The UUID in lower case; the id itself when it is plain; null when it was encrypted for another tenant, or is none.
 */
export function decryptDatasetId(id: string, tenantId: string): string | null {
  if (isPlainDatasetId(id)) return id.toLowerCase();
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(id)) return null;
  const key = createHash('sha256').update(tenantId).digest();
  const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16));
  try {
    const text = Buffer.concat([decipher.update(Buffer.from(id, 'base64')), decipher.final()]).toString();
    return isPlainDatasetId(text) ? text.toLowerCase() : null;
  } catch {
    // Wrong length or padding: not encrypted for this tenant.
    return null;
  }
}
