import assert from 'node:assert/strict';
import { rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { isUnderstudyError } from '../../../src/contracts/errors.ts';
import { mutateBytes } from '../../../test/fixtures/mutate-bytes.ts';
import { changeGraph, withJson } from '../../../test/fixtures/published-changes.ts';
import type { PublishedFiles } from '../../../test/fixtures/published-model.ts';
import { publishedGguf, publishedModel } from '../../../test/fixtures/published-model.ts';
import { seededRandom } from '../../../test/fixtures/quantized-rows.ts';
import type { Packed } from '../../../test/node/packed-onnx.ts';
import { packFiles } from '../../../test/node/packed-onnx.ts';
import { refusalOf } from '../../../test/node/refusal-of.ts';
import { sampleFolders } from '../../../test/node/sample-folder.ts';
import { findOnnxFile } from './model-folder.ts';
import { packOnnxModel } from './pack-onnx-model.ts';
import { integerField, messageField, readFields, textField } from './protobuf.ts';

const samples = sampleFolders();
after(() => samples.removeAll());
const packedFrom = (files: Parameters<typeof packFiles>[1]): Packed => packFiles(samples, files);

describe('hostile folders', () => {
  const files = publishedModel();
  const model = files['onnx/model_quantized.onnx'] ?? new Uint8Array();
  const split = publishedModel({ isSplit: true });
  const graph = split['onnx/model_quantized.onnx'] ?? new Uint8Array();
  const data = split['onnx/model_quantized.onnx_data'] ?? new Uint8Array();
  const withModel = (bytes: Uint8Array): Record<string, string | Uint8Array> => ({
    ...files,
    'onnx/model_quantized.onnx': bytes,
  });
  const without = (name: string): Record<string, Uint8Array> =>
    Object.fromEntries(Object.entries(files).filter(([key]) => key !== name));
  /** The split graph with other texts of its places. */
  const withPlace = (from: string, to: string): Uint8Array =>
    changeGraph(graph, (field, bytes, whole) =>
      field === 5
        ? messageField(
            5,
            [...readFields(bytes)].map((item) => {
              if (item.field !== 13) return item.whole;
              const [key, value] = [...readFields(item.bytes)];
              const isPlace = new TextDecoder().decode(value?.bytes) === from;
              return isPlace && key !== undefined
                ? messageField(13, [key.whole, textField(2, to)])
                : item.whole;
            }),
          )
        : whole,
    );

  const cases: readonly (readonly [string, Record<string, string | Uint8Array>, RegExp])[] = [
    ['without a tokenizer', without('tokenizer.json'), /holds no tokenizer\.json: a model for/],
    ['without a configuration', without('config.json'), /holds no config\.json/],
    ['cut off in its weights', withModel(model.slice(0, -5000)), /no ONNX model, or one that was cut off/],
    ['cut off at once', withModel(model.slice(0, 3)), /no ONNX model, or one that was cut off/],
    ['empty', withModel(new Uint8Array()), /no ONNX model, or one that was cut off/],
    ['a web page', withModel(Buffer.from('<!doctype html><title>Sign in</title>')), /no ONNX model/],
    ['a GGUF file', withModel(publishedGguf()), /no ONNX model/],
    [
      'another architecture',
      withJson(files, 'config.json', { model_type: 'gemma3_text' }),
      /of type "gemma3_text"; models of type llama and qwen2/,
    ],
    ['no architecture', withJson(files, 'config.json', { model_type: ['llama'] }), /names no model type/],
    [
      'a type that moves the cursor',
      withJson(files, 'config.json', { model_type: '\u001b[2Jx' }),
      /of type "�\[2Jx"/,
    ],
    [
      'layers without number',
      withJson(files, 'config.json', { num_hidden_layers: 1e9 }),
      /no valid num_hidden_layers/,
    ],
    [
      'fewer layers than the graph',
      withJson(files, 'config.json', { num_hidden_layers: 1 }),
      /asks for an input "past_key_values\.1\.key"/,
    ],
    [
      'more layers than the graph',
      withJson(files, 'config.json', { num_hidden_layers: 3 }),
      /has no input "past_key_values\.2\.key"/,
    ],
    [
      'heads that do not divide',
      withJson(files, 'config.json', { num_key_value_heads: 4 }),
      /has 6 heads and 4 key heads/,
    ],
    [
      'other heads than the graph',
      withJson(files, 'config.json', { num_key_value_heads: 3 }),
      /in another shape than 3 heads/,
    ],
    ['another vocabulary', withJson(files, 'config.json', { vocab_size: 300 }), /gives logits of 269 tokens/],
    [
      'a smaller vocabulary',
      withJson(files, 'config.json', { vocab_size: 200 }),
      /has a token \d+, and the model knows 200/,
    ],
    ['no JSON', { ...files, 'config.json': '{"model_type": "llama"' }, /config\.json" is no valid JSON/],
    ['a list', { ...files, 'tokenizer_config.json': '[]' }, /is no JSON object/],
    [
      'a tokenizer that is none',
      { ...files, 'tokenizer.json': '{"model": null}' },
      /has no vocabulary of the kind BPE/,
    ],
    [
      'a tokenizer of another kind',
      { ...files, 'tokenizer.json': '{"model": {"type": "WordPiece", "vocab": {}}}' },
      /has no vocabulary of the kind BPE/,
    ],
    [
      'tokens without numbers',
      { ...files, 'tokenizer.json': '{"model": {"type": "BPE", "vocab": {"a": "b"}}}' },
      /tokens without name or number/,
    ],
    [
      'no chat format',
      withJson(files, 'tokenizer_config.json', { chat_template: '' }),
      /it is no model for chats/,
    ],
    [
      'no end',
      {
        ...withJson(
          withJson(files, 'config.json', { eos_token_id: 10_000 }) as PublishedFiles,
          'tokenizer_config.json',
          { eos_token: 'gone' },
        ),
        'generation_config.json': '{}',
      },
      /names no token that ends an answer/,
    ],
    [
      'an encoder',
      withModel(changeGraph(model, (field, _, whole) => (field === 12 ? [] : whole))),
      /has no output "logits"; export it for text generation/,
    ],
    [
      'an unknown input',
      withModel(
        changeGraph(model, (field, bytes, whole) =>
          field === 11 && new TextDecoder().decode(bytes).includes('position_ids')
            ? messageField(11, [textField(1, 'pixel_values'), bytes.subarray(14)])
            : whole,
        ),
      ),
      /asks for an input "pixel_values"/,
    ],
    [
      'weights of another folder',
      { ...split, 'onnx/model_quantized.onnx': withPlace('model_quantized.onnx_data', '../config.json') },
      /looks for weights in "\.\.\/config\.json"; such files lie beside it/,
    ],
    [
      'weights by a whole path',
      { ...split, 'onnx/model_quantized.onnx': withPlace('model_quantized.onnx_data', '/etc/hostname') },
      /looks for weights in "\/etc\/hostname"/,
    ],
    [
      'weights in the memory of the runtime',
      { ...split, 'onnx/model_quantized.onnx': withPlace('model_quantized.onnx_data', '*/_ORT_MEM_ADDR_/*') },
      /looks for weights in/,
    ],
    [
      'weights that are not there',
      Object.fromEntries(Object.entries(split).filter(([key]) => !key.endsWith('_data'))),
      /holds no onnx\/model_quantized\.onnx_data/,
    ],
    [
      'weights that were cut off',
      { ...split, 'onnx/model_quantized.onnx_data': data.slice(0, -1) },
      /where "model_quantized\.onnx_data" holds none/,
    ],
    [
      'weights before their file',
      { ...split, 'onnx/model_quantized.onnx': withPlace('25824', '-1') },
      /where "model_quantized\.onnx_data" holds none/,
    ],
  ];
  for (const [name, folder, message] of cases) {
    it(`are refused: ${name}`, () => {
      assert.match(
        refusalOf(() => packedFrom(folder)),
        new RegExp(`^cli/model-invalid: .*${message.source}`, 's'),
      );
    });
  }

  it('are refused: links that lead out of the folder', () => {
    const folder = samples.make(split);
    const outside = join(samples.make({ 'secret.bin': data }), 'secret.bin');
    const weights = join(folder, 'onnx/model_quantized.onnx_data');
    rmSync(weights);
    symlinkSync(outside, weights);
    const pack = (): unknown => packOnnxModel(findOnnxFile(folder, null));
    assert.match(refusalOf(pack), /is a link that leads out of the folder; copy the file there/);
    rmSync(weights);
    writeFileSync(join(folder, 'weights'), data);
    symlinkSync('../weights', weights);
    assert.doesNotThrow(pack);
  });

  it('are refused: files that are longer than any of their kind', () => {
    const long = JSON.stringify({ model_type: 'llama', _: 'x'.repeat(2 ** 20) });
    assert.match(
      refusalOf(() => packedFrom({ ...files, 'config.json': long })),
      /is longer than 1\.0 MB|longer than/,
    );
  });

  it('are refused: weights that stand for the same bytes more often than there is room', () => {
    // A file of a few megabytes that would be gigabytes once it is whole.
    const place = (key: string, value: string) => messageField(13, [textField(1, key), textField(2, value)]);
    const bytes = 2 ** 20;
    const tensor = messageField(5, [
      integerField(1, bytes),
      integerField(2, 3),
      textField(8, 'much'),
      place('location', 'model_quantized.onnx_data'),
      integerField(14, 1),
    ]);
    const many = changeGraph(graph, (field, _, whole) =>
      field === 2 ? [whole, ...Array.from({ length: 1400 }, () => tensor)] : whole,
    );
    const folder = {
      ...split,
      'onnx/model_quantized.onnx': many,
      'onnx/model_quantized.onnx_data': new Uint8Array(Math.max(bytes, data.length)),
    };
    assert.match(
      refusalOf(() => packedFrom(folder)),
      /has weights of more than/,
    );
  });

  it('are refused or packed, whatever bytes of them are changed', () => {
    const random = seededRandom(7);
    const counts = { packed: 0, refused: 0 };
    const folder = samples.make(split);
    const path = findOnnxFile(folder, null);
    for (let round = 0; round < 400; round += 1) {
      const name = round % 4 === 0 ? 'tokenizer.json' : 'onnx/model_quantized.onnx';
      const original = split[name] ?? new Uint8Array();
      writeFileSync(join(folder, name), mutateBytes(original, original.length, random));
      try {
        packOnnxModel(path);
        counts.packed += 1;
      } catch (error) {
        assert.ok(isUnderstudyError(error, 'cli/model-invalid'), String(error));
        counts.refused += 1;
      }
      writeFileSync(join(folder, name), original);
    }
    assert.ok(counts.packed > 20 && counts.refused > 20, JSON.stringify(counts));
  });
});
