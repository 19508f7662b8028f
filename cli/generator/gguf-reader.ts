import { ByteReader, invalidModel } from './byte-reader.ts';

/** A value of the metadata of a GGUF file. */
export type GgufValue = string | number | boolean | readonly GgufValue[];

/** How the numbers of a tensor are stored. */
export type GgufTensorType = 'F32' | 'F16' | 'Q8_0';

/** One tensor of a GGUF file. */
export interface GgufTensor {
  readonly name: string;
  /** Lengths with the fastest-running first, so `[columns, rows]` for a matrix. */
  readonly dims: readonly number[];
  readonly type: GgufTensorType;
  /** View into the file; 34 bytes for every 32 values in Q8_0 (a half-precision scale, then 32 signed bytes). */
  readonly bytes: Uint8Array;
}

/** A GGUF file; see https://github.com/ggml-org/ggml/blob/master/docs/gguf.md for the format. */
export interface GgufFile {
  readonly metadata: ReadonlyMap<string, GgufValue>;
  readonly tensors: ReadonlyMap<string, GgufTensor>;
}

const MAGIC = 0x46554747;
const MAX_ENTRIES = 65_536;
const MAX_DIMS = 4;
const MAX_ARRAY_DEPTH = 3;
const DEFAULT_ALIGNMENT = 32;

/** Type id of ggml → name, values a block, bytes a block. */
const TENSOR_TYPES: ReadonlyMap<number, readonly [GgufTensorType, number, number]> = new Map([
  [0, ['F32', 1, 4]],
  [1, ['F16', 1, 2]],
  [8, ['Q8_0', 32, 34]],
]);

/** Least bytes an array element of each value type takes; bounds the count of a hostile array. */
const LEAST_BYTES = [1, 1, 2, 2, 4, 4, 4, 1, 8, 12, 8, 8, 8] as const;

function readValue(reader: ByteReader, type: number, depth: number): GgufValue {
  switch (type) {
    case 0:
      return reader.u8();
    case 1:
      return reader.i8();
    case 2:
      return reader.u16();
    case 3:
      return reader.i16();
    case 4:
      return reader.u32();
    case 5:
      return reader.i32();
    case 6:
      return reader.f32();
    case 7:
      return reader.u8() !== 0;
    case 8:
      return reader.text();
    case 9:
      return readArray(reader, depth + 1);
    case 10:
      return reader.u64();
    case 11:
      return reader.i64();
    case 12:
      return reader.f64();
    default:
      throw invalidModel(`The metadata holds a value of unknown type ${type} before byte ${reader.offset}.`);
  }
}

function readArray(reader: ByteReader, depth: number): GgufValue[] {
  if (depth > MAX_ARRAY_DEPTH) throw invalidModel(`The metadata nests more than ${MAX_ARRAY_DEPTH} arrays.`);
  const type = reader.u32();
  const count = reader.u64();
  const least = LEAST_BYTES[type];
  if (least === undefined) throw invalidModel(`The metadata holds an array of unknown type ${type}.`);
  if (count * least > reader.remaining) {
    throw invalidModel(
      `The metadata announces ${count} values where only ${reader.remaining} bytes are left.`,
    );
  }
  const values: GgufValue[] = [];
  for (let index = 0; index < count; index += 1) values.push(readValue(reader, type, depth));
  return values;
}

function readCount(reader: ByteReader, of: string): number {
  const count = reader.u64();
  if (count > MAX_ENTRIES)
    throw invalidModel(`The file announces ${count} ${of}; at most ${MAX_ENTRIES} are read.`);
  return count;
}

function readMetadata(reader: ByteReader, count: number): Map<string, GgufValue> {
  const metadata = new Map<string, GgufValue>();
  for (let index = 0; index < count; index += 1) {
    const key = reader.text();
    if (metadata.has(key)) throw invalidModel(`The metadata holds "${key}" twice.`);
    metadata.set(key, readValue(reader, reader.u32(), 0));
  }
  return metadata;
}

interface TensorEntry {
  readonly name: string;
  readonly dims: readonly number[];
  readonly type: GgufTensorType;
  readonly offset: number;
  readonly sizeBytes: number;
}

function readTensorEntry(reader: ByteReader): TensorEntry {
  const name = reader.text();
  const rank = reader.u32();
  if (rank < 1 || rank > MAX_DIMS) throw invalidModel(`Tensor "${name}" has ${rank} dimensions.`);
  const dims: number[] = [];
  let values = 1;
  for (let index = 0; index < rank; index += 1) {
    const length = reader.u64();
    values *= length;
    if (length < 1 || !Number.isSafeInteger(values))
      throw invalidModel(`Tensor "${name}" has no valid shape.`);
    dims.push(length);
  }
  const typeId = reader.u32();
  const type = TENSOR_TYPES.get(typeId);
  if (type === undefined) {
    throw invalidModel(`Tensor "${name}" has type ${typeId}; only F32, F16 and Q8_0 are read.`);
  }
  const [typeName, blockValues, blockBytes] = type;
  if ((dims[0] ?? 0) % blockValues !== 0) {
    throw invalidModel(`Tensor "${name}" has rows of ${dims[0] ?? 0} values, no multiple of ${blockValues}.`);
  }
  return { name, dims, type: typeName, offset: reader.u64(), sizeBytes: (values / blockValues) * blockBytes };
}

function readAlignment(metadata: ReadonlyMap<string, GgufValue>): number {
  const alignment = metadata.get('general.alignment') ?? DEFAULT_ALIGNMENT;
  if (typeof alignment !== 'number' || !Number.isInteger(alignment) || alignment < 1 || alignment > 1 << 20) {
    throw invalidModel('The metadata "general.alignment" is no valid alignment.');
  }
  return alignment;
}

/**
 * Reads a GGUF file of version 2 or 3, little-endian; tensors are views into the given bytes.
 * @throws UnderstudyError `cli/model-invalid` for everything that is not such a file, or has other tensor types.
 */
export function readGguf(file: Uint8Array): GgufFile {
  const reader = new ByteReader(file);
  if (reader.u32() !== MAGIC) throw invalidModel('The file does not begin with "GGUF".');
  const version = reader.u32();
  if (version !== 2 && version !== 3)
    throw invalidModel(`The file has GGUF version ${version}; 2 and 3 are read.`);
  const tensorCount = readCount(reader, 'tensors');
  const metadata = readMetadata(reader, readCount(reader, 'metadata values'));
  const entries: TensorEntry[] = [];
  for (let index = 0; index < tensorCount; index += 1) entries.push(readTensorEntry(reader));
  const alignment = readAlignment(metadata);
  const start = Math.ceil(reader.offset / alignment) * alignment;
  const tensors = new Map<string, GgufTensor>();
  for (const { name, dims, type, offset, sizeBytes } of entries) {
    const begin = start + offset;
    if (begin + sizeBytes > file.length)
      throw invalidModel(`Tensor "${name}" reaches past the end of the file.`);
    if (tensors.has(name)) throw invalidModel(`The file holds tensor "${name}" twice.`);
    tensors.set(name, { name, dims, type, bytes: file.subarray(begin, begin + sizeBytes) });
  }
  return { metadata, tensors };
}
