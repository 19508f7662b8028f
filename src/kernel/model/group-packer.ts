import { invalidModel } from '../gguf/invalid-model.ts';
import type { GgufTensor } from '../gguf/read-gguf.ts';
import { PACKED_ROWS, packedTypeOf } from '../gguf/tensor-type.ts';
import type { Arena } from '../runtime/arena.ts';
import type { KernelExports } from '../runtime/kernel-instance.ts';

/** Rows and columns of a matrix; further dimensions count as rows. */
export function matrixSize(tensor: GgufTensor): { readonly columns: number; readonly rows: number } {
  const [columns = 0, ...others] = tensor.dims;
  return { columns, rows: others.reduce((product, length) => product * length, 1) };
}

/** Bytes of a group of eight rows when packed. */
export function groupBytes(tensor: GgufTensor): number {
  const type = packedTypeOf(tensor.type);
  return (matrixSize(tensor).columns / type.blockValues) * type.blockBytes * PACKED_ROWS;
}

/** Bytes of eight rows as published: what a packer needs as staging memory. */
export function stagingBytes(tensor: GgufTensor): number {
  return (matrixSize(tensor).columns / tensor.type.blockValues) * tensor.type.blockBytes * PACKED_ROWS;
}

/** Lays one published matrix out for the kernel while its bytes arrive. */
export class GroupPacker {
  readonly #arena: Arena;
  readonly #kernel: KernelExports;
  readonly #tensor: GgufTensor;
  readonly #staging: number;
  readonly #place: (group: number) => number;
  readonly #packed: (group: number, at: number) => void;
  readonly #rowBytes: number;
  readonly #groupBytes: number;
  #rowsLeft: number;
  #filled = 0;
  #group = 0;

  /**
   * @param staging - Address of `stagingBytes(tensor)` bytes.
   * @param place - Gives the address for a packed group.
   * @param packed - Called after each group.
   */
  constructor(
    arena: Arena,
    kernel: KernelExports,
    tensor: GgufTensor,
    staging: number,
    place: (group: number) => number,
    packed: (group: number, at: number) => void = () => undefined,
  ) {
    this.#arena = arena;
    this.#kernel = kernel;
    this.#tensor = tensor;
    this.#staging = staging;
    this.#place = place;
    this.#packed = packed;
    this.#rowBytes = stagingBytes(tensor) / PACKED_ROWS;
    this.#groupBytes = groupBytes(tensor);
    this.#rowsLeft = matrixSize(tensor).rows;
  }

  /**
   * Takes the next bytes of the tensor.
   * @throws UnderstudyError `engine/model-invalid` for a weight or scale that is no number.
   */
  push(bytes: Uint8Array): void {
    let offset = 0;
    while (offset < bytes.length && this.#rowsLeft > 0) {
      const rows = Math.min(PACKED_ROWS, this.#rowsLeft);
      const take = Math.min(rows * this.#rowBytes - this.#filled, bytes.length - offset);
      this.#arena.bytes.set(bytes.subarray(offset, offset + take), this.#staging + this.#filled);
      this.#filled += take;
      offset += take;
      if (this.#filled === rows * this.#rowBytes) this.#pack(rows);
    }
  }

  #pack(rows: number): void {
    const { columns } = matrixSize(this.#tensor);
    const at = this.#place(this.#group);
    const type = this.#tensor.type.id;
    const isValid = this.#kernel.pack(
      type,
      this.#staging,
      this.#rowBytes,
      rows,
      columns,
      at,
      this.#groupBytes,
    );
    if (isValid !== 1) {
      const row = this.#group * PACKED_ROWS;
      throw invalidModel(
        `Tensor "${this.#tensor.name}" holds a weight or a scale near row ${row} that is no number, or a scale of 64 or more.`,
        { name: this.#tensor.name },
      );
    }
    this.#packed(this.#group, at);
    this.#rowsLeft -= rows;
    this.#filled = 0;
    this.#group += 1;
  }
}
