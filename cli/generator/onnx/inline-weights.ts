import { formatSize } from '../../terminal/format-size.ts';
import { invalidOnnx, quoted } from './invalid-onnx.ts';
import type { Part } from './protobuf.ts';
import { joinParts, messageField, readFields } from './protobuf.ts';
import {
  GRAPH_INITIALIZER,
  MODEL_GRAPH,
  readTensor,
  TENSOR_EXTERNAL,
  TENSOR_LOCATION,
  TENSOR_RAW_DATA,
} from './read-onnx.ts';

/** Bits of an element by its number in `TensorProto.DataType`. */
const ELEMENT_BITS: ReadonlyMap<number, number> = new Map([
  ...[1, 6, 12].map((type) => [type, 32] as const),
  ...[2, 3, 9, 17, 18, 19, 20].map((type) => [type, 8] as const),
  ...[4, 5, 10, 16].map((type) => [type, 16] as const),
  ...[7, 11, 13].map((type) => [type, 64] as const),
  ...[21, 22].map((type) => [type, 4] as const),
]);

/**
 * Puts weights that lie in files beside a model into the model: then it is one file, as a bundle holds it.
 * @param dataFiles - The files that the header names, by these names.
 * @param maxBytes - Most that it may have then: two weights may name the same bytes.
 * @param path - For errors.
 * @throws UnderstudyError `cli/model-invalid` for weights that do not lie in them, and for too many.
 */
export function inlineWeights(
  model: Uint8Array,
  dataFiles: ReadonlyMap<string, Uint8Array>,
  maxBytes: number,
  path: string,
): Uint8Array<ArrayBuffer> {
  let left = maxBytes - model.length;
  const values = (tensor: Uint8Array): Uint8Array => {
    const found = valuesOf(tensor, dataFiles, path);
    left -= found.length;
    if (left < 0) throw invalidOnnx(path, `has weights of more than ${formatSize(maxBytes)}`);
    return found;
  };
  const initializer = (tensor: Uint8Array, whole: Uint8Array): Part =>
    readTensor(tensor).external === null
      ? whole
      : messageField(GRAPH_INITIALIZER, [
          ...[...readFields(tensor)]
            .filter(({ field }) => ![TENSOR_EXTERNAL, TENSOR_LOCATION, TENSOR_RAW_DATA].includes(field))
            .map((item) => item.whole),
          messageField(TENSOR_RAW_DATA, values(tensor)),
        ]);
  const graphOf = (graph: Uint8Array): Part =>
    [...readFields(graph)].map(({ field, bytes, whole }) =>
      field === GRAPH_INITIALIZER ? initializer(bytes, whole) : whole,
    );
  return joinParts(
    [...readFields(model)].map(({ field, bytes, whole }) =>
      field === MODEL_GRAPH ? messageField(MODEL_GRAPH, graphOf(bytes)) : whole,
    ),
  );
}

function valuesOf(tensor: Uint8Array, dataFiles: ReadonlyMap<string, Uint8Array>, path: string): Uint8Array {
  const { name, type, dims, external } = readTensor(tensor);
  const file = external?.get('location') ?? '';
  const data = dataFiles.get(file);
  const bits = ELEMENT_BITS.get(type);
  if (data === undefined || bits === undefined)
    throw invalidOnnx(path, `holds weights ${quoted(name)} in an unknown form`);
  const length = Math.ceil((dims.reduce((product, dim) => product * dim, 1) * bits) / 8);
  const offset = Number(external?.get('offset') ?? 0);
  const told = external?.get('length');
  const isThere = Number.isSafeInteger(offset) && offset >= 0 && offset + length <= data.length;
  if (!isThere || (told !== undefined && Number(told) !== length))
    throw invalidOnnx(path, `looks for weights ${quoted(name)} where ${quoted(file)} holds none`);
  return data.subarray(offset, offset + length);
}
