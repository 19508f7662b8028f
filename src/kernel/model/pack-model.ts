import type { GgufHeader, GgufTensor } from '../gguf/read-gguf.ts';
import { packedTypeOf, tensorType } from '../gguf/tensor-type.ts';
import type { GgufLayout } from '../gguf/write-gguf.ts';
import { copyMetadata, layOutGguf } from '../gguf/write-gguf.ts';
import { Arena } from '../runtime/arena.ts';
import { instantiateKernel } from '../runtime/kernel-instance.ts';
import { groupBytes, GroupPacker, stagingBytes } from './group-packer.ts';
import { PACKED_KEY, PACKED_VERSION, readModelShape } from './model-shape.ts';
import { modelTensors } from './tensor-list.ts';
import { vectorValues } from './vector-values.ts';

/** A model file that is being packed. */
export interface PackedModel {
  readonly layout: GgufLayout;
  /** Whether the file was packed already, and is given out as it is. */
  readonly wasPacked: boolean;
  /** The whole file in order. */
  readonly pieces: AsyncIterable<Uint8Array>;
}

/** Reads bytes of the file to pack. */
export type ReadRange = (offset: number, length: number) => Promise<Uint8Array>;

const PIECE_BYTES = 4 * 2 ** 20;

/**
 * Lays a published model out for the kernel: still a GGUF file, with all metadata as they stand, matrices in packed encodings, and norms and
 * biases in F32.
 *
 * The same input gives the same bytes. Memory holds one piece of the file at a time.
 *
 * @param module - Any build of the kernel that is not shared.
 * @throws UnderstudyError `engine/model-invalid` for a model the kernel does not run.
 */
export function packModel(header: GgufHeader, read: ReadRange, module: WebAssembly.Module): PackedModel {
  const { metadata } = header;
  const shape = readModelShape(metadata);
  // In the order of the file, so that it is read from front to back.
  const tensors = modelTensors(header, shape).tensors.toSorted((a, b) => a.offset - b.offset);
  const wasPacked = metadata.has(PACKED_KEY);
  const layout = layOutGguf(
    wasPacked ? copyMetadata(metadata) : [...copyMetadata(metadata), [PACKED_KEY, { u32: PACKED_VERSION }]],
    tensors.map(({ name, dims, type }) => ({
      name,
      dims,
      type: dims.length > 1 ? packedTypeOf(type) : tensorType('F32'),
    })),
  );
  return { layout, wasPacked, pieces: packPieces(layout, tensors, read, module) };
}

async function* packPieces(
  layout: GgufLayout,
  tensors: readonly GgufTensor[],
  read: ReadRange,
  module: WebAssembly.Module,
): AsyncGenerator<Uint8Array, void, undefined> {
  yield layout.header;
  let position = layout.header.length;
  for (const [index, tensor] of tensors.entries()) {
    const target = layout.tensors[index];
    if (target === undefined) return;
    if (target.offset > position) yield new Uint8Array(target.offset - position);
    yield* packTensor(tensor, read, module);
    position = target.offset + target.sizeBytes;
  }
  if (layout.fileBytes > position) yield new Uint8Array(layout.fileBytes - position);
}

async function* packTensor(
  tensor: GgufTensor,
  read: ReadRange,
  module: WebAssembly.Module,
): AsyncGenerator<Uint8Array, void, undefined> {
  if (tensor.dims.length === 1) {
    const values = vectorValues(tensor, await read(tensor.offset, tensor.sizeBytes));
    yield new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    return;
  }
  if (tensor.type.isPacked) {
    for (let at = 0; at < tensor.sizeBytes; at += PIECE_BYTES) {
      yield await read(tensor.offset + at, Math.min(PIECE_BYTES, tensor.sizeBytes - at));
    }
    return;
  }
  // One tensor a time in a memory of its own: it holds no more than eight rows, twice.
  const arena = Arena.create(false);
  const kernel = await instantiateKernel(module, arena.memory);
  const staging = arena.take(stagingBytes(tensor));
  const size = groupBytes(tensor);
  const target = arena.take(size);
  let ready: Uint8Array[] = [];
  const packer = new GroupPacker(
    arena,
    kernel,
    tensor,
    staging,
    () => target,
    (_group, at) => {
      ready.push(arena.bytes.slice(at, at + size));
    },
  );
  for (let at = 0; at < tensor.sizeBytes; at += PIECE_BYTES) {
    packer.push(await read(tensor.offset + at, Math.min(PIECE_BYTES, tensor.sizeBytes - at)));
    yield* ready;
    ready = [];
  }
}
