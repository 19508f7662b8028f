import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { UnderstudyError } from '../../src/contracts/errors.ts';

/**
 * Writes a file so that readers see the old one or the new one, never a part: beside it first, then renamed.
 * @throws UnderstudyError `cli/write-failed`.
 */
export function writeFileWhole(path: string, bytes: Uint8Array | string): void {
  const unfinished = `${path}.${process.pid}.part`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(unfinished, bytes);
    renameSync(unfinished, path);
  } catch (error) {
    rmSync(unfinished, { force: true });
    const why = error instanceof Error ? error.message : String(error);
    throw new UnderstudyError('cli/write-failed', `"${path}" cannot be written: ${why}.`, {
      facts: { path },
      cause: error,
    });
  }
}
