import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { isRecord } from '../../../src/contracts/json.ts';
import type { Runtime } from '../../../src/engines/transformers/load-runtime.ts';
import { loadRuntime } from '../../../src/engines/transformers/load-runtime.ts';
import { startModel } from '../../../src/engines/transformers/loaded-model.ts';
import { readModelFiles } from '../../../src/engines/transformers/model-files.ts';
import { GREEDY } from '../../../src/engines/writing/self-test.ts';
import { readerOf } from '../../../test/fixtures/artifact-reader.ts';
import type { PublishedOptions } from '../../../test/fixtures/published-model.ts';
import { publishedGguf, publishedModel } from '../../../test/fixtures/published-model.ts';
import { ReferenceModel } from '../../../test/fixtures/reference-model.ts';
import { withJson, withOperator } from '../../../test/fixtures/published-changes.ts';
import type { Packed } from '../../../test/node/packed-onnx.ts';
import { packFiles } from '../../../test/node/packed-onnx.ts';
import { refusalOf } from '../../../test/node/refusal-of.ts';
import { sampleFolders } from '../../../test/node/sample-folder.ts';
import { findOnnxFile } from './model-folder.ts';
import { tryOnnxModel } from './try-onnx-model.ts';

const samples = sampleFolders();
after(() => samples.removeAll());

const runtimeUrl = new URL('../../../node_modules/onnxruntime-web/dist/', import.meta.url).href;
const neverAborted = new AbortController().signal;

const packedFrom = (files: Parameters<typeof packFiles>[1]): Packed => packFiles(samples, files);

function jsonOf(packed: Packed, name: string): Record<string, unknown> {
  const value: unknown = JSON.parse(new TextDecoder().decode(packed.get(name)));
  assert.ok(isRecord(value));
  return value;
}

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
      refusalOf(() => findOnnxFile(folder, null)),
      /model-invalid: .*name one of q4, q4f16 behind/,
    );
    assert.match(
      refusalOf(() => findOnnxFile(folder, 'q8')),
      /holds no onnx\/model_quantized\.onnx, nor decoder_model_merged_quantized\.onnx; there are q4/,
    );
  });

  it('is missed with what to do', () => {
    assert.match(
      refusalOf(() => findOnnxFile(join(samples.make(), 'none'), null)),
      /^cli\/not-found/,
    );
    assert.match(
      refusalOf(() => findOnnxFile(samples.make({ 'model.onnx': '' }), null)),
      /holds no onnx\/model\*\.onnx: a model for Transformers\.js is a folder with/,
    );
    const file = join(samples.make({ 'decoder.onnx': '' }), 'decoder.onnx');
    assert.match(
      refusalOf(() => findOnnxFile(file, null)),
      /is an ONNX file alone.*name that folder/,
    );
  });
});
