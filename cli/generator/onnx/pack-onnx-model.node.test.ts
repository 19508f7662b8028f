import assert from 'node:assert/strict';
import { rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { isUnderstudyError } from '../../../src/contracts/errors.ts';
import { isRecord } from '../../../src/contracts/json.ts';
import type { Runtime } from '../../../src/engines/transformers/load-runtime.ts';
import { loadRuntime } from '../../../src/engines/transformers/load-runtime.ts';
import { startModel } from '../../../src/engines/transformers/loaded-model.ts';
import { readModelFiles } from '../../../src/engines/transformers/model-files.ts';
import { GREEDY } from '../../../src/engines/writing/self-test.ts';
import { readerOf } from '../../../test/fixtures/artifact-reader.ts';
import type { PublishedFiles, PublishedOptions } from '../../../test/fixtures/published-model.ts';
import { publishedGguf, publishedModel } from '../../../test/fixtures/published-model.ts';
import { mutateBytes } from '../../../test/fixtures/mutate-bytes.ts';
import { seededRandom } from '../../../test/fixtures/quantized-rows.ts';
import { ReferenceModel } from '../../../test/fixtures/reference-model.ts';
import { sampleFolders } from '../../../test/node/sample-folder.ts';
import { findOnnxFile } from './model-folder.ts';
import { packOnnxModel } from './pack-onnx-model.ts';
import { integerField, joinParts, messageField, readFields, textField } from './protobuf.ts';
import { tryOnnxModel } from './try-onnx-model.ts';

const samples = sampleFolders();
after(() => samples.removeAll());

type Packed = ReadonlyMap<string, Uint8Array<ArrayBuffer>>;

const runtimeUrl = new URL('../../../node_modules/onnxruntime-web/dist/', import.meta.url).href;
const neverAborted = new AbortController().signal;

function packedFrom(files: PublishedFiles | Record<string, string | Uint8Array>): Packed {
  const path = findOnnxFile(samples.make(files), null);
  return new Map(packOnnxModel(path).map(({ name, bytes }) => [name, bytes]));
}

function jsonOf(packed: Packed, name: string): Record<string, unknown> {
  const value: unknown = JSON.parse(new TextDecoder().decode(packed.get(name)));
  assert.ok(isRecord(value));
  return value;
}

function refusal(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    assert.ok(isUnderstudyError(error), String(error));
    return `${error.code}: ${error.message}`;
  }
  return 'nothing was refused';
}

const textOf = (files: PublishedFiles, name: string): string => new TextDecoder().decode(files[name]);
const withJson = (
  files: PublishedFiles,
  name: string,
  change: Record<string, unknown>,
): Record<string, string | Uint8Array> => {
  const value: unknown = JSON.parse(textOf(files, name));
  assert.ok(isRecord(value));
  return { ...files, [name]: JSON.stringify({ ...value, ...change }) };
};

describe('a model as hubs hold it for Transformers.js', () => {
  let runtime: Runtime;
  before(async () => {
    runtime = await loadRuntime(runtimeUrl, 1);
  });

  /** Logits after a prompt that is read in two pieces, and the tokens that follow. */
  const write = async (packed: Packed): Promise<{ logits: Float32Array; tokens: number[] }> => {
    const model = await startModel(runtime, await readModelFiles(readerOf(new Map(packed)), undefined));
    const tokens: number[] = [];
    let logits = new Float32Array();
    await model.run({
      ...GREEDY,
      promptIds: PROMPT,
      maxTokens: 8,
      beforeStep: () => Promise.resolve(),
      onToken: (token) => {
        tokens.push(token);
        return true;
      },
      onLogits: (found) => {
        logits = Float32Array.from(found);
      },
    });
    await model.dispose();
    return { logits, tokens };
  };

  const cases: readonly (readonly [string, PublishedOptions, number])[] = [
    ['llama in 32-bit floats', { quantization: 'fp32' }, 1e-3],
    ['llama with keys and values in 16 bits', { quantization: 'fp16' }, 0.1],
    ['qwen2 in 32-bit floats', { architecture: 'qwen2', quantization: 'fp32' }, 1e-3],
    [
      'qwen2 in 16 bits, its weights beside the graph',
      { architecture: 'qwen2', quantization: 'fp16', isSplit: true },
      0.1,
    ],
  ];
  for (const [name, options, tolerance] of cases) {
    it(`is run number for number: ${name}`, async () => {
      const { logits, tokens } = await write(packedFrom(publishedModel(options)));
      const reference = new ReferenceModel(publishedGguf(options));
      let expected = PROMPT.map((token) => reference.next(token)).at(-1) ?? new Float64Array();
      const worst = Math.max(...expected.map((value, at) => Math.abs(value - (logits[at] ?? NaN))));
      assert.ok(worst < tolerance, `off by ${worst}`);
      const wanted = tokens.map(() => {
        const best = expected.indexOf(Math.max(...expected));
        expected = reference.next(best);
        return best;
      });
      assert.deepEqual(tokens, wanted);
    });
  }

  it('gives the same in eight bits, whether its weights lie in the graph or beside it', async () => {
    const whole = packedFrom(publishedModel());
    const split = packedFrom(publishedModel({ isSplit: true }));
    assert.deepEqual(await write(split), await write(whole));
    assert.ok(Math.abs((split.get('model.onnx')?.length ?? 0) - (whole.get('model.onnx')?.length ?? 0)) < 64);
  });

  it('is tried with a system and a user, and tells what the runtime says', async () => {
    const good = publishedModel();
    await tryOnnxModel(packedFrom(good), 'here', neverAborted);
    const template = "{{ raise_exception('No system here.') if messages[0].role == 'system' else 'x' }}";
    const strict = packedFrom(withJson(good, 'tokenizer_config.json', { chat_template: template }));
    await assert.rejects(
      tryOnnxModel(strict, 'here', neverAborted),
      /is not run by Transformers\.js: .*No system here/s,
    );
    const unknown = new Map(packedFrom(good));
    unknown.set('model.onnx', withOperator(good['onnx/model_quantized.onnx'] ?? new Uint8Array(), 'Unknown'));
    await assert.rejects(tryOnnxModel(unknown, 'here', neverAborted), /not run by Transformers\.js/);
  });
});

const PROMPT: readonly number[] = Array.from({ length: 150 }, (_, index) => 5 + ((index * 37) % 250));

/** Renames the operator of the first node. */
function withOperator(model: Uint8Array, operator: string): Uint8Array<ArrayBuffer> {
  let isDone = false;
  const rename = (node: Uint8Array) =>
    messageField(
      1,
      [...readFields(node)].map(({ field, whole }) => (field === 4 ? textField(4, operator) : whole)),
    );
  return changeGraph(model, (field, bytes, whole) => {
    if (field !== 1 || isDone) return whole;
    isDone = true;
    return rename(bytes);
  });
}

/** Changes the fields of the graph. */
function changeGraph(
  model: Uint8Array,
  change: (field: number, bytes: Uint8Array, whole: Uint8Array) => Parameters<typeof joinParts>[0],
): Uint8Array<ArrayBuffer> {
  return joinParts(
    [...readFields(model)].map(({ field, bytes, whole }) =>
      field === 7
        ? messageField(
            7,
            [...readFields(bytes)].map((item) => change(item.field, item.bytes, item.whole)),
          )
        : whole,
    ),
  );
}

describe('what is packed of a published model', () => {
  const files = publishedModel();

  it('is what the engine reads, and nothing that strangers wrote besides', () => {
    const packed = packedFrom(files);
    assert.deepEqual(
      [...packed.keys()],
      [
        'model.onnx',
        'tokenizer.json',
        'tokenizer-config.json',
        'model-config.json',
        'generation-config.json',
      ],
    );
    const config = jsonOf(packed, 'model-config.json');
    assert.deepEqual([config['model_type'], config['dtype'], config['head_dim']], ['llama', 'float32', 16]);
    for (const name of ['_name_or_path', 'transformers.js_config', 'torch_dtype'])
      assert.equal(config[name], undefined, name);
    assert.deepEqual(jsonOf(packed, 'generation-config.json'), {
      bos_token_id: 1,
      eos_token_id: [2, 0],
      pad_token_id: 2,
      do_sample: false,
    });
    const tokenizer = jsonOf(packed, 'tokenizer-config.json');
    assert.deepEqual([tokenizer['eos_token'], tokenizer['pad_token']], ['<|end|>', null]);
  });

  it('is the same again', () => {
    assert.deepEqual(packedFrom(files), packedFrom(files));
  });

  it('does without a generation_config.json, and takes the chat format from chat_template.jinja', () => {
    const { 'generation_config.json': dropped, ...rest } = files;
    assert.ok(dropped !== undefined);
    const bare = withJson(rest, 'tokenizer_config.json', { chat_template: null });
    const packed = packedFrom({ ...bare, 'chat_template.jinja': '{{ messages }}' });
    assert.equal(jsonOf(packed, 'tokenizer-config.json')['chat_template'], '{{ messages }}');
    assert.deepEqual(jsonOf(packed, 'generation-config.json')['eos_token_id'], [2]);
    const several = [
      { name: 'tool_use', template: 'tools' },
      { name: 'default', template: 'plain' },
    ];
    const named = packedFrom(withJson(rest, 'tokenizer_config.json', { chat_template: several }));
    assert.equal(jsonOf(named, 'tokenizer-config.json')['chat_template'], 'plain');
  });

  it('says of a model without 16-bit floats that graphics devices need none', () => {
    const halves = packedFrom(publishedModel({ quantization: 'fp16' }));
    assert.equal(jsonOf(halves, 'model-config.json')['dtype'], undefined);
  });
});

describe('the ONNX file of a folder', () => {
  const named = (...names: readonly string[]): string =>
    samples.make(Object.fromEntries(names.map((name) => [`onnx/${name}`, ''])));

  it('is the one in eight bits, else the finest, unless another is asked for', () => {
    const all = named('model.onnx', 'model_quantized.onnx', 'model_q4f16.onnx', 'model_fp16.onnx');
    assert.match(findOnnxFile(all, null), /model_quantized\.onnx$/);
    assert.match(findOnnxFile(all, 'q4f16'), /model_q4f16\.onnx$/);
    assert.match(findOnnxFile(all, 'fp32'), /model\.onnx$/);
    assert.match(findOnnxFile(named('model.onnx', 'model_q4.onnx'), null), /model\.onnx$/);
    const old = named('decoder_model_merged_quantized.onnx', 'decoder_model.onnx', 'model.onnx');
    assert.match(findOnnxFile(old, null), /decoder_model_merged_quantized\.onnx$/);
  });

  it('is never one in four bits unasked, which WebAssembly unpacks for each token', () => {
    const folder = named('model_q4.onnx', 'model_q4f16.onnx', 'model_q4.onnx_data');
    assert.match(
      refusal(() => findOnnxFile(folder, null)),
      /model-invalid: .*name one of q4, q4f16 behind/,
    );
    assert.match(
      refusal(() => findOnnxFile(folder, 'q8')),
      /holds no onnx\/model_quantized\.onnx, nor decoder_model_merged_quantized\.onnx; there are q4/,
    );
  });

  it('is missed with what to do', () => {
    assert.match(
      refusal(() => findOnnxFile(join(samples.make(), 'none'), null)),
      /^cli\/not-found/,
    );
    assert.match(
      refusal(() => findOnnxFile(samples.make({ 'model.onnx': '' }), null)),
      /holds no onnx\/model\*\.onnx: a model for Transformers\.js is a folder with/,
    );
    const file = join(samples.make({ 'decoder.onnx': '' }), 'decoder.onnx');
    assert.match(
      refusal(() => findOnnxFile(file, null)),
      /is an ONNX file alone.*name that folder/,
    );
  });
});

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
        refusal(() => packedFrom(folder)),
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
    assert.match(refusal(pack), /is a link that leads out of the folder; copy the file there/);
    rmSync(weights);
    writeFileSync(join(folder, 'weights'), data);
    symlinkSync('../weights', weights);
    assert.doesNotThrow(pack);
  });

  it('are refused: files that are longer than any of their kind', () => {
    const long = JSON.stringify({ model_type: 'llama', _: 'x'.repeat(2 ** 20) });
    assert.match(
      refusal(() => packedFrom({ ...files, 'config.json': long })),
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
      refusal(() => packedFrom(folder)),
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
