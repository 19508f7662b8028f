import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import type { ArtifactReader, EnginePart } from '../../src/contracts/engine.ts';
import { createTransformersEngine } from '../../src/engines/transformers/create-transformers-engine.ts';
import { parseGoldenCases } from '../../src/engines/writing/golden-cases.ts';
import { GREEDY } from '../../src/engines/writing/self-test.ts';
import type { Runtime } from '../../src/engines/transformers/load-runtime.ts';
import { loadRuntime } from '../../src/engines/transformers/load-runtime.ts';
import type { LoadedModel } from '../../src/engines/transformers/loaded-model.ts';
import { startModel } from '../../src/engines/transformers/loaded-model.ts';
import { readModelFiles } from '../../src/engines/transformers/model-files.ts';
import { readerOf } from '../../test/fixtures/artifact-reader.ts';
import { argmax, LlamaReference } from '../../test/fixtures/llama-reference.ts';
import { tinyLlama } from '../../test/fixtures/tiny-llama.ts';
import { deriveTransformersFiles } from './derive-onnx.ts';
import { readLlamaFile } from './llama-file.ts';
import type { LlamaShape } from './llama-shape.ts';
import { readLlamaShape } from './llama-shape.ts';

const runtimeUrl = new URL('../../node_modules/onnxruntime-web/dist/', import.meta.url).href;

const filesOf = (gguf: Uint8Array, scales?: 'f32'): Map<string, Uint8Array<ArrayBuffer>> =>
  new Map(
    deriveTransformersFiles(gguf, scales === undefined ? {} : { scales }).map(({ name, bytes }) => [
      name,
      bytes,
    ]),
  );

/** Runs the graph alone and gives the logits after each of the tokens, fed in two pieces to use the past. */
async function graphLogits(
  { onnx }: Runtime,
  model: Uint8Array,
  shape: LlamaShape,
  tokens: readonly number[],
): Promise<Float32Array[]> {
  const session = await onnx.InferenceSession.create(model, { executionProviders: ['wasm'] });
  const pastNames = session.inputNames.filter((name) => name.startsWith('past_key_values.'));
  let past: Record<string, InstanceType<typeof onnx.Tensor>> = Object.fromEntries(
    pastNames.map((name) => [
      name,
      new onnx.Tensor('float32', new Float32Array(0), [1, shape.keyHeads, 0, shape.headWidth]),
    ]),
  );
  const rows: Float32Array[] = [];
  const cut = Math.floor(tokens.length / 2);
  for (const [from, to] of [
    [0, cut],
    [cut, tokens.length],
  ] as const) {
    const ids = BigInt64Array.from(tokens.slice(from, to), BigInt);
    const results = await session.run({
      input_ids: new onnx.Tensor('int64', ids, [1, to - from]),
      attention_mask: new onnx.Tensor('int64', new BigInt64Array(to).fill(1n), [1, to]),
      num_logits_to_keep: new onnx.Tensor('int64', [0n], []),
      ...past,
    });
    const data = results['logits']?.data;
    assert.ok(data instanceof Float32Array);
    for (let at = 0; at < data.length; at += shape.vocabulary)
      rows.push(data.slice(at, at + shape.vocabulary));
    past = Object.fromEntries(
      pastNames.map((name) => {
        const tensor = results[name.replace('past_key_values', 'present')];
        assert.ok(tensor instanceof onnx.Tensor);
        return [name, tensor];
      }),
    );
  }
  await session.release();
  return rows;
}

async function writeGreedily(
  model: LoadedModel,
  promptIds: readonly number[],
  count: number,
): Promise<number[]> {
  const tokens: number[] = [];
  await model.run({
    ...GREEDY,
    promptIds,
    maxTokens: count,
    beforeStep: () => Promise.resolve(),
    onToken: (token) => {
      tokens.push(token);
      return true;
    },
  });
  return tokens;
}

describe('deriveTransformersFiles', () => {
  const gguf = tinyLlama({ seed: 3 });
  const files = filesOf(gguf);
  let runtime: Runtime;

  before(async () => {
    runtime = await loadRuntime(runtimeUrl, 1);
  });

  it('makes the same bytes again, under names a bundle takes', () => {
    assert.deepEqual(filesOf(gguf), files);
    for (const name of files.keys()) assert.match(name, /^[a-z0-9][a-z0-9._-]{0,99}$/);
  });

  it('makes a graph whose logits are those of the double-precision reference within 1e-3', async () => {
    const file = readLlamaFile(gguf);
    const shape = readLlamaShape(file);
    const reference = new LlamaReference(file, shape);
    const tokens = Array.from({ length: 40 }, (_, index) => (index * 37) % shape.vocabulary);
    const expected = tokens.map((token) => reference.next(token));
    const found = await graphLogits(runtime, files.get('model.onnx') ?? new Uint8Array(), shape, tokens);
    assert.equal(found.length, expected.length);
    for (const [row, logits] of found.entries()) {
      const wanted = expected[row] ?? [];
      assert.equal(argmax(logits), argmax(wanted));
      const worst = logits.reduce(
        (most, value, at) => Math.max(most, Math.abs(value - (wanted[at] ?? NaN))),
        0,
      );
      assert.ok(worst < 1e-3, `logits of row ${row} are off by ${worst}`);
    }
  });

  it('makes the same logits with scales in 32-bit floats, and says so in the configuration', async () => {
    const shape = readLlamaShape(readLlamaFile(gguf));
    const wide = filesOf(gguf, 'f32');
    const tokens = Array.from({ length: 12 }, (_, index) => (index * 37) % shape.vocabulary);
    const logitsOf = (from: typeof files): Promise<Float32Array[]> =>
      graphLogits(runtime, from.get('model.onnx') ?? new Uint8Array(), shape, tokens);
    assert.deepEqual(await logitsOf(wide), await logitsOf(files));
    const textOf = (from: typeof files): string => new TextDecoder().decode(from.get('model-config.json'));
    assert.match(textOf(wide), /"dtype":"float32"/);
    assert.doesNotMatch(textOf(files), /dtype/);
  });

  it('makes a tokenizer that gives text back unchanged', async () => {
    const model = await startModel(runtime, await readModelFiles(readerOf(files), undefined));
    for (const text of [
      'Hello, world 2026',
      'größer — 中文 🙂',
      '  two  spaces\n\n',
      "it's",
      '\u0000\u001f',
    ]) {
      const tokens = model.encode([{ role: 'user', content: text }]);
      assert.equal(model.decode(tokens), `\n${text}\n\n`);
    }
    await model.dispose();
  });
});

describe('the engine in Node', () => {
  it('streams an answer on the same WebAssembly as in browsers', async () => {
    const read = readerOf(filesOf(tinyLlama()));
    const engine = createTransformersEngine({ read, runtimeUrl, modelId: 'tiny-llama' });
    await engine.load();
    const parts: EnginePart[] = [];
    const messages = [{ role: 'user', content: 'How long does delivery take?' }] as const;
    for await (const part of engine.generate({ messages, maxTokens: 8 })) parts.push(part);
    await engine.dispose();
    const end = parts.at(-1);
    assert.ok(end?.type === 'end');
    assert.equal(end.metrics.outputTokens, 8);
    assert.ok(parts.length > 2);
  });
});

const shipped = new URL('../../models/understudy-tiny/', import.meta.url);
const hasShipped = existsSync(new URL('understudy-tiny.q8_0.gguf', shipped));

describe('the model that is shipped', { skip: hasShipped ? false : 'its weights are not here' }, () => {
  let model: LoadedModel;

  before(async () => {
    const files = filesOf(readFileSync(new URL('understudy-tiny.q8_0.gguf', shipped)));
    const read: ArtifactReader = readerOf(files);
    model = await startModel(await loadRuntime(runtimeUrl, 1), await readModelFiles(read, undefined));
  });

  after(() => model.dispose());

  it('cuts and writes the recorded tokens', async () => {
    const recorded: unknown = JSON.parse(readFileSync(new URL('golden.json', shipped), 'utf8'));
    const cases = parseGoldenCases(recorded);
    assert.ok(cases.length > 0);
    for (const { content, promptIds, outputIds } of cases) {
      if (content !== null) assert.deepEqual(model.encode([{ role: 'user', content }]), promptIds);
      assert.deepEqual(await writeGreedily(model, promptIds, outputIds.length), outputIds);
    }
  });

  it('gives the recorded logits within its tolerance', async () => {
    const recorded: unknown = JSON.parse(readFileSync(new URL('golden.json', shipped), 'utf8'));
    for (const { promptIds, top } of parseGoldenCases(recorded)) {
      let furthest = NaN;
      await model.run({
        ...GREEDY,
        promptIds,
        maxTokens: 1,
        beforeStep: () => Promise.resolve(),
        onToken: () => false,
        onLogits: (logits) => {
          furthest = Math.max(...top.map(({ token, logit }) => Math.abs((logits[token] ?? NaN) - logit)));
        },
      });
      assert.ok(top.length > 0 && furthest <= model.logitTolerance);
    }
  });
});
