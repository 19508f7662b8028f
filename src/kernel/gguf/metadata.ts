import { invalidModel } from './invalid-model.ts';
import { StringTable } from './string-table.ts';
import { LEAST_BYTES, readFixed, VALUE_TYPES } from './value-type.ts';

/** A list of numbers of the metadata; flags are 0 and 1, 64-bit integers are rounded to doubles. */
export type NumberList =
  Uint8Array | Int8Array | Uint16Array | Int16Array | Uint32Array | Int32Array | Float32Array | Float64Array;

/** A value of the metadata: a list of texts, of numbers, or (rare) of lists. */
export type GgufValue = string | number | boolean | StringTable | NumberList | readonly GgufValue[];

/** Where a value stands; checked by the reader, so that it can be read without looking at lengths again. */
export interface MetadataPlace {
  readonly type: number;
  /** First byte of the kind of the value, which stands before it. */
  readonly start: number;
  readonly end: number;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * The metadata of a GGUF file. Values are decoded when they are asked for, and what does not fit is refused with the
 * key and what was expected of it. A getter with a fallback gives it when the key is missing, never for a wrong value.
 */
export class GgufMetadata {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #places: ReadonlyMap<string, MetadataPlace>;

  /** @param bytes - The file from its beginning on, not copied, with all the places in it. */
  constructor(bytes: Uint8Array, places: ReadonlyMap<string, MetadataPlace>) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#places = places;
  }

  get size(): number {
    return this.#places.size;
  }

  /** Keys in the order of the file. */
  keys(): IterableIterator<string> {
    return this.#places.keys();
  }

  has(key: string): boolean {
    return this.#places.has(key);
  }

  /** Kind and value as they stand in the file, a view; to copy them into another file. Null when missing. */
  raw(key: string): Uint8Array | null {
    const place = this.#places.get(key);
    return place === undefined ? null : this.#bytes.subarray(place.start, place.end);
  }

  /**
   * A value of any kind.
   * @returns Null when missing.
   * @throws UnderstudyError `engine/model-invalid` for a text that is not UTF-8.
   */
  value(key: string): GgufValue | null {
    const place = this.#places.get(key);
    return place === undefined ? null : this.#decode(key, place.type, place.start + 4, place.end);
  }

  /** A text. @throws UnderstudyError `engine/model-invalid`. */
  text<Fallback = never>(key: string, ...fallback: readonly Fallback[]): string | Fallback {
    const value = this.value(key);
    if (typeof value === 'string') return value;
    return this.#fallback(key, value, 'a text', fallback);
  }

  /** Yes or no. @throws UnderstudyError `engine/model-invalid`. */
  flag<Fallback = never>(key: string, ...fallback: readonly Fallback[]): boolean | Fallback {
    const value = this.value(key);
    if (typeof value === 'boolean') return value;
    return this.#fallback(key, value, 'yes or no', fallback);
  }

  /** A whole number in a range, both ends included. @throws UnderstudyError `engine/model-invalid`. */
  integer<Fallback = never>(
    key: string,
    least: number,
    most: number,
    ...fallback: readonly Fallback[]
  ): number | Fallback {
    const value = this.value(key);
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value <= most) {
      return value;
    }
    return this.#fallback(key, value, `a whole number from ${least} to ${most}`, fallback);
  }

  /** A number in a range, both ends included; never NaN. @throws UnderstudyError `engine/model-invalid`. */
  float<Fallback = never>(
    key: string,
    least: number,
    most: number,
    ...fallback: readonly Fallback[]
  ): number | Fallback {
    const value = this.value(key);
    if (typeof value === 'number' && value >= least && value <= most) return value;
    return this.#fallback(key, value, `a number from ${least} to ${most}`, fallback);
  }

  /** A list of texts. @throws UnderstudyError `engine/model-invalid`. */
  strings<Fallback = never>(key: string, ...fallback: readonly Fallback[]): StringTable | Fallback {
    const value = this.value(key);
    if (value instanceof StringTable) return value;
    return this.#fallback(key, value, 'a list of texts', fallback);
  }

  /** A list of numbers or flags, a copy. @throws UnderstudyError `engine/model-invalid`. */
  numbers<Fallback = never>(key: string, ...fallback: readonly Fallback[]): NumberList | Fallback {
    const value = this.value(key);
    if (ArrayBuffer.isView(value)) return value;
    return this.#fallback(key, value, 'a list of numbers', fallback);
  }

  #fallback<Fallback>(
    key: string,
    value: GgufValue | null,
    expected: string,
    [fallback]: readonly Fallback[],
  ): Fallback {
    if (value === null && fallback !== undefined) return fallback;
    const found = value === null ? 'missing' : describe(value);
    throw invalidModel(`The metadata "${key}" is ${found}; expected is ${expected}.`, { key });
  }

  #decode(key: string, type: number, start: number, end: number): GgufValue {
    if (type === VALUE_TYPES.string) {
      try {
        return utf8.decode(this.#bytes.subarray(start + 8, end));
      } catch {
        throw invalidModel(`The metadata "${key}" is not UTF-8.`, { key });
      }
    }
    if (type === VALUE_TYPES.array) return this.#decodeList(key, start, end);
    return readFixed(this.#view, type, start) ?? 0;
  }

  #decodeList(key: string, start: number, end: number): GgufValue {
    const type = this.#view.getUint32(start, true);
    const count = Number(this.#view.getBigUint64(start + 4, true));
    const first = start + 12;
    if (type === VALUE_TYPES.string) return new StringTable(this.#bytes.subarray(first, end), count);
    if (type !== VALUE_TYPES.array) return this.#decodeNumbers(type, first, count);
    const lists: GgufValue[] = [];
    for (let at = first; lists.length < count;) {
      const itemEnd = this.#listEnd(at);
      lists.push(this.#decodeList(key, at, itemEnd));
      at = itemEnd;
    }
    return lists;
  }

  #decodeNumbers(type: number, first: number, count: number): NumberList {
    const size = LEAST_BYTES[type] ?? 8;
    if (type === VALUE_TYPES.u64 || type === VALUE_TYPES.i64) {
      return Float64Array.from({ length: count }, (_, index) =>
        Number(readFixed(this.#view, type, first + index * size)),
      );
    }
    // A copy, because the place in the file need not be a multiple of the size; by hand, because a Buffer's slice is none.
    const copy = new Uint8Array(count * size);
    copy.set(this.#bytes.subarray(first, first + count * size));
    const { buffer } = copy;
    switch (type) {
      case VALUE_TYPES.u8:
        return new Uint8Array(buffer);
      case VALUE_TYPES.bool:
        return new Uint8Array(buffer).map((flag) => (flag === 0 ? 0 : 1));
      case VALUE_TYPES.i8:
        return new Int8Array(buffer);
      case VALUE_TYPES.u16:
        return new Uint16Array(buffer);
      case VALUE_TYPES.i16:
        return new Int16Array(buffer);
      case VALUE_TYPES.u32:
        return new Uint32Array(buffer);
      case VALUE_TYPES.i32:
        return new Int32Array(buffer);
      case VALUE_TYPES.f32:
        return new Float32Array(buffer);
      default:
        return new Float64Array(buffer);
    }
  }

  /** Where the list that begins at `start` ends. */
  #listEnd(start: number): number {
    const type = this.#view.getUint32(start, true);
    const count = Number(this.#view.getBigUint64(start + 4, true));
    let at = start + 12;
    if (type !== VALUE_TYPES.string && type !== VALUE_TYPES.array) {
      return at + count * (LEAST_BYTES[type] ?? 8);
    }
    for (let index = 0; index < count; index += 1) {
      at =
        type === VALUE_TYPES.array ? this.#listEnd(at) : at + 8 + Number(this.#view.getBigUint64(at, true));
    }
    return at;
  }
}

function describe(value: GgufValue): string {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return value.length > 40 ? 'a long text' : `"${value}"`;
  return `a list of ${value.length}`;
}
