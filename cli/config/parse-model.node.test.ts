import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { sampleFolders } from '../../test/node/sample-folder.ts';
import { addressFault, parseModel, parseSha256 } from './parse-model.ts';

const samples = sampleFolders();
after(() => samples.removeAll());

describe('the choice of a model', () => {
  const folder = samples.make({ 'named-like-an-id': '' });

  it('is the default one, none, a file, an address or an id', () => {
    assert.deepEqual(parseModel('', folder), { kind: 'default' });
    assert.deepEqual(parseModel('none', folder), { kind: 'none' });
    assert.deepEqual(parseModel('https://a.example/m.gguf', folder), {
      kind: 'address',
      url: 'https://a.example/m.gguf',
    });
    for (const file of ['m.gguf', 'models/m', 'named-like-an-id'])
      assert.deepEqual(parseModel(file, folder), { kind: 'file', path: join(folder, file) });
    assert.deepEqual(parseModel('SmolLM2-135M-Instruct', folder), {
      kind: 'catalogue',
      id: 'smollm2-135m-instruct',
      quantization: null,
    });
    assert.deepEqual(parseModel('qwen2.5-0.5b-instruct:Q8_0', folder), {
      kind: 'catalogue',
      id: 'qwen2.5-0.5b-instruct',
      quantization: 'Q8_0',
    });
  });

  it('goes over the open network with encryption alone, and without a password', () => {
    for (const url of [
      'https://a.example/m',
      'http://127.0.0.1:8080/m',
      'http://localhost/m',
      'http://[::1]/m',
    ])
      assert.equal(addressFault(url), null, url);
    for (const url of [
      'http://a.example/m',
      'http://127.0.0.1.example/m',
      'file:///m',
      'https://a:b@c.example/',
      'https://',
    ])
      assert.notEqual(addressFault(url), null, url);
  });

  it('knows a SHA-256 by its 64 digits', () => {
    assert.equal(parseSha256('A'.repeat(64)), 'a'.repeat(64));
    for (const text of ['a'.repeat(63), 'g'.repeat(64), ` ${'a'.repeat(64)}`])
      assert.equal(parseSha256(text), null);
  });
});
