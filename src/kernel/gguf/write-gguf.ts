import { concatBytes } from '../../bytes/concat-bytes.ts';
import type { GgufMetadata } from './metadata.ts';
import type { GgufTensor } from './read-gguf.ts';
import type { TensorType } from './tensor-type.ts';
import { tensorSizeBytes } from './tensor-type.ts';
import { VALUE_TYPES } from './value-type.ts';
import { invalidModel } from './invalid-model.ts';

/** A metadata value to write; numbers name their kind, `raw` is kind and value as they stood in another file. */
export type WrittenValue =
  | string
  | boolean
  | { readonly u32: number }
  | { readonly i32: number }
  | { readonly u64: number }
  | { readonly f32: number }
  | { readonly strings: Iterable<string> }
  | { readonly i32s: readonly number[] | Int32Array }
  | { readonly f32s: readonly number[] | Float32Array }
  | { readonly raw: Uint8Array };

/** A tensor to write. */
export interface WrittenTensor {
  readonly name: string;
  /** Lengths with the fastest-running first. */
  readonly dims: readonly number[];
  readonly type: TensorType;
}

/** Where everything of a file to write goes. */
export interface GgufLayout {
  /** The first bytes of the file, padded up to the first tensor. */
  readonly header: Uint8Array<ArrayBuffer>;
  /** The tensors in the given order with ascending offsets; between them and after the last stand zeros. */
  readonly tensors: readonly GgufTensor[];
  readonly fileBytes: number;
}

const ALIGNMENT_KEY = 'general.alignment';
const DEFAULT_ALIGNMENT = 32;

/**
 * Lays out a GGUF file of version 3, so that a caller can write header and tensors one after the other without holding
 * the file in memory. A `general.alignment` among the values is kept.
 * @throws UnderstudyError `engine/model-invalid` for tensors whose rows do not fit their encoding.
 */
export function layOutGguf(
  metadata: Iterable<readonly [string, WrittenValue]>,
  tensors: readonly WrittenTensor[],
): GgufLayout {
  const values = [...metadata];
  const parts: Uint8Array[] = [encoder.encode('GGUF'), u32(3), u64(tensors.length), u64(values.length)];
  let alignment = DEFAULT_ALIGNMENT;
  for (const [key, value] of values) {
    const bytes = valueBytes(value);
    parts.push(text(key), bytes);
    if (key === ALIGNMENT_KEY) alignment = new DataView(bytes.buffer, bytes.byteOffset).getUint32(4, true);
  }
  const padded = (length: number): number => Math.ceil(length / alignment) * alignment;
  let dataBytes = 0;
  const placed = tensors.map(({ name, dims, type }): GgufTensor => {
    const sizeBytes = tensorSizeBytes(type, dims);
    if (sizeBytes === null) {
      throw invalidModel(`Tensor "${name}" of ${dims.join(' x ')} cannot be encoded as ${type.name}.`);
    }
    parts.push(text(name), u32(dims.length), ...dims.map(u64), u32(type.id), u64(dataBytes));
    const offset = dataBytes;
    dataBytes = padded(offset + sizeBytes);
    return { name, dims, type, offset, sizeBytes };
  });
  const bytes = concatBytes(parts);
  const header = new Uint8Array(padded(bytes.length));
  header.set(bytes);
  return {
    header,
    tensors: placed.map((tensor) => ({ ...tensor, offset: header.length + tensor.offset })),
    fileBytes: header.length + dataBytes,
  };
}

/** Writes a GGUF file of version 3 in memory. @throws UnderstudyError `engine/model-invalid` for wrong sizes. */
export function writeGguf(
  metadata: Iterable<readonly [string, WrittenValue]>,
  tensors: readonly (WrittenTensor & { readonly bytes: Uint8Array })[],
): Uint8Array<ArrayBuffer> {
  const layout = layOutGguf(metadata, tensors);
  const file = new Uint8Array(layout.fileBytes);
  file.set(layout.header);
  for (const [index, { name, offset, sizeBytes }] of layout.tensors.entries()) {
    const bytes = tensors[index]?.bytes;
    if (bytes?.length !== sizeBytes) {
      throw invalidModel(`Tensor "${name}" takes ${sizeBytes} bytes, not ${bytes?.length ?? 0}.`);
    }
    file.set(bytes, offset);
  }
  return file;
}

/** Gives all values of a file as they stand in it, to write them into another. */
export function* copyMetadata(metadata: GgufMetadata): Generator<readonly [string, WrittenValue]> {
  for (const key of metadata.keys()) {
    const raw = metadata.raw(key);
    if (raw !== null) yield [key, { raw }];
  }
}

const encoder = new TextEncoder();

function u32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes;
}

function u64(value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value), true);
  return bytes;
}

function text(value: string): Uint8Array {
  const bytes = encoder.encode(value);
  return concatBytes([u64(bytes.length), bytes]);
}

/** Numbers of four bytes each, after one another. */
function words(count: number, write: (view: DataView, at: number, index: number) => void): Uint8Array {
  const bytes = new Uint8Array(count * 4);
  const view = new DataView(bytes.buffer);
  for (let index = 0; index < count; index += 1) write(view, index * 4, index);
  return bytes;
}

function list(type: number, count: number, items: readonly Uint8Array[]): Uint8Array {
  return concatBytes([u32(VALUE_TYPES.array), u32(type), u64(count), ...items]);
}

function valueBytes(value: WrittenValue): Uint8Array {
  if (typeof value === 'string') return concatBytes([u32(VALUE_TYPES.string), text(value)]);
  if (typeof value === 'boolean') {
    return concatBytes([u32(VALUE_TYPES.bool), Uint8Array.of(value ? 1 : 0)]);
  }
  if ('raw' in value) return value.raw;
  if ('u32' in value) return concatBytes([u32(VALUE_TYPES.u32), u32(value.u32)]);
  if ('i32' in value) return concatBytes([u32(VALUE_TYPES.i32), u32(value.i32)]);
  if ('u64' in value) return concatBytes([u32(VALUE_TYPES.u64), u64(value.u64)]);
  if ('f32' in value) {
    return concatBytes([u32(VALUE_TYPES.f32), words(1, (view, at) => view.setFloat32(at, value.f32, true))]);
  }
  if ('strings' in value) {
    const texts = [...value.strings];
    return list(VALUE_TYPES.string, texts.length, texts.map(text));
  }
  if ('i32s' in value) {
    const { i32s } = value;
    const bytes = words(i32s.length, (view, at, index) => view.setInt32(at, i32s[index] ?? 0, true));
    return list(VALUE_TYPES.i32, i32s.length, [bytes]);
  }
  const { f32s } = value;
  const bytes = words(f32s.length, (view, at, index) => view.setFloat32(at, f32s[index] ?? 0, true));
  return list(VALUE_TYPES.f32, f32s.length, [bytes]);
}
