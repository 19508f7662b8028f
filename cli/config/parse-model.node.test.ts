import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { sampleFolders } from '../../test/node/sample-folder.ts';
import { addressFault } from '../fetch/address-fault.ts';
import { parseModel, parseSha256 } from './parse-model.ts';

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

  it('is one for Transformers.js where it is a folder, an ONNX file in one, or says so', () => {
    const root = samples.make({
      'models/small/onnx/model_q4.onnx': '',
      'smollm2-135m-instruct/config.json': '',
    });
    const small = join(root, 'models/small');
    const onnx = (origin: string, at: string, quantization: string | null = null) => ({
      kind: 'onnx',
      origin,
      at,
      quantization,
    });
    const hub = 'https://hub.example/owner/Small-1.0';
    const cases: readonly (readonly [string, object])[] = [
      ['models/small', onnx('folder', small)],
      ['models/small:fp16', onnx('folder', small, 'fp16')],
      ['models/small:onnx:Q4F16', onnx('folder', small, 'q4f16')],
      ['models/none:onnx', onnx('folder', join(root, 'models/none'))],
      ['models/small/onnx/model_q4.onnx', onnx('folder', small, 'q4')],
      ['models/small/onnx/model_quantized.onnx', onnx('folder', small, 'q8')],
      ['models/small/onnx/model.onnx', onnx('folder', small, 'fp32')],
      ['model.onnx', onnx('folder', join(root, 'model.onnx'))],
      // A folder that is there wins over an id.
      ['smollm2-135m-instruct', onnx('folder', join(root, 'smollm2-135m-instruct'))],
      ['Qwen2.5-0.5B-Instruct:onnx', onnx('catalogue', 'qwen2.5-0.5b-instruct')],
      ['qwen2.5-0.5b-instruct:onnx:q4f16', onnx('catalogue', 'qwen2.5-0.5b-instruct', 'q4f16')],
      [`${hub}:onnx`, onnx('address', hub)],
      [`${hub}:onnx:fp16`, onnx('address', hub, 'fp16')],
      ['http://127.0.0.1:80/m:onnx', onnx('address', 'http://127.0.0.1:80/m')],
      [`${hub}/resolve/main/onnx/model_q4.onnx`, onnx('address', `${hub}/resolve/main`, 'q4')],
      ['https://a.example/model.onnx', onnx('address', 'https://a.example/model.onnx')],
      [
        'https://a.example/onnx/model.onnx?token=1',
        onnx('address', 'https://a.example/onnx/model.onnx?token=1'),
      ],
    ];
    for (const [text, choice] of cases) assert.deepEqual(parseModel(text, root), choice, text);
    const at = 'https://a.example/m.gguf';
    assert.deepEqual(parseModel(at, root), { kind: 'address', url: at });
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
