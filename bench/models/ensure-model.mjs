import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureTwin } from './ensure-twin.mjs';
import { SHAPES } from './shapes.mjs';
import { writeGguf } from './write-gguf.mjs';

const folder = import.meta.dirname;

/** Digest of the writers: files of older writers are not used. */
async function writersDigest() {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.mjs')).sort();
  const hash = createHash('sha256');
  for (const name of names) hash.update(await readFile(join(folder, name)));
  return hash.digest('hex').slice(0, 12);
}

/**
 * Writes a model of random weights into the cache, unless it is there.
 *
 * @param {object} wanted
 * @param {string} wanted.root Of the project; the cache is `.cache/bench-models`.
 * @param {keyof typeof SHAPES} wanted.shape
 * @param {'Q8_0' | 'Q4_0'} wanted.type
 * @param {boolean} wanted.withOnnx Whether its twin for Transformers.js is wanted, too.
 * @param {(line: string) => void} wanted.report
 * @returns {Promise<{gguf: string, onnxFolder: string | null}>} Paths.
 */
export async function ensureModel({ root, shape, type, withOnnx, report }) {
  const cache = join(root, '.cache/bench-models');
  const name = `${shape}-${type}-${await writersDigest()}`;
  const gguf = join(cache, `${name}.gguf`);
  const onnxFolder = join(cache, name);
  await mkdir(cache, { recursive: true });
  for (const old of await readdir(cache))
    if (old.startsWith(`${shape}-${type}-`) && !old.startsWith(name))
      await rm(join(cache, old), { recursive: true, force: true });
  if (!existsSync(gguf)) {
    report(`writing ${name}.gguf`);
    await writeGguf(gguf, { shape: SHAPES[shape], type, name: shape });
  }
  if (withOnnx) await ensureTwin({ root, gguf, onnxFolder, report });
  return { gguf, onnxFolder: withOnnx ? onnxFolder : null };
}
