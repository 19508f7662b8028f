import { UnderstudyError } from '../../src/contracts/errors.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Makes the error of a model file that cannot be used; `happened` is one sentence with the values. */
export function invalidModel(happened: string): UnderstudyError {
  return new UnderstudyError('cli/model-invalid', happened);
}

/** Reads little-endian values from bytes, one after the other; every read past the end is an error. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #offset = 0;

  /** @param bytes - The whole file; it is not copied. */
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Bytes read so far. */
  get offset(): number {
    return this.#offset;
  }

  /** Bytes left. */
  get remaining(): number {
    return this.#bytes.length - this.#offset;
  }

  /**
   * Takes the next bytes as a view.
   * @throws UnderstudyError `cli/model-invalid` when fewer are left.
   */
  take(length: number): Uint8Array {
    return this.#bytes.subarray(this.#skip(length), this.#offset);
  }

  u8(): number {
    return this.#view.getUint8(this.#skip(1));
  }

  i8(): number {
    return this.#view.getInt8(this.#skip(1));
  }

  u16(): number {
    return this.#view.getUint16(this.#skip(2), true);
  }

  i16(): number {
    return this.#view.getInt16(this.#skip(2), true);
  }

  u32(): number {
    return this.#view.getUint32(this.#skip(4), true);
  }

  i32(): number {
    return this.#view.getInt32(this.#skip(4), true);
  }

  f32(): number {
    return this.#view.getFloat32(this.#skip(4), true);
  }

  f64(): number {
    return this.#view.getFloat64(this.#skip(8), true);
  }

  /** Reads a 64-bit count. @throws UnderstudyError `cli/model-invalid` above 2^53. */
  u64(): number {
    return this.#safe(this.#view.getBigUint64(this.#skip(8), true));
  }

  /** Reads a signed 64-bit value. @throws UnderstudyError `cli/model-invalid` outside ±2^53. */
  i64(): number {
    return this.#safe(this.#view.getBigInt64(this.#skip(8), true));
  }

  /** Reads a text: a 64-bit length in bytes, then UTF-8. */
  text(): string {
    const bytes = this.take(this.u64());
    try {
      return utf8.decode(bytes);
    } catch {
      throw invalidModel(`A text that ends at byte ${this.#offset} is not UTF-8.`);
    }
  }

  #safe(value: bigint): number {
    const number = Number(value);
    if (!Number.isSafeInteger(number)) {
      throw invalidModel(`The 64-bit number before byte ${this.#offset} is out of range.`);
    }
    return number;
  }

  #skip(length: number): number {
    const start = this.#offset;
    if (length > this.#bytes.length - start) {
      throw invalidModel(`The file ends at byte ${this.#bytes.length} where ${length} more were expected.`);
    }
    this.#offset = start + length;
    return start;
  }
}
