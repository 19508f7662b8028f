import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import { UnderstudyError } from '../../src/contracts/errors.ts';
import type { GgufHeader } from '../../src/kernel/gguf/read-gguf.ts';
import { GgufHeaderReader } from '../../src/kernel/gguf/read-gguf.ts';
import { invalidModel } from '../../src/kernel/gguf/invalid-model.ts';
import type { ReadRange } from '../../src/kernel/model/pack-model.ts';

/** A GGUF file on the disk, its header read. */
export interface ModelFile {
  readonly header: GgufHeader;
  readonly read: ReadRange;
  close(): Promise<void>;
}

async function readRange(handle: FileHandle, offset: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await handle.read(bytes, filled, length - filled, offset + filled);
    if (bytesRead === 0) throw invalidModel(`The file ends at byte ${offset + filled}.`);
    filled += bytesRead;
  }
  return bytes;
}

/**
 * Opens a model file of any size; only its header is in memory.
 * @throws UnderstudyError `cli/not-found`, `engine/model-invalid`.
 */
export async function openModelFile(path: string): Promise<ModelFile> {
  const handle = await open(path).catch((cause: unknown) => {
    throw new UnderstudyError('cli/not-found', `The model file "${path}" cannot be read.`, {
      facts: { path },
      cause,
    });
  });
  try {
    const { size } = await handle.stat();
    const reader = new GgufHeaderReader(size);
    let header: GgufHeader | null = null;
    for (let last = -1; header === null && reader.neededBytes !== last;) {
      last = reader.neededBytes;
      header = reader.read(await readRange(handle, 0, last));
    }
    if (header === null) throw invalidModel(`The file ends at byte ${size}, within its header.`);
    return {
      header,
      read: (offset, length) => readRange(handle, offset, length),
      close: () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}
