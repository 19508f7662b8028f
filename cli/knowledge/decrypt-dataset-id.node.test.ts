import assert from 'node:assert/strict';
import { createCipheriv, createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { decryptDatasetId, isPlainDatasetId } from './decrypt-dataset-id.ts';

const TENANT = '6d6f3a3e-8f0e-4a5b-9c1e-0d2f4b6a8c01';
const DATASET = '1f2e3d4c-5b6a-4798-8796-a5b4c3d2e1f0';

/** As Dify's export does it. */
function encrypt(id: string, tenantId: string): string {
  const key = createHash('sha256').update(tenantId).digest();
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16));
  return Buffer.concat([cipher.update(id), cipher.final()]).toString('base64');
}

describe('an encrypted dataset id', () => {
  it('is decrypted with the tenant it was encrypted for', () => {
    assert.equal(decryptDatasetId(encrypt(DATASET, TENANT), TENANT), DATASET);
  });

  it('is not decrypted with another tenant', () => {
    assert.equal(decryptDatasetId(encrypt(DATASET, TENANT), 'another'), null);
  });

  it('is left alone when it is plain', () => {
    assert.equal(isPlainDatasetId(DATASET), true);
    assert.equal(decryptDatasetId(DATASET.toUpperCase(), TENANT), DATASET);
  });

  it('comes back for every dataset and tenant', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.string({ minLength: 1 }), (id, tenant) => {
        assert.equal(decryptDatasetId(encrypt(id, tenant), tenant), id);
      }),
    );
  });

  it('is refused, and never throws, when it is anything else', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (id, tenant) => {
        const found = decryptDatasetId(id, tenant);
        assert.ok(found === null || isPlainDatasetId(found));
      }),
    );
    assert.equal(decryptDatasetId(encrypt('../../etc/passwd', TENANT), TENANT), null);
  });
});
