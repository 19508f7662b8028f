import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UnderstudyError } from '../../src/contracts/errors.ts';
import type { KernelBuild } from '../../src/kernel/runtime/kernel-build.ts';
import { chooseBuild, kernelFile, kernelSupport } from '../../src/kernel/runtime/kernel-build.ts';
import { packageFolder } from '../package-folder.ts';

/**
 * Reads a file of the kernel as the package brings it.
 * @throws UnderstudyError `engine/load-failed` in a checkout that was not built.
 */
export async function readKernelFile(file: string): Promise<Uint8Array<ArrayBuffer>> {
  const path = join(packageFolder().path, 'dist/kernel', file);
  if (!existsSync(path)) {
    throw new UnderstudyError(
      'engine/load-failed',
      `The file "${path}" is missing; build the package first.`,
    );
  }
  return new Uint8Array(await readFile(path));
}

/** Compiles the best build for this process on one thread. @throws UnderstudyError `engine/unsupported`, `engine/load-failed`. */
export async function compileKernel(): Promise<WebAssembly.Module> {
  const build: KernelBuild | null = chooseBuild(kernelSupport(), 1);
  if (build === null)
    throw new UnderstudyError('engine/unsupported', 'This Node.js has no WebAssembly SIMD.');
  return WebAssembly.compile(await readKernelFile(kernelFile(build)));
}
