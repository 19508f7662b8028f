import { packModel } from '../../src/kernel/model/pack-model.ts';
import { compileKernel } from './kernel-files.ts';
import { openModelFile } from './open-model-file.ts';

/**
 * Lays a GGUF file out for the kernel; the whole of it is in memory.
 * @throws UnderstudyError `cli/not-found`, `engine/model-invalid`.
 */
export async function packedFile(path: string): Promise<Uint8Array<ArrayBuffer>> {
  const file = await openModelFile(path);
  try {
    const { layout, pieces } = packModel(file.header, file.read, await compileKernel());
    const bytes = new Uint8Array(layout.fileBytes);
    let offset = 0;
    for await (const piece of pieces) {
      bytes.set(piece, offset);
      offset += piece.length;
    }
    return bytes;
  } finally {
    await file.close();
  }
}

/**
 * Bytes of a GGUF file as {@link packedFile} lays it out, told by its header.
 * @throws UnderstudyError `cli/not-found`, `engine/model-invalid`.
 */
export async function packedSize(path: string): Promise<number> {
  const file = await openModelFile(path);
  try {
    return packModel(file.header, file.read, await compileKernel()).layout.fileBytes;
  } finally {
    await file.close();
  }
}
