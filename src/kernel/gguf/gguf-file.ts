import { invalidModel } from './invalid-model.ts';
import type { GgufHeader, GgufTensor } from './read-gguf.ts';
import { readGgufHeader } from './read-gguf.ts';

/** A GGUF file that lies in memory as a whole. */
export interface GgufFile extends GgufHeader {
  /** The bytes of a tensor of this file, a view. */
  readonly bytesOf: (tensor: GgufTensor) => Uint8Array;
}

/**
 * Opens a GGUF file; metadata and tensors are views into the given bytes.
 * @throws UnderstudyError `engine/model-invalid` for everything that is no GGUF file of version 2 or 3.
 */
export function openGguf(bytes: Uint8Array): GgufFile {
  const header = readGgufHeader(bytes, bytes.length);
  if (header === null) throw invalidModel(`The file ends at byte ${bytes.length}, within its header.`);
  return {
    ...header,
    bytesOf: ({ offset, sizeBytes }) => bytes.subarray(offset, offset + sizeBytes),
  };
}
