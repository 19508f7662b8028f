import { UnderstudyError } from '../../contracts/errors.ts';

const WASM_PAGE = 65_536;
/** Front of the memory that the module's own constants take. */
export const MODULE_BYTES = 16_384;
/** 4 GiB, the most a 32-bit memory holds. */
const MOST_PAGES = 65_536;

/**
 * Memory of the kernel, handed out from the front; nothing is given back before the whole is dropped.
 *
 * Views are made anew after each growth: growing detaches those of a memory that is not shared.
 */
export class Arena {
  readonly memory: WebAssembly.Memory;
  #end: number;
  #bytes: Uint8Array | null = null;

  /** @param first - Bytes at the front that the module's own data takes. */
  constructor(memory: WebAssembly.Memory, first: number) {
    this.memory = memory;
    this.#end = first;
  }

  /** Makes an empty memory for a kernel. @throws UnderstudyError `engine/out-of-memory`. */
  static create(isShared: boolean): Arena {
    try {
      return new Arena(
        new WebAssembly.Memory({
          initial: Math.ceil(MODULE_BYTES / WASM_PAGE),
          maximum: MOST_PAGES,
          shared: isShared,
        }),
        MODULE_BYTES,
      );
    } catch (cause) {
      throw new UnderstudyError('engine/out-of-memory', 'The browser gives no memory to WebAssembly.', {
        cause,
      });
    }
  }

  /** Bytes held. */
  get sizeBytes(): number {
    return this.memory.buffer.byteLength;
  }

  /**
   * Takes memory, zeroed unless it was grown into before.
   *
   * @param alignment - A power of two.
   * @throws UnderstudyError `engine/out-of-memory` when the device refuses.
   */
  take(bytes: number, alignment = 64): number {
    const start = Math.ceil(this.#end / alignment) * alignment;
    const end = start + bytes;
    this.reserve(end);
    this.#end = end;
    return start;
  }

  /** Grows to at least so many bytes. @throws UnderstudyError `engine/out-of-memory`. */
  reserve(bytes: number): void {
    const held = this.memory.buffer.byteLength;
    if (bytes <= held) return;
    const pages = Math.ceil((bytes - held) / WASM_PAGE);
    try {
      this.memory.grow(pages);
    } catch (cause) {
      throw new UnderstudyError(
        'engine/out-of-memory',
        `The device has no ${Math.ceil(bytes / 1e6)} MB for the model.`,
        { facts: { bytes, heldBytes: held }, cause },
      );
    }
  }

  /** All bytes; valid until the next `take`. */
  get bytes(): Uint8Array {
    if (this.#bytes === null || this.#bytes.buffer !== this.memory.buffer) {
      this.#bytes = new Uint8Array(this.memory.buffer);
    }
    return this.#bytes;
  }

  /** Writes 32-bit words one after the other. */
  writeWords(at: number, words: readonly number[]): void {
    new Uint32Array(this.memory.buffer, at, words.length).set(words);
  }

  /** A view of singles; valid until the next `take`. */
  floats(at: number, length: number): Float32Array {
    return new Float32Array(this.memory.buffer, at, length);
  }
}
