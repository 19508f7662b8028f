import { invalidModel } from './invalid-model.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Thrown by a cursor at the end of the bytes that are there, where the file goes on; never leaves the reader. */
export class MoreBytesNeeded extends Error {
  /** Bytes from the beginning of the file without which reading cannot go on. */
  readonly neededBytes: number;

  constructor(neededBytes: number) {
    super(`At least ${neededBytes} bytes of the file are needed.`);
    this.neededBytes = neededBytes;
  }
}

/** Reads little-endian values one after the other from the beginning of a file that may be there only in part. */
export class ByteCursor {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #fileBytes: number;
  #offset = 0;

  /**
   * @param bytes - The file from its beginning on; it is not copied.
   * @param fileBytes - Bytes of the whole file, at least those that are there.
   */
  constructor(bytes: Uint8Array, fileBytes: number) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#fileBytes = fileBytes;
  }

  /** Bytes read so far. */
  get offset(): number {
    return this.#offset;
  }

  /** Bytes of the file that were not read yet, whether they are there or not. */
  get remaining(): number {
    return this.#fileBytes - this.#offset;
  }

  u8(): number {
    return this.#view.getUint8(this.skip(1));
  }

  u32(): number {
    return this.#view.getUint32(this.skip(4), true);
  }

  /**
   * Reads a 64-bit count, length or offset.
   * @throws UnderstudyError `engine/model-invalid` from 2^53 on: no file holds as much.
   */
  u64(): number {
    const start = this.skip(8);
    const number = this.#view.getUint32(start, true) + this.#view.getUint32(start + 4, true) * 2 ** 32;
    if (!Number.isSafeInteger(number)) {
      throw invalidModel(`The 64-bit number at byte ${start} is beyond all sizes.`);
    }
    return number;
  }

  /** Reads a text: a 64-bit length in bytes, at most `mostBytes`, then UTF-8. */
  text(mostBytes: number): string {
    const length = this.u64();
    if (length > mostBytes) {
      throw invalidModel(`The name at byte ${this.#offset} takes ${length} bytes; at most ${mostBytes} do.`);
    }
    const start = this.skip(length);
    try {
      return utf8.decode(this.#bytes.subarray(start, start + length));
    } catch {
      throw invalidModel(`The name at byte ${start} is not UTF-8.`);
    }
  }

  /**
   * Steps over so many texts: vocabularies have 150,000 of them, and this runs before any of it is compiled.
   * @throws as {@link skip}.
   */
  skipTexts(count: number): void {
    const view = this.#view;
    const last = this.#bytes.length - 8;
    let at = this.#offset;
    let left = count;
    // As far as lengths are small and the bytes are there; what remains goes the careful way.
    for (; left > 0 && at <= last && view.getUint32(at + 4, true) === 0; left -= 1) {
      const next = at + 8 + view.getUint32(at, true);
      if (next > last + 8) break;
      at = next;
    }
    this.#offset = at;
    for (; left > 0; left -= 1) this.skip(this.u64());
  }

  /**
   * Steps over bytes and gives where they begin.
   * @throws UnderstudyError `engine/model-invalid` when the file ends before.
   * @throws MoreBytesNeeded when the file has them, but they are not there.
   */
  skip(length: number): number {
    const start = this.#offset;
    if (length > this.#fileBytes - start) {
      throw invalidModel(`The file ends at byte ${this.#fileBytes}, where ${length} more are expected.`);
    }
    if (length > this.#bytes.length - start) throw new MoreBytesNeeded(start + length);
    this.#offset = start + length;
    return start;
  }
}
