import { invalidModel } from '../../src/kernel/gguf/invalid-model.ts';
import type { LoadedTensor } from './llama-file.ts';
import type { OnnxWriter } from './onnx/onnx-writer.ts';
import { ONNX_TYPES } from './onnx/onnx-writer.ts';
import { BLOCK_BYTES, BLOCK_VALUES, halfToFloat } from './tensor-floats.ts';

/** A matrix in the graph, stored as in the GGUF file: rows of blocks that share a scale, or plain floats. */
export interface StoredMatrix {
  readonly rows: number;
  readonly columns: number;
  /** Name of the values: `[rows, blocks, 32]` signed bytes, or `[rows, columns]` floats. */
  readonly values: string;
  /** Name of the scales, `[rows, blocks, 1]`; null for floats. */
  readonly scales: string | null;
}

/** How 16-bit floats of the file are written: as they are, or as 32-bit ones, which hold the same values. */
export type HalvesAs = 'f16' | 'f32';

const FLOAT = { to: ONNX_TYPES.float32 } as const;

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

function splitBlocks(bytes: Uint8Array): { readonly scales: Uint8Array; readonly values: Uint8Array } {
  const blocks = bytes.length / BLOCK_BYTES;
  const scales = new Uint8Array(blocks * 2);
  const values = new Uint8Array(blocks * BLOCK_VALUES);
  for (let block = 0; block < blocks; block += 1) {
    const start = block * BLOCK_BYTES;
    scales.set(bytes.subarray(start, start + 2), block * 2);
    values.set(bytes.subarray(start + 2, start + BLOCK_BYTES), block * BLOCK_VALUES);
  }
  return { scales, values };
}

/** Adds a constant of half-precision numbers. */
function storeHalves(
  graph: OnnxWriter,
  name: string,
  dims: readonly number[],
  bytes: Uint8Array,
  as: HalvesAs,
): string {
  if (as === 'f16') return graph.constant(name, 'float16', dims, bytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const floats = Float32Array.from({ length: bytes.length / 2 }, (_, index) =>
    halfToFloat(view.getUint16(index * 2, true)),
  );
  return graph.floats(name, floats, dims);
}

/**
 * Puts matrices of the same width into the graph as one, their rows one below the other, value for value.
 * @throws UnderstudyError `engine/model-invalid` when they are not stored alike.
 */
export function storeMatrix(
  graph: OnnxWriter,
  name: string,
  tensors: readonly LoadedTensor[],
  halves: HalvesAs,
): StoredMatrix {
  const [first] = tensors;
  const columns = first?.dims[0] ?? 0;
  const type = first?.type.name ?? 'F32';
  const rows = tensors.reduce((sum, tensor) => sum + (tensor.dims[1] ?? 0), 0);
  if (tensors.some((tensor) => tensor.type.name !== type)) {
    throw invalidModel(`Tensors ${tensors.map((tensor) => tensor.name).join(', ')} are not of one type.`);
  }
  const bytes = concat(tensors.map((tensor) => tensor.bytes));
  if (type !== 'Q8_0') {
    const dims = [rows, columns];
    const values =
      type === 'F16'
        ? storeHalves(graph, name, dims, bytes, halves)
        : graph.constant(name, 'float32', dims, bytes);
    return { rows, columns, values, scales: null };
  }
  const blocks = columns / BLOCK_VALUES;
  const { scales, values } = splitBlocks(bytes);
  return {
    rows,
    columns,
    values: graph.constant(name, 'int8', [rows, blocks, BLOCK_VALUES], values),
    scales: storeHalves(graph, `${name}.scales`, [rows, blocks, 1], scales, halves),
  };
}

function toFloats(graph: OnnxWriter, name: string, values: string, scales: string | null): string {
  const cast = graph.node({ op: 'Cast', inputs: [values], outputs: [`${name}.f`], attributes: FLOAT });
  if (scales === null) return cast;
  const scale = graph.node({ op: 'Cast', inputs: [scales], outputs: [`${name}.s`], attributes: FLOAT });
  return graph.node({ op: 'Mul', inputs: [cast, scale], outputs: [`${name}.fs`] });
}

/**
 * Writes nodes that multiply by a matrix, `[…, columns]` → `[…, rows]`.
 *
 * The unpacking of the weights to floats depends on constants alone, so the runtime does it once while it loads.
 */
export function multiplyRows(graph: OnnxWriter, matrix: StoredMatrix, input: string, output: string): string {
  const name = `${output}.weight`;
  const floats = toFloats(graph, name, matrix.values, matrix.scales);
  const shape = graph.integers(`${name}.shape`, [matrix.rows, matrix.columns]);
  const weights = graph.node({ op: 'Reshape', inputs: [floats, shape], outputs: [`${name}.flat`] });
  return graph.node({
    op: 'FusedMatMul',
    domain: 'com.microsoft',
    inputs: [input, weights],
    outputs: [output],
    attributes: { transB: 1 },
  });
}

/** Writes nodes that look up rows, `[batch, sequence]` → `[batch, sequence, columns]` floats. */
export function lookUpRows(graph: OnnxWriter, matrix: StoredMatrix, ids: string, output: string): string {
  const gather = (from: string, to: string): string =>
    graph.node({ op: 'Gather', inputs: [from, ids], outputs: [to], attributes: { axis: 0 } });
  const values = gather(matrix.values, `${output}.values`);
  const scales = matrix.scales === null ? null : gather(matrix.scales, `${output}.scales`);
  const floats = toFloats(graph, output, values, scales);
  const shape = graph.integers(`${output}.shape`, [0, 0, matrix.columns]);
  return graph.node({ op: 'Reshape', inputs: [floats, shape], outputs: [output] });
}
