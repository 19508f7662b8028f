import { PACKED_ROWS, packedTypeOf, tensorType } from '../gguf/tensor-type.ts';
import { Arena } from '../runtime/arena.ts';
import type { KernelExports } from '../runtime/kernel-instance.ts';
import { instantiateKernel } from '../runtime/kernel-instance.ts';

const Q8 = tensorType('Q8_0');
/** 2^-7 as a half, little endian: one scale for all blocks, as the rows have none. */
const SCALE_BYTES = [0x00, 0x20] as const;
const SCALE = 2 ** -7;
const WORD = 4;
/** Words of the kernel's `Model`, of which products need sizes and scratch memory alone; see assembly/model.ts. */
const MODEL_WORDS = 26;
const SCRATCH_WORD = 25;
/** Heads, their width, vocabulary and positions of a model that is none: the least there may be. */
const NO_MODEL = { heads: 1, headWidth: 64, vocabulary: 8, capacity: 64, batch: 4 } as const;

/**
 * Rows of signed bytes in a kernel of their own, whose inner products with a vector are computed all at once. Its memory goes when nothing
 * refers to it any more.
 */
export class HeldRows {
  readonly #arena: Arena;
  readonly #kernel: KernelExports;
  readonly #rows: number;
  readonly #columns: number;
  /** Address of the kernel's `Tensor`. */
  readonly #matrix: number;
  readonly #input: number;
  readonly #output: number;

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
    const { heads, headWidth, vocabulary, capacity, batch } = NO_MODEL;
    const model = arena.take(MODEL_WORDS * WORD);
    const sizes = [columns, 0, heads, heads, headWidth, columns, vocabulary, capacity, batch];
    arena.writeWords(model, sizes);
    arena.writeWords(model + SCRATCH_WORD * WORD, [arena.take(kernel.scratchBytes(model, 1))]);
    kernel.attach(model, 1, 0);
    return new HeldRows(arena, kernel, bytes, width);
  }

  private constructor(arena: Arena, kernel: KernelExports, bytes: Int8Array, width: number) {
    this.#arena = arena;
    this.#kernel = kernel;
    this.#rows = bytes.length / width;
    const blocks = Math.ceil(width / Q8.blockValues);
    this.#columns = blocks * Q8.blockValues;
    const groups = Math.ceil(this.#rows / PACKED_ROWS);
    const groupBytes = blocks * packedTypeOf(Q8).blockBytes * PACKED_ROWS;
    const place = arena.take(groups * groupBytes);
    this.#input = arena.take(this.#columns * WORD);
    this.#output = arena.take(groups * PACKED_ROWS * WORD);
    this.#matrix = arena.take(4 * WORD);
    const rowBytes = blocks * Q8.blockBytes;
    const staging = arena.take(rowBytes * PACKED_ROWS);
    arena.writeWords(this.#matrix, [Q8.id, place, groups * PACKED_ROWS, this.#columns]);
    const stage = arena.bytes.subarray(staging, staging + rowBytes * PACKED_ROWS);
    for (let at = 0; at < stage.length; at += Q8.blockBytes) stage.set(SCALE_BYTES, at);
    for (let group = 0; group < groups; group += 1) {
      const first = group * PACKED_ROWS;
      const count = Math.min(PACKED_ROWS, this.#rows - first);
      for (let row = 0; row < count; row += 1) {
        const start = (first + row) * width;
        for (let column = 0, at = row * rowBytes + SCALE_BYTES.length; column < width;) {
          const end = Math.min(column + Q8.blockValues, width);
          stage.set(bytes.subarray(start + column, start + end), at);
          column = end;
          at += Q8.blockBytes;
        }
      }
      kernel.pack(Q8.id, staging, rowBytes, count, this.#columns, place + group * groupBytes, groupBytes);
    }
  }

  /** Inner products of a vector and each row. The vector is rounded to 8 bits in blocks of 32 numbers. */
  products(vector: Float32Array): Float32Array {
    this.#arena.floats(this.#input, this.#columns).set(vector);
    this.#kernel.multiplyOnce(this.#matrix, this.#input, 1, this.#output);
    return this.#arena.floats(this.#output, this.#rows).map((product) => product / SCALE);
  }
}
