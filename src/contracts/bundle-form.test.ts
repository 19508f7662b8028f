import { expect } from '@open-wc/testing';
import { isUnderstudyError } from './errors.ts';
import { parseManifest } from './bundle.ts';

const field = {
  name: 'order',
  label: 'Order number',
  type: 'text',
  isRequired: true,
  maxLength: 20,
  options: [],
  default: null,
};

function manifest(more: object): unknown {
  return {
    format: 'understudy/manifest',
    version: 1,
    appId: 'app',
    release: 1,
    createdAt: '2026-01-01T00:00:00.000Z',
    languages: ['en'],
    branding: {},
    artifacts: {},
    chunks: { sha256: '0'.repeat(64), sizeBytes: 1 },
    ...more,
  };
}

describe('the form of a manifest', () => {
  it('is read where there is one', () => {
    expect(parseManifest(manifest({ form: [field] })).form).to.deep.equal([field]);
  });

  it('is absent where the app asks nothing', () => {
    expect(parseManifest(manifest({ form: [] }))).not.to.have.property('form');
    expect(parseManifest(manifest({}))).not.to.have.property('form');
  });

  it('is refused where a field is none', () => {
    for (const form of [null, {}, [{ ...field, type: 'password' }], [field, 7]]) {
      let error: unknown = null;
      try {
        parseManifest(manifest({ form }));
      } catch (caught) {
        error = caught;
      }
      expect(isUnderstudyError(error, 'bundle/manifest-invalid'), JSON.stringify(form)).to.equal(true);
    }
  });
});
