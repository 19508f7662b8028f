import { invalidModel } from '../gguf/invalid-model.ts';
import type { GgufHeader, GgufTensor } from '../gguf/read-gguf.ts';
import { PACKED_ROWS, packedTypeOf } from '../gguf/tensor-type.ts';
import type { Arena } from '../runtime/arena.ts';
import type { KernelExports } from '../runtime/kernel-instance.ts';
import { groupBytes, GroupPacker, matrixSize, stagingBytes } from './group-packer.ts';
import type { ImageLimits, ModelImage, PlacedTensor } from './model-image.ts';
import { PAGE_POSITIONS, writeModelImage } from './model-image.ts';
import { checkLength, endsEarly, ModelHead } from './model-head.ts';
import type { ModelShape } from './model-shape.ts';
import { readModelShape } from './model-shape.ts';
import { modelTensors, ROPE_FACTORS } from './tensor-list.ts';
import { vectorValues } from './vector-values.ts';

/** A model in the kernel's memory. */
export interface KernelWeights {
  readonly header: GgufHeader;
  readonly shape: ModelShape;
  readonly vocabulary: number;
  /** Rows of an encoder's position embeddings, else 0. */
  readonly positions: number;
  readonly image: ModelImage;
  readonly limits: ImageLimits;
}

/** What the host chooses. */
export interface LoaderOptions {
  readonly arena: Arena;
  readonly kernel: KernelExports;
  /** Bytes of the whole file. */
  readonly fileBytes: number;
  /** Most positions wanted; the model's own limit holds too. */
  readonly contextTokens: number;
  readonly threads: number;
}

const MOST_BATCH = 32;
/** What a batch may take: a hostile file must not make more of its few bytes, and larger batches bring nothing. */
const SCRATCH_BYTES = 8 * 2 ** 20;
const ENCODER_SCRATCH_BYTES = 16 * 2 ** 20;

/** Takes one tensor's bytes. */
interface Sink {
  push(bytes: Uint8Array): void;
  close(): void;
}

/**
 * Reads a GGUF file into the kernel's memory while it arrives, in order, in pieces of any size.
 *
 * Packed matrices are copied to where they stay; published ones are packed eight rows at a time. Beside the memory of the kernel
 * it holds the header alone.
 */
export class ModelLoader {
  readonly #options: LoaderOptions;
  #head: ModelHead | null;
  #queue: { readonly tensor: GgufTensor; readonly open: () => Sink }[] = [];
  #sink: Sink | null = null;
  #position = 0;
  #weights: KernelWeights | null = null;

  constructor(options: LoaderOptions) {
    this.#options = options;
    this.#head = new ModelHead(options.fileBytes);
  }

  /** Goes on from a head whose header is whole: its bytes are not pushed again. */
  begin(header: GgufHeader, head: Uint8Array): void {
    this.#head = null;
    this.#weights = this.#layOut(header);
    this.#position = Math.min(header.dataOffset, head.length);
    this.#pushData(head.subarray(this.#position));
  }

  /** Bytes taken so far. */
  get loadedBytes(): number {
    return this.#position;
  }

  /**
   * Takes the next bytes of the file.
   * @throws UnderstudyError `engine/model-invalid`, `engine/out-of-memory`.
   */
  push(bytes: Uint8Array): void {
    if (this.#head === null) {
      checkLength(this.#position + bytes.length, this.#options.fileBytes);
      this.#pushData(bytes);
      return;
    }
    const header = this.#head.push(bytes);
    const head = this.#head.bytes;
    if (header === null) this.#position = head.length;
    else this.begin(header, head);
  }

  /**
   * Ends the file.
   * @throws UnderstudyError `engine/model-invalid` when bytes are missing.
   */
  finish(): KernelWeights {
    if (this.#weights === null || this.#queue.length > 0) {
      throw endsEarly(this.#position, this.#options.fileBytes);
    }
    return this.#weights;
  }

  #pushData(bytes: Uint8Array): void {
    let offset = 0;
    while (offset < bytes.length) {
      const [next] = this.#queue;
      if (next === undefined) {
        this.#position += bytes.length - offset;
        return;
      }
      const { tensor, open } = next;
      if (this.#position < tensor.offset) {
        const skip = Math.min(tensor.offset - this.#position, bytes.length - offset);
        this.#position += skip;
        offset += skip;
        continue;
      }
      this.#sink ??= open();
      const end = tensor.offset + tensor.sizeBytes;
      const take = Math.min(end - this.#position, bytes.length - offset);
      this.#sink.push(bytes.subarray(offset, offset + take));
      this.#position += take;
      offset += take;
      if (this.#position === end) {
        this.#sink.close();
        this.#sink = null;
        this.#queue.shift();
      }
    }
  }

  #layOut(header: GgufHeader): KernelWeights {
    const { arena, kernel, contextTokens, threads } = this.#options;
    const shape = readModelShape(header.metadata);
    const { tensors, vocabulary, positions } = modelTensors(header, shape);
    const matrices = tensors.filter((tensor) => tensor.dims.length > 1);
    const staging = Math.max(
      0,
      ...matrices.map((tensor) => (tensor.type.isPacked ? 0 : stagingBytes(tensor))),
    );
    const sizeOf = (tensor: GgufTensor): number =>
      tensor.dims.length > 1
        ? Math.ceil(matrixSize(tensor).rows / PACKED_ROWS) * groupBytes(tensor)
        : Math.ceil((tensor.dims[0] ?? 0) / 8) * 32;
    const weightBytes = tensors.reduce((sum, tensor) => sum + sizeOf(tensor), 0);
    // At once: growing by pieces would copy what is there on some engines.
    arena.reserve(arena.take(0) + weightBytes + staging + tensors.length * 128);

    const placed = new Map<string, PlacedTensor>();
    for (const tensor of tensors) placed.set(tensor.name, this.#place(tensor, sizeOf(tensor)));
    const stage = arena.take(staging);
    this.#queue = tensors
      .map((tensor) => ({
        tensor,
        open: () => this.#openSink(tensor, placed.get(tensor.name)?.at ?? 0, stage),
      }))
      .sort((a, b) => a.tensor.offset - b.tensor.offset);

    const isEncoder = shape.architecture === 'bert';
    const most = Math.min(contextTokens, shape.contextTokens, isEncoder ? positions : Infinity);
    const capacity = Math.max(1, Math.ceil(most / PAGE_POSITIONS)) * PAGE_POSITIONS;
    let limits: ImageLimits = { capacity, batch: isEncoder ? capacity : MOST_BATCH, threads };
    const scratchOf = ({ batch }: ImageLimits): number => batch * scratchPerToken(shape);
    const budget = isEncoder ? ENCODER_SCRATCH_BYTES : SCRATCH_BYTES;
    while (limits.batch > 4 && scratchOf(limits) > budget) {
      limits = { ...limits, batch: Math.max(4, Math.floor(limits.batch / 8) * 4) };
    }
    if (scratchOf(limits) > budget) {
      throw invalidModel(`The model is too wide: four tokens would take ${scratchOf(limits)} bytes.`);
    }
    const image = writeModelImage(arena, shape, vocabulary, placed, limits);
    image.placeScratch(arena.take(kernel.scratchBytes(image.model, threads)));
    return { header, shape, vocabulary, positions, image, limits };
  }

  #place(tensor: GgufTensor, size: number): PlacedTensor {
    const { arena } = this.#options;
    const at = arena.take(size);
    if (tensor.dims.length === 1) return { at, matrix: 0, rows: 1 };
    const { columns, rows } = matrixSize(tensor);
    const matrix = arena.take(16);
    const padded = Math.ceil(rows / PACKED_ROWS) * PACKED_ROWS;
    // The kernel names packed types by the ids of the published ones.
    arena.writeWords(matrix, [packedTypeOf(tensor.type).id & 0xffff, at, padded, columns]);
    return { at, matrix, rows };
  }

  #openSink(tensor: GgufTensor, at: number, stage: number): Sink {
    const { arena, kernel } = this.#options;
    if (tensor.dims.length > 1 && tensor.type.isPacked) {
      let filled = 0;
      return {
        push: (bytes) => {
          arena.bytes.set(bytes, at + filled);
          filled += bytes.length;
        },
        close: () => {
          if (kernel.areNumbers(tensor.type.id & 0xffff, at, tensor.sizeBytes) !== 1) {
            throw invalidModel(`Tensor "${tensor.name}" holds a weight or a scale that is no number.`, {
              name: tensor.name,
            });
          }
        },
      };
    }
    if (tensor.dims.length > 1) {
      const size = groupBytes(tensor);
      const packer = new GroupPacker(arena, kernel, tensor, stage, (group) => at + group * size);
      return { push: (bytes) => packer.push(bytes), close: () => undefined };
    }
    const values = new Uint8Array(tensor.sizeBytes);
    let filled = 0;
    return {
      push: (bytes) => {
        values.set(bytes, filled);
        filled += bytes.length;
      },
      close: () => {
        const numbers = vectorValues(tensor, values);
        if (tensor.name === ROPE_FACTORS && !numbers.every((factor) => factor > 0)) {
          throw invalidModel(`Tensor "${tensor.name}" holds a factor that is not positive.`);
        }
        arena.floats(at, numbers.length).set(numbers);
      },
    };
  }
}

/** Bytes of scratch memory that each token of a batch takes; see `place` in assembly/decoder.ts. */
function scratchPerToken(shape: ModelShape): number {
  const heads = shape.heads * shape.headWidth;
  const keyHeads = shape.keyHeads * shape.headWidth;
  const widest = Math.max(shape.width, heads, shape.feedForward) + 256;
  return (
    4 * (3 * shape.width + 2 * heads + 2 * keyHeads + 2 * shape.feedForward + shape.ropeWidth) + 4 * widest
  );
}
