import { PACKED_ROWS, tensorType } from '../gguf/tensor-type.ts';
import { Arena } from '../runtime/arena.ts';
import type { KernelExports } from '../runtime/kernel-instance.ts';
import { instantiateKernel } from '../runtime/kernel-instance.ts';
import { attachWithoutModel } from './attach-without-model.ts';
import { groupBytes, GroupPacker, stagingBytes } from './group-packer.ts';

const Q8 = tensorType('Q8_0');
/** 1 as a half, little endian: the scale of every block, as the rows have none. */
const SCALE_BYTES = [0x00, 0x3c] as const;
const WORD = 4;

/** Addresses in the kernel's memory. */
interface Places {
  /** The kernel's `Tensor`. */
  readonly matrix: number;
  readonly input: number;
  readonly output: number;
}

/**
 * Rows of signed bytes in a kernel of their own, whose inner products with a vector are computed all at once. Its memory goes when nothing
 * refers to it any more.
 */
export class HeldRows {
  readonly #arena: Arena;
  readonly #kernel: KernelExports;
  readonly #rows: number;
  readonly #columns: number;
  readonly #places: Places;

  /**
   * Copies rows into a kernel: 34 bytes for every 32.
   * @param module - A build for one thread.
   * @param bytes - `[rows][width]`.
   * @throws UnderstudyError `engine/out-of-memory`.
   */
  static async open(module: WebAssembly.Module, bytes: Int8Array, width: number): Promise<HeldRows> {
    const arena = Arena.create(false);
    const kernel = await instantiateKernel(module, arena.memory);
    const columns = Math.ceil(width / Q8.blockValues) * Q8.blockValues;
    attachWithoutModel(arena, kernel, columns, 1);
    return new HeldRows(arena, kernel, bytes, width, columns);
  }

  private constructor(arena: Arena, kernel: KernelExports, bytes: Int8Array, width: number, columns: number) {
    this.#arena = arena;
    this.#kernel = kernel;
    this.#rows = bytes.length / width;
    this.#columns = columns;
    const tensor = { name: 'held rows', dims: [columns, this.#rows], type: Q8, offset: 0, sizeBytes: 0 };
    const size = groupBytes(tensor);
    const groups = Math.ceil(this.#rows / PACKED_ROWS);
    const at = arena.take(groups * size);
    this.#places = {
      matrix: arena.take(4 * WORD),
      input: arena.take(columns * WORD),
      output: arena.take(groups * PACKED_ROWS * WORD),
    };
    arena.writeWords(this.#places.matrix, [Q8.id, at, groups * PACKED_ROWS, columns]);
    const staging = arena.take(stagingBytes(tensor));
    const packer = new GroupPacker(arena, kernel, tensor, staging, (group) => at + group * size);
    for (const published of publishedRows(bytes, width, columns)) packer.push(published);
  }

  /** Inner products of a vector and each row. The vector is rounded to 8 bits in blocks of 32 numbers. */
  products(vector: Float32Array): Float32Array {
    const { matrix, input, output } = this.#places;
    this.#arena.floats(input, this.#columns).set(vector);
    this.#kernel.multiplyOnce(matrix, input, 1, output);
    return this.#arena.floats(output, this.#rows).slice();
  }
}

/** Gives each row as Q8_0 publishes it, with zeros behind its end. The bytes are valid until the next one. */
function* publishedRows(bytes: Int8Array, width: number, columns: number): Generator<Uint8Array> {
  const row = new Uint8Array((columns / Q8.blockValues) * Q8.blockBytes);
  for (let at = 0; at < row.length; at += Q8.blockBytes) row.set(SCALE_BYTES, at);
  for (let start = 0; start < bytes.length; start += width) {
    const end = start + width;
    let at = SCALE_BYTES.length;
    for (let from = start; from < end; from += Q8.blockValues) {
      row.set(bytes.subarray(from, Math.min(from + Q8.blockValues, end)), at);
      at += Q8.blockBytes;
    }
    yield row;
  }
}
