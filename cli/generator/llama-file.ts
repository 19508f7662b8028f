import { openGguf } from '../../src/kernel/gguf/gguf-file.ts';
import { invalidModel } from '../../src/kernel/gguf/invalid-model.ts';
import type { GgufMetadata } from '../../src/kernel/gguf/metadata.ts';
import type { GgufTensor } from '../../src/kernel/gguf/read-gguf.ts';

/** A tensor with its bytes, a view into the file. */
export interface LoadedTensor extends GgufTensor {
  readonly bytes: Uint8Array;
}

/** A GGUF file in memory whose tensors the derived graph can hold bit for bit. */
export interface LlamaFile {
  readonly metadata: GgufMetadata;
  readonly tensors: ReadonlyMap<string, LoadedTensor>;
}

const HELD: ReadonlySet<string> = new Set(['F32', 'F16', 'Q8_0']);

/**
 * Opens a GGUF file to derive a graph from it.
 * @throws UnderstudyError `engine/model-invalid` for what is no GGUF file, or has tensors other than F32, F16 and Q8_0.
 */
export function readLlamaFile(bytes: Uint8Array): LlamaFile {
  const { metadata, tensors, bytesOf } = openGguf(bytes);
  const loaded = new Map<string, LoadedTensor>();
  for (const [name, tensor] of tensors) {
    if (!HELD.has(tensor.type.name)) {
      throw invalidModel(
        `Tensor "${name}" is encoded as ${tensor.type.name}; the graph holds F32, F16 and Q8_0.`,
      );
    }
    loaded.set(name, { ...tensor, bytes: bytesOf(tensor) });
  }
  return { metadata, tensors: loaded };
}
