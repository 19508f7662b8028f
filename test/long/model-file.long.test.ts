/**
 * Loads 100 000 damaged models: each is refused with a code or computes, and none takes more memory than its own size and 16 MiB.
 * Some minutes; `node --import tsx --test test/long/model-file.long.test.ts`, with UNDERSTUDY_MUTATIONS for another number and
 * UNDERSTUDY_SEED for another beginning.
 */
import assert from 'node:assert/strict';
import test from 'node:test';
import { UnderstudyError } from '../../src/contracts/errors.ts';
import { openGguf } from '../../src/kernel/gguf/gguf-file.ts';
import { KernelDecoder } from '../../src/kernel/model/kernel-decoder.ts';
import { KernelEncoder } from '../../src/kernel/model/kernel-encoder.ts';
import { ModelLoader } from '../../src/kernel/model/model-loader.ts';
import { Arena } from '../../src/kernel/runtime/arena.ts';
import { openKernel, pushFile } from '../fixtures/kernel-builds.ts';
import { readKernel } from '../fixtures/kernel-files.ts';
import { mutateBytes } from '../fixtures/mutate-bytes.ts';
import { packModel } from '../fixtures/packed-model.ts';
import { MATRIX_TYPES, seededRandom } from '../fixtures/quantized-rows.ts';
import type { RandomModelOptions } from '../fixtures/random-model.ts';
import { randomModel } from '../fixtures/random-model.ts';

const COUNT = Number(process.env['UNDERSTUDY_MUTATIONS'] ?? 100_000);
const SEED = Number(process.env['UNDERSTUDY_SEED'] ?? 1);
const MODULE_BYTES = 16_384;
const ALLOWANCE = 16 * 2 ** 20;
/** Far above what loading such a file takes, far below a hang. */
const LONGEST_MS = 5000;

const SHAPE = { layers: 1, contextTokens: 64, vocabulary: 261 };
const small = { width: 32, heads: 2, keyHeads: 1, feedForward: 32 };
const options: RandomModelOptions[] = MATRIX_TYPES.flatMap((type) =>
  (['llama', 'qwen2', 'bert'] as const).map((architecture) => ({
    ...SHAPE,
    ...(type.endsWith('_K') ? { feedForward: 256 } : small),
    architecture,
    type,
    hasRopeFactors: architecture === 'llama',
  })),
);

test(`${COUNT} damaged models are refused with a code, or compute, in bounded memory`, async () => {
  const published = options.map((one) => randomModel(one));
  const files = await Promise.all(
    published.map(async (file) => [file, packModel(await openKernel(readKernel, 'plain'), file)]),
  ).then((pairs) => pairs.flat());
  const { arena: first, kernel } = await openKernel(readKernel, 'plain');
  const random = seededRandom(SEED);
  const outcomes = new Map<string, number>();
  for (let index = 0; index < COUNT; index += 1) {
    const file = files[index % files.length] ?? new Uint8Array();
    const { dataOffset } = openGguf(file);
    const damaged = mutateBytes(file, dataOffset, random);
    const fileBytes = random() < 0.1 ? file.length : damaged.length;
    const started = performance.now();
    // The same memory again: what is left of the last file must not matter, and the largest of all shows at the end.
    const arena = new Arena(first.memory, MODULE_BYTES);
    let outcome = 'computes';
    try {
      const loader = new ModelLoader({ arena, kernel, fileBytes, contextTokens: 2048, threads: 1 });
      const weights = pushFile(loader, damaged, 1 + Math.floor(random() * 2 * damaged.length));
      kernel.attach(weights.image.model, 1, 0);
      if (weights.shape.architecture === 'bert') new KernelEncoder(arena, kernel, weights).hiddenStates([1]);
      else new KernelDecoder(arena, kernel, weights).readToken(1);
    } catch (error) {
      // A trap of the kernel, a range error: anything without a code is a mistake of ours.
      if (!(error instanceof UnderstudyError)) {
        throw new Error(`File ${index} of seed ${SEED}`, { cause: error });
      }
      outcome = error.code;
    }
    assert.ok(performance.now() - started < LONGEST_MS, `file ${index} of seed ${SEED} took too long`);
    assert.ok(
      arena.take(0) <= Math.max(fileBytes, damaged.length) + ALLOWANCE,
      `file ${index} of seed ${SEED}`,
    );
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  }
  console.log(outcomes, `${(first.sizeBytes / 2 ** 20).toFixed(1)} MiB at most`);
  const known = ['computes', 'engine/model-invalid'];
  assert.deepEqual(
    [...outcomes.keys()].filter((outcome) => !known.includes(outcome)),
    [],
  );
  // Both happen, or nothing was tested.
  for (const outcome of known) assert.ok((outcomes.get(outcome) ?? 0) > COUNT / 100, outcome);
});
