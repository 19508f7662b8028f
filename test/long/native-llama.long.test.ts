/**
 * Lays the kernel beside native llama.cpp on the same files: models of random weights, 4 M each, in every type.
 *
 *   (cd bench && npm ci --ignore-scripts)      # once, for node-llama-cpp
 *   node --import tsx --test test/long/native-llama.long.test.ts
 *
 * F32: the same greedy tokens up to the first place where native's two best are closer than 1e-3. All types, native's tokens fed to
 * both: at least 99 % have the same best token where native's two best are further apart than the stated tolerance; the mean divergence
 * of the distributions is printed, and how far both are from double precision. Never-run where native is missing.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { writeGguf } from '../../bench/models/write-gguf.mjs';
import type { KernelDecoder } from '../../src/kernel/model/kernel-decoder.ts';
import { bestToken, loadDecoder } from '../fixtures/kernel-builds.ts';
import { readKernel } from '../fixtures/kernel-files.ts';
import { MATRIX_TYPES } from '../fixtures/quantized-rows.ts';
import type { MatrixType } from '../fixtures/quantized-rows.ts';
import { randomTokens } from '../fixtures/random-model.ts';
import { ReferenceModel } from '../fixtures/reference-model.ts';

const SHAPE = {
  width: 256,
  layers: 4,
  heads: 8,
  keyHeads: 2,
  feedForward: 768,
  vocabulary: 2048,
  tied: false,
  contextTokens: 512,
  ropeBase: 10_000,
};
const TOKENS = 192;
/** Positions that are computed in double precision as well. */
const EXACT_TOKENS = 48;
const GREEDY = 96;
const NEAR_TIE = 1e-3;
const LEAST_AGREEMENT = 0.99;
const EXIT_UNAVAILABLE = 69;

/**
 * Margins of native's two best tokens from which on the same token is expected: five times the root mean square by which a logit was
 * measured to differ, where logits have a deviation of 2. Floats differ by the cache in halves, and by activations that native rounds to
 * F16 and BF16; quantized ones by activations in 8 bits, which native scales for 256 columns at a time in the K types, not for 32.
 */
const TOLERANCES: Readonly<Record<MatrixType, number>> = {
  F32: 0.01,
  F16: 0.015,
  BF16: 0.06,
  Q8_0: 0.25,
  Q4_0: 0.25,
  Q4_K: 0.4,
  Q5_K: 0.4,
  Q6_K: 0.4,
};

interface NativeStep {
  readonly token: number;
  readonly kind: 'given' | 'greedy';
  readonly margin: number;
  readonly logits: Float32Array;
}

/** Runs native llama.cpp; null where it is not installed. */
function runNative(model: string, tokens: readonly number[], greedy: number): NativeStep[] | null {
  const script = new URL('../native/native-logits.mjs', import.meta.url).pathname;
  const args = [script, model, '--tokens', tokens.join(','), '--greedy', String(greedy), '--logits'];
  const run = spawnSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 2 ** 30 });
  if (run.status === EXIT_UNAVAILABLE) return null;
  assert.equal(run.status, 0, run.stderr);
  const [, ...lines] = run.stdout.trim().split('\n');
  return lines.map((line) => {
    const step = JSON.parse(line) as Omit<NativeStep, 'logits'> & { readonly logits: string };
    const bytes = Uint8Array.from(Buffer.from(step.logits, 'base64'));
    return { ...step, logits: new Float32Array(bytes.buffer) };
  });
}

function logProbabilities(logits: ArrayLike<number>): Float64Array {
  const values = Float64Array.from(logits);
  const top = values.reduce((most, value) => Math.max(most, value), -Infinity);
  const total = Math.log(values.reduce((sum, value) => sum + Math.exp(value - top), 0)) + top;
  return values.map((value) => value - total);
}

function divergence(of: ArrayLike<number>, from: ArrayLike<number>): number {
  const p = logProbabilities(of);
  const q = logProbabilities(from);
  return p.reduce((sum, value, index) => sum + Math.exp(value) * (value - (q[index] ?? 0)), 0);
}

const differences = (a: ArrayLike<number>, b: ArrayLike<number>): Float64Array =>
  Float64Array.from({ length: a.length }, (_, index) => (a[index] ?? 0) - (b[index] ?? 0));
const rootMeanSquare = (values: Float64Array): number =>
  Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
const largestOf = (values: Float64Array): number =>
  values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

function readAll(decoder: KernelDecoder, steps: readonly NativeStep[]): Float32Array[] {
  return steps.map(({ token }) => {
    decoder.readToken(token);
    return decoder.logits.slice();
  });
}

for (const architecture of ['llama', 'qwen2'] as const) {
  for (const type of MATRIX_TYPES) {
    test(`${architecture} in ${type} beside native llama.cpp`, async (context) => {
      const folder = await mkdtemp(join(tmpdir(), 'understudy-native-'));
      try {
        const path = join(folder, 'model.gguf');
        await writeGguf(path, { shape: { ...SHAPE, architecture }, type });
        const native = runNative(path, randomTokens(TOKENS, SHAPE.vocabulary), GREEDY);
        if (native === null) {
          context.skip('never run: node-llama-cpp is not installed in bench');
          return;
        }
        const file = new Uint8Array(await readFile(path));
        const ours = readAll(
          await loadDecoder(readKernel, file, { contextTokens: SHAPE.contextTokens }),
          native,
        );
        const tolerance = TOLERANCES[type];
        const isSame = native.map(({ logits }, index) => bestToken(logits) === bestToken(ours[index] ?? []));
        const clear = native
          .map((_, index) => index)
          .filter((index) => (native[index]?.margin ?? 0) > tolerance);
        const agreement = clear.filter((index) => isSame[index]).length / clear.length;
        const deltas = native.map(({ logits }, index) => differences(ours[index] ?? [], logits));
        const reference = new ReferenceModel(file);
        const exact = native.slice(0, EXACT_TOKENS).map(({ token }) => reference.next(token));
        const errorOf = (all: readonly ArrayLike<number>[]): number =>
          meanOf(exact.map((logits, index) => rootMeanSquare(differences(all[index] ?? [], logits))));
        const [oursError, nativeError] = [errorOf(ours), errorOf(native.map(({ logits }) => logits))];
        const figures = {
          agreement: `${(100 * agreement).toFixed(2)} % of ${clear.length} with a margin over ${tolerance}`,
          allAgreement: `${((100 * isSame.filter(Boolean).length) / isSame.length).toFixed(1)} % of ${isSame.length}`,
          divergence: meanOf(
            native.map(({ logits }, index) => divergence(logits, ours[index] ?? [])),
          ).toExponential(1),
          largestDifference: Math.max(...deltas.map(largestOf)).toExponential(1),
          deviation: rootMeanSquare(Float64Array.from(native[0]?.logits ?? [])).toFixed(2),
          oursFromExact: oursError.toExponential(1),
          nativeFromExact: nativeError.toExponential(1),
        };
        console.log(architecture, type, JSON.stringify(figures));
        assert.ok(clear.length > native.length / 8, 'too few clear positions to say anything');
        assert.ok(agreement >= LEAST_AGREEMENT, 'agreement');
        // Not only near native, but as near to the truth.
        assert.ok(oursError < 1.5 * nativeError, 'error');
        if (type === 'F32') {
          const greedy = native
            .map(({ kind }, index) => (kind === 'greedy' ? index - 1 : -1))
            .filter((at) => at >= 0);
          const tie = greedy.find((at) => (native[at]?.margin ?? 0) < NEAR_TIE) ?? native.length;
          for (const at of greedy.filter((index) => index < tie)) {
            assert.equal(
              bestToken(ours[at] ?? []),
              native[at + 1]?.token,
              `greedy token after position ${at}`,
            );
          }
        }
      } finally {
        await rm(folder, { recursive: true });
      }
    });
  }
}
