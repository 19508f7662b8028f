import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * The same weights as a bundle brings them to our kernel: laid out by the built command, once.
 *
 * @param {string} distFolder
 * @param {string} gguf
 * @returns {Promise<string>}
 */
export async function packModel(distFolder, gguf) {
  const packed = gguf.replace(/\.gguf$/, '.packed.gguf');
  if (!existsSync(packed)) {
    await run(process.execPath, [join(distFolder, 'cli/understudy.js'), 'pack', gguf, '--out', packed]);
  }
  return packed;
}
