import { expect } from '@open-wc/testing';
import {
  encodeTokens,
  fetchKernel,
  loadDecoder,
  loadModel,
  openKernel,
  testedBuilds,
  WAYS,
} from '../../../test/fixtures/kernel-builds.ts';
import { packModel } from '../../../test/fixtures/packed-model.ts';
import type { MatrixType } from '../../../test/fixtures/quantized-rows.ts';
import { MATRIX_TYPES } from '../../../test/fixtures/quantized-rows.ts';
import type { RandomModelOptions } from '../../../test/fixtures/random-model.ts';
import { randomModel, randomTokens } from '../../../test/fixtures/random-model.ts';
import { largestError, ReferenceModel } from '../../../test/fixtures/reference-model.ts';
import type { Vector } from '../../../test/fixtures/reference-model.ts';
import type { TestedBuild } from '../../../test/fixtures/kernel-builds.ts';
import { KernelDecoder } from './kernel-decoder.ts';

/*
 * Errors are the largest over the vocabulary (or the width), in deviations of the logits. Against the reference that rounds as the kernel
 * stores, what is left is single precision, until one number falls to the other side of a rounding: then the errors of all that follows are
 * of the size of the rounding itself. So the best of some short runs has to be as exact as single precision, and the worst of all no worse
 * than rounding.
 *
 *               measured, best · worst      asserted
 *   F32 … BF16    3e-7 … 4e-6 · 8e-4        2e-5 · 4e-3
 *   quantized     2e-7 … 5e-6 · 1.5e-1      2e-5 · 3e-1
 *   exact, F32 … BF16   worst 4e-3          1.5e-2
 *   exact, quantized    worst 1.7e-1, mean 9e-2   4e-1, 1.5e-1
 */
const isFloat = (type: MatrixType): boolean => ['F32', 'F16', 'BF16'].includes(type);
const BEST = 2e-5;
const worstOf = (type: MatrixType): number => (isFloat(type) ? 4e-3 : 0.3);
const exactWorstOf = (type: MatrixType): number => (isFloat(type) ? 1.5e-2 : 0.4);
const exactMeanOf = (type: MatrixType): number => (isFloat(type) ? 4e-3 : 0.15);
const TOKENS = 8;

/** What each architecture can have, spread over the seeds. */
function variants(architecture: 'llama' | 'qwen2' | 'bert', type: MatrixType): RandomModelOptions[] {
  return [1, 2, 3].map((seed) => ({
    architecture,
    type,
    seed,
    layers: seed === 1 ? 1 : 2,
    isTied: seed !== 2,
    hasRopeFactors: architecture === 'llama' && seed !== 1,
    ropeScale: seed === 3 && architecture !== 'bert' ? 4 : 1,
    hasTypes: seed !== 3,
  }));
}

async function kernelStates(
  file: Uint8Array,
  tokens: readonly number[],
  build: TestedBuild,
): Promise<Float32Array[]> {
  const model = await loadModel(fetchKernel, file, { build });
  if (model.weights.shape.architecture === 'bert') return encodeTokens(model, tokens);
  const decoder = new KernelDecoder(model.arena, model.kernel, model.weights);
  return tokens.map((token) => {
    decoder.readToken(token);
    return decoder.logits.slice();
  });
}

function referenceStates(file: Uint8Array, tokens: readonly number[], isRounded: boolean): Vector[] {
  const reference = new ReferenceModel(file, { isRounded });
  const isEncoder = randomKinds.get(file) === 'bert';
  return isEncoder ? reference.encode(tokens) : tokens.map((token) => reference.next(token));
}

/** Which architecture a file was written with. */
const randomKinds = new WeakMap<Uint8Array, string>();
function write(options: RandomModelOptions): Uint8Array {
  const file = randomModel(options);
  randomKinds.set(file, options.architecture);
  return file;
}

const errorsOf = (got: readonly Float32Array[], wanted: readonly Vector[]): number[] =>
  wanted.map((vector, index) => largestError(got[index] ?? [], vector));

describe('logits and hidden states of the kernel', () => {
  for (const architecture of ['llama', 'qwen2', 'bert'] as const) {
    for (const type of MATRIX_TYPES) {
      it(`are those of double precision for ${architecture} in ${type}`, async () => {
        const rounded: number[] = [];
        const exact: number[] = [];
        for (const options of variants(architecture, type)) {
          const file = write(options);
          // An encoder's tokens all see each other: few, so that some run has no number between two roundings.
          const tokens = randomTokens(
            architecture === 'bert' ? (options.seed ?? 1) : TOKENS,
            269,
            options.seed,
          );
          const got = await kernelStates(file, tokens, 'plain');
          rounded.push(...errorsOf(got, referenceStates(file, tokens, true)));
          exact.push(...errorsOf(got, referenceStates(file, tokens, false)));
        }
        const mean = exact.reduce((sum, error) => sum + error, 0) / exact.length;
        expect(Math.min(...rounded), 'best').to.be.below(BEST);
        expect(Math.max(...rounded), 'worst').to.be.below(worstOf(type));
        expect(Math.max(...exact), 'worst against exact').to.be.below(exactWorstOf(type));
        expect(mean, 'mean against exact').to.be.below(exactMeanOf(type));
      });
    }
  }

  it('keep that over long texts, whose keys are many pages', async () => {
    const file = write({ architecture: 'llama', type: 'F32', layers: 1 });
    const tokens = randomTokens(150, 269);
    const got = await kernelStates(file, tokens, 'plain');
    expect(Math.max(...errorsOf(got, referenceStates(file, tokens, true)))).to.be.below(4e-3);
  });

  for (const [name, shape] of [
    ['one head', { heads: 1, keyHeads: 1, headWidth: 96 }],
    ['as many key heads as heads', { heads: 12, keyHeads: 12, headWidth: 8 }],
    ['one key head for five', { heads: 5, keyHeads: 1, headWidth: 32 }],
    ['heads wider together than the model', { heads: 6, keyHeads: 2, headWidth: 32 }],
    ['a feed-forward width of no multiple of 64', { feedForward: 224 }],
  ] as const) {
    it(`are right with ${name}`, async () => {
      for (const architecture of ['llama', 'qwen2'] as const) {
        const file = write({ architecture, type: 'F32', ...shape });
        const tokens = randomTokens(TOKENS, 269);
        const errors = errorsOf(
          await kernelStates(file, tokens, 'plain'),
          referenceStates(file, tokens, true),
        );
        expect(Math.max(...errors), architecture).to.be.below(4e-3);
        expect(Math.min(...errors), architecture).to.be.below(BEST);
      }
    });
  }

  for (const architecture of ['llama', 'qwen2', 'bert'] as const) {
    for (const type of MATRIX_TYPES) {
      it(`have the same bits from packed files and, where it runs, relaxed SIMD: ${architecture} in ${type}`, async () => {
        const file = write({ architecture, type });
        const tokens = randomTokens(TOKENS, 269);
        const wanted = await kernelStates(file, tokens, 'plain');
        const packed = packModel(await openKernel(fetchKernel, 'plain'), file);
        for (const build of testedBuilds()) {
          expect(await kernelStates(packed, tokens, build), `packed, ${build}`).to.deep.equal(wanted);
          expect(await kernelStates(file, tokens, build), `published, ${build}`).to.deep.equal(wanted);
        }
      });
    }
  }

  it('have the same bits with pairs of products as with widened ones', async function () {
    if (!testedBuilds().includes('relaxed')) this.skip();
    for (const type of MATRIX_TYPES) {
      const file = write({ architecture: 'llama', type });
      const tokens = randomTokens(40, 269);
      const read = async (ways: readonly [number, number, number, number]): Promise<Float32Array> => {
        const model = await loadModel(fetchKernel, file, { build: 'relaxed' });
        model.kernel.chooseWays(...ways);
        const decoder = new KernelDecoder(model.arena, model.kernel, model.weights);
        await decoder.readPrompt(tokens);
        return decoder.logits.slice();
      };
      const decoder = await loadDecoder(fetchKernel, file);
      await decoder.readPrompt(tokens);
      for (const [name, ways] of Object.entries(WAYS)) {
        expect(await read(ways), `${type}, ${name}`).to.deep.equal(decoder.logits.slice());
      }
    }
  });

  it('are finite numbers for texts of one token and the last one of the vocabulary', async () => {
    const file = write({ architecture: 'qwen2', type: 'Q8_0' });
    const [logits = new Float32Array()] = await kernelStates(file, [268], 'plain');
    expect(logits.length).to.equal(269);
    expect(logits.every((value) => Number.isFinite(value))).to.be.true;
  });
});
