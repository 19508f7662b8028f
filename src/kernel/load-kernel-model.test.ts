import { expect } from '@open-wc/testing';
import { randomModel } from '../../test/fixtures/random-model.ts';
import { tinyLlama } from '../../test/fixtures/tiny-llama.ts';
import { isUnderstudyError } from '../contracts/errors.ts';
import type { LoadedKernelModel, LoadKernelOptions } from './load-kernel-model.ts';
import { loadKernelModel } from './load-kernel-model.ts';

const assetsUrl = new URL('/dist/', location.href).href;
const CONTEXT = 64;
const gguf = tinyLlama({ writesAscii: true, seed: 2, contextTokens: CONTEXT });
const encoder = randomModel({ architecture: 'bert', type: 'Q8_0', contextTokens: CONTEXT });

const load = (
  model: Parameters<typeof loadKernelModel>[0] = gguf,
  options: LoadKernelOptions = {},
): Promise<LoadedKernelModel> => loadKernelModel(model, { assetsUrl, ...options });

async function errorOf(action: () => unknown): Promise<unknown> {
  try {
    await action();
  } catch (error) {
    return error;
  }
  return expect.fail('It was expected to throw.');
}

async function expectCode(code: string, action: () => unknown): Promise<void> {
  const error = await errorOf(action);
  expect(isUnderstudyError(error) && error.code, String(error)).to.equal(code);
}

describe('loadKernelModel', () => {
  it('takes a buffer, bytes, or a file that arrives', async () => {
    const texts: string[] = [];
    const pieces = (async function* () {
      yield gguf.subarray(0, 777);
      yield gguf.subarray(777);
    })();
    for (const form of [gguf.buffer, gguf, { sizeBytes: gguf.length, pieces }]) {
      const model = await load(form);
      expect(model.name).to.equal('tiny-llama');
      expect(model.threads).to.equal(1);
      expect(model.memoryBytes).to.be.above(gguf.length / 2);
      texts.push((await model.inference('How long', { maxTokens: 8 })).text);
      model.dispose();
    }
    expect(texts[0]).to.not.equal('');
    expect(texts).to.deep.equal([texts[0], texts[0], texts[0]]);
  });

  it('tells the share loaded, from above 0 up to 1', async () => {
    const shares: number[] = [];
    const model = await load(new Uint8Array(tinyLlama({ width: 128, feedForward: 2048, vocabulary: 2048 })), {
      onProgress: (share) => shares.push(share),
    });
    model.dispose();
    expect(shares).to.have.length.above(1);
    expect(shares).to.deep.equal(shares.toSorted((a, b) => a - b));
    expect(shares[0]).to.be.above(0);
    expect(shares.at(-1)).to.equal(1);
  });

  it('ends with the reason of the signal when aborted', async () => {
    const reason = new Error('left');
    expect(await errorOf(() => load(gguf, { signal: AbortSignal.abort(reason) }))).to.equal(reason);
  });

  it('says where it looked for the kernel when it is not there', async () => {
    const nowhere = new URL('/nowhere/', location.href).href;
    const error = await errorOf(() => load(gguf, { assetsUrl: nowhere }));
    expect(isUnderstudyError(error, 'engine/load-failed')).to.equal(true);
    expect(String(error)).to.contain(`${nowhere}kernel/understudy-kernel-`);
  });

  it('refuses what is no model', async () => {
    await expectCode('engine/model-invalid', () => load(new Uint8Array(100)));
    await expectCode('engine/model-invalid', () => load(gguf.subarray(0, gguf.length / 2)));
  });

  it('forgets what it read before when it is given tokens', async () => {
    const model = await load();
    await model.prefill([10, 20, 30]);
    const first = await model.decode(8);
    await model.prefill([77, 78]);
    await model.decode(3);
    await model.prefill([10, 20, 30]);
    expect(await model.decode(8)).to.deep.equal(first);
    model.dispose();
  });
});

describe('inference on the kernel', () => {
  let model: LoadedKernelModel;
  before(async () => {
    model = await load();
  });
  after(() => model.dispose());

  it('says how many tokens it wrote and how long that took', async () => {
    // So many that a clock of whole milliseconds, as Firefox has, sees them.
    const result = await model.inference('How long', { maxTokens: 500 });
    expect(result.tokens).to.equal(500);
    expect(result.firstTokenMs).to.be.within(0, result.latencyMs);
    expect(result.latencyMs).to.be.above(0);
    expect(result.tokensPerSecond).to.be.above(0);
    expect((await model.inference('How long', { maxTokens: 1 })).tokensPerSecond).to.equal(0);
  });

  it('goes on when the context is full: it slides', async () => {
    const { tokens, text } = await model.inference('How long', { maxTokens: 3 * CONTEXT });
    expect(tokens).to.equal(3 * CONTEXT);
    const again = await model.inference('How long', { maxTokens: 3 * CONTEXT });
    expect(again.text).to.equal(text);
  });

  it('writes the same for the same seed, and another text for another', async () => {
    const write = async (seed: number): Promise<string> =>
      (await model.inference('How long', { maxTokens: 16, temperature: 1.5, topK: 0, seed })).text;
    const first = await write(7);
    expect(await write(7)).to.equal(first);
    const others = [await write(8), await write(9), await write(10)];
    expect(others.some((text) => text !== first)).to.equal(true);
  });

  it('ends at the end token, which is no part of the text', async () => {
    const grammar = 'root ::= "ab"';
    const result = await model.inference('x', { grammar, maxTokens: 40 });
    expect(result.text).to.equal('ab');
    expect(result.tokens).to.be.within(1, 2);
  });

  it('keeps to a schema', async () => {
    const schema = { type: 'object', properties: { a: { const: 1 } }, required: ['a'] } as const;
    const { text } = await model.inference('x', { schema, maxTokens: 80 });
    expect(JSON.parse(text)).to.deep.equal({ a: 1 });
  });

  it('refuses a grammar that cannot be read and a prompt that is too long', async () => {
    await expectCode('engine/grammar-invalid', () => model.inference('x', { grammar: 'root ::= "' }));
    await expectCode('engine/prompt-too-long', () => model.inference('x'.repeat(2 * CONTEXT)));
  });

  it('ends with the reason of the signal when aborted, and can be asked again', async () => {
    const reason = new Error('left');
    const options = { signal: AbortSignal.abort(reason) };
    expect(await errorOf(() => model.inference('x', options))).to.equal(reason);
    expect((await model.inference('x', { maxTokens: 3 })).tokens).to.equal(3);
  });

  it('gives no vectors', async () => {
    await expectCode('engine/unsupported', () => model.embed('text'));
  });
});

describe('an encoder on the kernel', () => {
  let model: LoadedKernelModel;
  before(async () => {
    model = await load(encoder);
  });
  after(() => model.dispose());

  const lengthOf = (vector: Float32Array): number =>
    Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));

  it('gives a vector of length 1, the same for the same text and another for another', () => {
    const vector = model.embed('delivery takes two days').slice();
    expect(lengthOf(vector)).to.be.closeTo(1, 1e-5);
    expect(model.embed('the price is ten').slice()).to.not.deep.equal(vector);
    expect(model.embed('delivery takes two days')).to.deep.equal(vector);
  });

  it('cuts a text that is longer than its context, and takes an empty one', () => {
    const long = 'a b c d '.repeat(CONTEXT);
    expect(lengthOf(model.embed(long))).to.be.closeTo(1, 1e-5);
    expect(model.embed(`${long}e f g`)).to.deep.equal(model.embed(long));
    expect(lengthOf(model.embed(''))).to.be.closeTo(1, 1e-5);
  });

  it('writes no text', async () => {
    await expectCode('engine/unsupported', () => model.inference('x'));
    await expectCode('engine/unsupported', () => model.prefill([1]));
    await expectCode('engine/unsupported', () => model.decode(1));
  });
});
