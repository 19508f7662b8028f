/**
 * Writes what `run.py` needs to run the kernel outside of any JavaScript engine: for each decoder of golden-tokens.jsonl the memory
 * after loading, addresses, and the tokens that are expected.
 *
 *   node --import tsx test/wasmtime/export-images.ts FOLDER
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { goldenModels, parseGolden } from '../fixtures/golden-models.ts';
import { loadModel } from '../fixtures/kernel-builds.ts';
import { readKernel } from '../fixtures/kernel-files.ts';
import { randomModel } from '../fixtures/random-model.ts';
import { TokenCache } from '../../src/kernel/model/token-cache.ts';

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('Name a folder.');
await mkdir(folder, { recursive: true });
const golden = parseGolden(
  await readFile(new URL('../fixtures/golden-tokens.jsonl', import.meta.url), 'utf8'),
);
const cases = [];
for (const model of goldenModels()) {
  const wanted = golden.find(({ name }) => name === model.name);
  if (wanted === undefined) throw new Error(`golden-tokens.jsonl has no ${model.name}.`);
  const { arena, kernel, weights } = await loadModel(readKernel, randomModel(model));
  // All pages that will be needed, so that nothing but the kernel has to run elsewhere.
  new TokenCache(arena, kernel, weights).reserve(wanted.prompt.length + wanted.tokens.length);
  const file = `${model.name.replace(' ', '-')}.bin`;
  await writeFile(join(folder, file), new Uint8Array(arena.memory.buffer));
  cases.push({
    ...wanted,
    file,
    isEncoder: model.architecture === 'bert',
    vocabulary: weights.vocabulary,
    width: weights.shape.width,
    batch: weights.limits.batch,
    model: weights.image.model,
    tokensAt: weights.image.tokens,
  });
}
await writeFile(join(folder, 'cases.json'), JSON.stringify(cases));
console.log(`${cases.length} images in ${folder}`);
