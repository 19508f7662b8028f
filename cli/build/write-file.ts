import { appendFileSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
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
    throw writeFailed(path, error);
  }
}

/** Adds a text to a file, which is made where there is none. @throws UnderstudyError `cli/write-failed`. */
export function appendToFile(path: string, text: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    appendFileSync(path, text);
  } catch (error) {
    throw writeFailed(path, error);
  }
}

function writeFailed(path: string, cause: unknown): UnderstudyError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new UnderstudyError('cli/write-failed', `"${path}" cannot be written: ${why}.`, {
    facts: { path },
    cause,
  });
}
