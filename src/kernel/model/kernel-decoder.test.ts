import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { UnderstudyError } from '../../contracts/errors.ts';
import { fetchKernel, loadDecoder } from '../../../test/fixtures/kernel-builds.ts';
import { randomModel, randomTokens } from '../../../test/fixtures/random-model.ts';
import { largestError, ReferenceModel } from '../../../test/fixtures/reference-model.ts';
import type { KernelDecoder } from './kernel-decoder.ts';

const VOCABULARY = 269;
const CONTEXT = 128;
const RUNS = { seed: 3, numRuns: 10 };
const file = randomModel({ architecture: 'llama', type: 'Q8_0' });

async function rejected(action: () => unknown): Promise<UnderstudyError> {
  try {
    await action();
  } catch (error) {
    if (error instanceof UnderstudyError) return error;
    throw error;
  }
  throw new Error('Nothing was thrown.');
}

async function logitsOf(decoder: KernelDecoder, prompt: readonly number[]): Promise<Float32Array> {
  decoder.clear();
  await decoder.readPrompt(prompt);
  return decoder.logits.slice();
}

describe('a decoder', () => {
  let decoder: KernelDecoder;
  let other: KernelDecoder;
  before(async () => {
    decoder = await loadDecoder(fetchKernel, file, { contextTokens: CONTEXT });
    other = await loadDecoder(fetchKernel, file, { contextTokens: CONTEXT });
  });

  it('gives the same bits for a prompt read at once, token by token, or in any pieces', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(VOCABULARY - 1), { minLength: 1, maxLength: CONTEXT }),
        fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 6 }),
        async (prompt, steps) => {
          const wanted = await logitsOf(decoder, prompt);
          other.clear();
          let end = 0;
          for (const step of steps) {
            end = Math.min(prompt.length, end + step);
            await other.readPrompt(prompt.slice(0, end));
          }
          await other.readPrompt(prompt);
          expect(other.logits.slice()).to.deep.equal(wanted);
          other.clear();
          for (const token of prompt) other.readToken(token);
          expect(other.logits.slice()).to.deep.equal(wanted);
        },
      ),
      RUNS,
    );
  });

  it('keeps what two prompts begin with, and gives the bits of reading the second anew', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(VOCABULARY - 1), { minLength: 1, maxLength: 50 }),
        fc.array(fc.nat(VOCABULARY - 1), { maxLength: 50 }),
        fc.array(fc.nat(VOCABULARY - 1), { maxLength: 50 }),
        async (shared, first, second) => {
          other.clear();
          await other.readPrompt([...shared, ...first]);
          const read = await other.readPrompt([...shared, ...second]);
          expect(read).to.be.at.most(Math.max(1, second.length));
          expect(other.logits.slice()).to.deep.equal(await logitsOf(decoder, [...shared, ...second]));
        },
      ),
      RUNS,
    );
  });

  it('reads but the last token of a prompt that it has read already', async () => {
    const prompt = randomTokens(30, VOCABULARY);
    const wanted = await logitsOf(decoder, prompt);
    expect(await decoder.readPrompt(prompt)).to.equal(1);
    expect(decoder.logits.slice()).to.deep.equal(wanted);
  });

  it('goes on after a reading that was aborted between batches', async () => {
    const prompt = randomTokens(100, VOCABULARY);
    const wanted = await logitsOf(decoder, prompt);
    decoder.clear();
    let batches = 0;
    const reason = new Error('stopped by the visitor');
    const beforeBatch = async (): Promise<void> => {
      batches += 1;
      if (batches === 3) throw reason;
    };
    const outcome = await decoder.readPrompt(prompt, { beforeBatch }).catch((error: unknown) => error);
    expect(outcome).to.equal(reason);
    expect(decoder.length).to.be.above(0).and.below(100);
    const held = decoder.length;
    expect(await decoder.readPrompt(prompt)).to.equal(100 - held);
    expect(decoder.logits.slice()).to.deep.equal(wanted);
  });

  it('refuses a prompt longer than the context, and an empty one, and tokens outside the vocabulary', async () => {
    const long = randomTokens(CONTEXT + 1, VOCABULARY);
    expect((await rejected(async () => decoder.readPrompt(long))).code).to.equal('engine/prompt-too-long');
    for (const prompt of [[], [VOCABULARY], [-1], [1.5], [NaN]]) {
      expect((await rejected(async () => decoder.readPrompt(prompt))).code).to.equal('engine/failed');
    }
    expect((await rejected(() => decoder.readToken(VOCABULARY))).code).to.equal('engine/failed');
  });

  it('goes on when the context is full, however long, and never holds more than it', async () => {
    const prompt = randomTokens(CONTEXT, VOCABULARY);
    decoder.clear();
    await decoder.readPrompt(prompt, { pinned: 20 });
    const { memoryBytes } = decoder;
    for (const token of randomTokens(CONTEXT * 3, VOCABULARY, 5)) {
      decoder.readToken(token);
      expect(decoder.length).to.be.at.most(CONTEXT);
      expect(decoder.logits.every((value) => Number.isFinite(value))).to.be.true;
    }
    expect(decoder.memoryBytes).to.equal(memoryBytes);
  });

  for (const pinned of [0, 1, 17, CONTEXT - 1, CONTEXT]) {
    it(`slides with ${pinned} pinned tokens as the reference does that moves keys the same way`, async () => {
      for (const architecture of ['llama', 'qwen2'] as const) {
        const model = randomModel({ architecture, type: 'F32' });
        const sliding = await loadDecoder(fetchKernel, model, { contextTokens: 64 });
        const reference = new ReferenceModel(model, { isRounded: true });
        const prompt = randomTokens(64, VOCABULARY, 9);
        await sliding.readPrompt(prompt, { pinned });
        prompt.forEach((token) => reference.next(token));
        // Half of what is not pinned goes, one at least; were all pinned, the first would be alone.
        const wanted = Math.max(1, Math.min(pinned, 64));
        const keep = 64 - wanted < 2 ? 1 : wanted;
        reference.dropPositions(keep, Math.max(1, Math.floor((64 - keep) / 2)));
        for (const token of [3, 141, 5, 92]) {
          sliding.readToken(token);
          expect(largestError(sliding.logits, reference.next(token)), architecture).to.be.below(4e-3);
        }
      }
    });
  }

  it('gives after sliding, in one layer, what reading the kept tokens anew gives, but for keys that were rounded twice', async () => {
    const model = randomModel({ architecture: 'llama', type: 'F32', layers: 1 });
    const sliding = await loadDecoder(fetchKernel, model, { contextTokens: 64 });
    const fresh = await loadDecoder(fetchKernel, model, { contextTokens: 64 });
    const prompt = randomTokens(64, VOCABULARY, 9);
    await sliding.readPrompt(prompt, { pinned: 10 });
    sliding.readToken(7);
    await fresh.readPrompt([...prompt.slice(0, 10), ...prompt.slice(10 + 27), 7]);
    expect(sliding.length).to.equal(fresh.length);
    // Measured: 2e-3.
    expect(largestError(sliding.logits, Float64Array.from(fresh.logits))).to.be.below(1e-2);
  });

  it('reads anew what slid, because it knows what was dropped, and gives the bits of a fresh reading', async () => {
    const sliding = await loadDecoder(fetchKernel, file, { contextTokens: 64 });
    // Tokens that repeat: what slid up looks like what stood there.
    const prompt = Array.from({ length: 64 }, (_, index) => (index < 8 ? index : 40));
    await sliding.readPrompt(prompt, { pinned: 8 });
    sliding.readToken(40);
    const again = prompt.slice(0, 30);
    expect(await sliding.readPrompt(again)).to.equal(22);
    expect(sliding.logits.slice()).to.deep.equal(await logitsOf(decoder, again));
  });
});
