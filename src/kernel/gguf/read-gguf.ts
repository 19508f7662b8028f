import { ByteCursor, MoreBytesNeeded } from './byte-cursor.ts';
import { invalidModel } from './invalid-model.ts';
import type { MetadataPlace } from './metadata.ts';
import { GgufMetadata } from './metadata.ts';
import type { TensorType } from './tensor-type.ts';
import { nameOfUnread, tensorSizeBytes, tensorTypeById } from './tensor-type.ts';
import { LEAST_BYTES, VALUE_TYPES } from './value-type.ts';

/** One tensor of a GGUF file. */
export interface GgufTensor {
  readonly name: string;
  /** Lengths with the fastest-running first, so `[columns, rows]` for a matrix; one to four. */
  readonly dims: readonly number[];
  readonly type: TensorType;
  /** First byte in the file. */
  readonly offset: number;
  readonly sizeBytes: number;
}

/** Everything of a GGUF file but the bytes of its tensors. */
export interface GgufHeader {
  readonly version: 2 | 3;
  /** What the offsets of tensors are a multiple of, counted from `dataOffset`; a power of two. */
  readonly alignment: number;
  readonly metadata: GgufMetadata;
  /** In the order of the file's list, by name. */
  readonly tensors: ReadonlyMap<string, GgufTensor>;
  /** Bytes before the padding before the first tensor. */
  readonly headerBytes: number;
  /** Where the tensors begin. */
  readonly dataOffset: number;
  readonly fileBytes: number;
}

const MAGIC = 0x46554747;
const DEFAULT_ALIGNMENT = 32;
const MAX_ALIGNMENT = 65_536;
// A thousand times what published files have would be no news; the limits keep a hostile header's objects under 16 MiB.
const MAX_KEYS = 8192;
const MAX_TENSORS = 16_384;
const MAX_KEY_BYTES = 1024;
const MAX_NAME_BYTES = 256;
const MAX_DIMS = 4;
const MAX_LIST_DEPTH = 3;
/** Texts in all lists together; their index takes 4 bytes each. */
const MAX_TEXTS = 2 ** 21;
/** Bytes before the first that a reader asks for. */
const FIRST_BYTES = 65_536;

/**
 * Reads the header of a GGUF file of version 2 or 3, little-endian, from its beginning, while the file still arrives;
 * see https://github.com/ggml-org/ggml/blob/master/docs/gguf.md for the format.
 *
 * All lengths are checked against the bytes that are left before anything is made of them.
 */
export class GgufHeaderReader {
  readonly #fileBytes: number;
  #neededBytes: number;

  /** @param fileBytes - Bytes of the whole file. */
  constructor(fileBytes: number) {
    this.#fileBytes = fileBytes;
    this.#neededBytes = Math.min(fileBytes, FIRST_BYTES);
  }

  /** Bytes from the beginning of the file that the next call of {@link read} should have. */
  get neededBytes(): number {
    return this.#neededBytes;
  }

  /**
   * Reads the header, or asks for more: with fewer bytes than {@link neededBytes}, which grows by a quarter at least, it
   * returns at once, so that asking after every piece that arrives costs time in proportion to the header.
   * @param bytes - The file from its beginning on. The metadata are views into it: it must not change afterwards.
   * @returns Null when more bytes are needed.
   * @throws UnderstudyError `engine/model-invalid` for everything that is no such file.
   */
  read(bytes: Uint8Array): GgufHeader | null {
    if (bytes.length < this.#neededBytes) return null;
    try {
      return readHeader(bytes, Math.max(this.#fileBytes, bytes.length));
    } catch (error) {
      if (!(error instanceof MoreBytesNeeded)) throw error;
      const next = Math.max(error.neededBytes, Math.ceil(bytes.length * 1.25));
      this.#neededBytes = Math.min(this.#fileBytes, next);
      return null;
    }
  }
}

/**
 * Reads the header of a GGUF file from a prefix of the file, in one attempt; {@link GgufHeaderReader} is for files that
 * arrive in pieces.
 * @param bytes - The file from its beginning on. The metadata are views into it: it must not change afterwards.
 * @param fileBytes - Bytes of the whole file; by default all of it is in `bytes`.
 * @returns Null when more bytes are needed.
 * @throws UnderstudyError `engine/model-invalid` for everything that is no such file.
 */
export function readGgufHeader(bytes: Uint8Array, fileBytes: number = bytes.length): GgufHeader | null {
  try {
    return readHeader(bytes, Math.max(fileBytes, bytes.length));
  } catch (error) {
    if (error instanceof MoreBytesNeeded) return null;
    throw error;
  }
}

function readHeader(bytes: Uint8Array, fileBytes: number): GgufHeader {
  const cursor = new ByteCursor(bytes, fileBytes);
  if (cursor.u32() !== MAGIC) throw invalidModel('The file does not begin with "GGUF".');
  const version = readVersion(cursor);
  const tensorCount = readCount(cursor, 'tensors', MAX_TENSORS);
  const keyCount = readCount(cursor, 'metadata values', MAX_KEYS);
  const metadata = new GgufMetadata(bytes, readPlaces(cursor, keyCount));
  const alignment = readAlignment(metadata);
  const entries: GgufTensor[] = [];
  for (let index = 0; index < tensorCount; index += 1) entries.push(readTensor(cursor, alignment));
  const headerBytes = cursor.offset;
  const dataOffset = Math.ceil(headerBytes / alignment) * alignment;
  const tensors = placeTensors(entries, dataOffset, fileBytes);
  return { version, alignment, metadata, tensors, headerBytes, dataOffset, fileBytes };
}

function readVersion(cursor: ByteCursor): 2 | 3 {
  const version = cursor.u32();
  if (version === 2 || version === 3) return version;
  // Small versions read from the other end are multiples of 2^24.
  if (version % 2 ** 24 === 0 && version !== 0) {
    throw invalidModel('The GGUF file is big-endian; little-endian files are read.');
  }
  throw invalidModel(`The file has GGUF version ${version}; 2 and 3 are read.`);
}

function readCount(cursor: ByteCursor, of: string, most: number): number {
  const count = cursor.u64();
  if (count > most) throw invalidModel(`The file announces ${count} ${of}; at most ${most} are read.`);
  return count;
}

function readPlaces(cursor: ByteCursor, count: number): Map<string, MetadataPlace> {
  const places = new Map<string, MetadataPlace>();
  const budget = { texts: MAX_TEXTS };
  for (let index = 0; index < count; index += 1) {
    const key = cursor.text(MAX_KEY_BYTES);
    if (places.has(key)) throw invalidModel(`The metadata holds "${key}" twice.`, { key });
    const start = cursor.offset;
    const type = cursor.u32();
    skipValue(cursor, type, 0, budget);
    places.set(key, { type, start, end: cursor.offset });
  }
  return places;
}

/** Texts that lists may still hold. */
interface ListBudget {
  texts: number;
}

function skipValue(cursor: ByteCursor, type: number, depth: number, budget: ListBudget): void {
  const least = LEAST_BYTES[type];
  if (least === undefined) {
    throw invalidModel(`The metadata holds a value of unknown kind ${type} before byte ${cursor.offset}.`);
  }
  if (type === VALUE_TYPES.string) cursor.skip(cursor.u64());
  else if (type === VALUE_TYPES.array) skipList(cursor, depth + 1, budget);
  else cursor.skip(least);
}

function skipList(cursor: ByteCursor, depth: number, budget: ListBudget): void {
  if (depth > MAX_LIST_DEPTH) throw invalidModel(`The metadata nests more than ${MAX_LIST_DEPTH} lists.`);
  const type = cursor.u32();
  const count = cursor.u64();
  const least = LEAST_BYTES[type];
  if (least === undefined) throw invalidModel(`The metadata holds a list of unknown kind ${type}.`);
  if (count * least > cursor.remaining) {
    throw invalidModel(`The metadata announces ${count} values where ${cursor.remaining} bytes are left.`);
  }
  if (type !== VALUE_TYPES.string && type !== VALUE_TYPES.array) {
    cursor.skip(count * least);
    return;
  }
  budget.texts -= count;
  if (budget.texts < 0) {
    throw invalidModel(`The lists of the metadata hold more than ${MAX_TEXTS} texts.`);
  }
  if (type === VALUE_TYPES.string) cursor.skipTexts(count);
  else for (let index = 0; index < count; index += 1) skipValue(cursor, type, depth, budget);
}

function readAlignment(metadata: GgufMetadata): number {
  const key = 'general.alignment';
  const alignment = metadata.integer(key, 1, MAX_ALIGNMENT, DEFAULT_ALIGNMENT);
  if ((alignment & (alignment - 1)) !== 0) {
    throw invalidModel(`The metadata "${key}" is ${alignment}; expected is a power of two.`, { key });
  }
  return alignment;
}

/** Reads an entry of the list of tensors; its offset is from the beginning of the data yet. */
function readTensor(cursor: ByteCursor, alignment: number): GgufTensor {
  const name = cursor.text(MAX_NAME_BYTES);
  const rank = cursor.u32();
  if (rank < 1 || rank > MAX_DIMS) throw invalidModel(`Tensor "${name}" has ${rank} dimensions.`);
  const dims: number[] = [];
  for (let index = 0; index < rank; index += 1) dims.push(cursor.u64());
  const typeId = cursor.u32();
  const type = tensorTypeById(typeId);
  if (type === null) {
    throw invalidModel(`Tensor "${name}" is encoded as ${nameOfUnread(typeId)}, which is not read.`);
  }
  const sizeBytes = tensorSizeBytes(type, dims);
  if (sizeBytes === null) {
    throw invalidModel(
      `Tensor "${name}" has no valid shape: ${dims.join(' x ')} in ${type.name}, whose rows are a multiple of ${type.blockValues}.`,
    );
  }
  const offset = cursor.u64();
  if (offset % alignment !== 0) {
    throw invalidModel(`Tensor "${name}" begins at ${offset}, no multiple of the alignment ${alignment}.`);
  }
  return { name, dims, type, offset, sizeBytes };
}

function placeTensors(
  entries: readonly GgufTensor[],
  dataOffset: number,
  fileBytes: number,
): Map<string, GgufTensor> {
  const tensors = new Map<string, GgufTensor>();
  for (const entry of entries) {
    const { name } = entry;
    const offset = dataOffset + entry.offset;
    if (offset + entry.sizeBytes > fileBytes) {
      throw invalidModel(
        `Tensor "${name}" takes ${entry.sizeBytes} bytes from byte ${offset} on and reaches past the end of the file, which has ${fileBytes}.`,
      );
    }
    if (tensors.has(name)) throw invalidModel(`The file holds tensor "${name}" twice.`);
    tensors.set(name, { ...entry, offset });
  }
  let previous: GgufTensor | null = null;
  for (const tensor of [...tensors.values()].sort((a, b) => a.offset - b.offset)) {
    if (previous !== null && previous.offset + previous.sizeBytes > tensor.offset) {
      throw invalidModel(`Tensors "${previous.name}" and "${tensor.name}" lie over one another.`);
    }
    previous = tensor;
  }
  return tensors;
}
