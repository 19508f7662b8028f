import type { UnderstudyError } from '../../contracts/errors.ts';
import { invalidModel } from '../gguf/invalid-model.ts';
import type { GgufHeader } from '../gguf/read-gguf.ts';
import { GgufHeaderReader } from '../gguf/read-gguf.ts';

/** The beginning of a GGUF file, copied until its header is whole: a view would keep the whole file in memory. */
export class ModelHead {
  readonly #fileBytes: number;
  readonly #reader: GgufHeaderReader;
  #bytes = new Uint8Array(0);
  #length = 0;

  /** @param fileBytes - Bytes of the whole file. */
  constructor(fileBytes: number) {
    this.#fileBytes = fileBytes;
    this.#reader = new GgufHeaderReader(fileBytes);
  }

  /** Everything that was pushed. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  /**
   * Takes the next bytes of the file.
   * @returns The header once it is whole, else null.
   * @throws UnderstudyError `engine/model-invalid`.
   */
  push(bytes: Uint8Array): GgufHeader | null {
    const length = this.#length + bytes.length;
    checkLength(length, this.#fileBytes);
    if (length > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(length, Math.min(this.#bytes.length * 2, this.#fileBytes)));
      grown.set(this.bytes);
      this.#bytes = grown;
    }
    this.#bytes.set(bytes, this.#length);
    this.#length = length;
    return this.#reader.read(this.bytes);
  }
}

/** @throws UnderstudyError `engine/model-invalid` when a file goes on behind its end. */
export function checkLength(bytes: number, fileBytes: number): void {
  if (bytes > fileBytes) {
    throw invalidModel(`The file has more than the ${fileBytes} bytes that were announced.`);
  }
}

/** The error for a file that ends before it is whole. */
export function endsEarly(bytes: number, fileBytes: number): UnderstudyError {
  return invalidModel(`The file ends at byte ${bytes}; ${fileBytes} were announced.`);
}
