import { invalidOnnx } from './invalid-onnx.ts';
import type { ProtobufField } from './protobuf.ts';
import { readFields } from './protobuf.ts';

/** An input or an output of a graph. */
export interface OnnxValue {
  readonly name: string;
  /** Number of the element type in `TensorProto.DataType`; 0 for what is no tensor. */
  readonly type: number;
  /** A name is an open length, '' one without a name. */
  readonly dims: readonly (number | string)[];
}

/** What an ONNX file says of itself, without its weights. */
export interface OnnxHeader {
  /** Those that a run must give: weights that are listed as inputs, as old files do, are none. */
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  /** Whether anything is held or computed in 16-bit floats. */
  readonly hasHalves: boolean;
  /** Names, as the file gives them, of the files beside it that hold weights. */
  readonly dataFiles: readonly string[];
}

/** A tensor without its values. */
export interface OnnxTensor {
  readonly name: string;
  readonly type: number;
  readonly dims: readonly number[];
  /** What is said of where its values lie, by key; null where they lie in the tensor itself. */
  readonly external: ReadonlyMap<string, string> | null;
}

/** Numbers of fields: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto. */
export const MODEL_GRAPH = 7;
export const GRAPH_INITIALIZER = 5;
export const TENSOR_RAW_DATA = 9;
export const TENSOR_EXTERNAL = 13;
export const TENSOR_LOCATION = 14;
const MODEL_IR_VERSION = 1;
const GRAPH_NODE = 1;
const GRAPH_INPUT = 11;
const GRAPH_OUTPUT = 12;
const GRAPH_SPARSE = 15;
const NODE_TYPE = 4;
const NODE_ATTRIBUTE = 5;
const ATTRIBUTE_NAME = 1;
const ATTRIBUTE_INTEGER = 3;
const ATTRIBUTE_TENSOR = 5;
const ATTRIBUTE_GRAPH = 6;
const ATTRIBUTE_TENSORS = 10;
const ATTRIBUTE_GRAPHS = 11;

const HALVES: ReadonlySet<number> = new Set([10, 16]);
/** Graphs within nodes of graphs: exports have one. */
const MAX_DEPTH = 8;

const utf8 = new TextDecoder();

/** Collects what the fields of a graph say. */
class GraphSurvey {
  readonly inputs: OnnxValue[] = [];
  readonly outputs: OnnxValue[] = [];
  readonly weights = new Set<string>();
  readonly dataFiles = new Set<string>();
  hasHalves = false;

  read(graph: Uint8Array, depth = 0): void {
    if (depth > MAX_DEPTH) throw new RangeError('Its graphs are nested too deeply.');
    for (const { field, bytes } of readFields(graph)) {
      switch (field) {
        case GRAPH_NODE:
          this.#node(bytes, depth);
          break;
        case GRAPH_INITIALIZER:
          this.#weight(readTensor(bytes), depth === 0);
          break;
        case GRAPH_INPUT:
          if (depth === 0) this.inputs.push(this.#value(bytes));
          break;
        case GRAPH_OUTPUT:
          if (depth === 0) this.outputs.push(this.#value(bytes));
          break;
        case GRAPH_SPARSE:
          throw new RangeError('It has sparse weights, which are not packed.');
        default:
      }
    }
  }

  #value(bytes: Uint8Array): OnnxValue {
    const value = readValue(bytes);
    this.hasHalves ||= HALVES.has(value.type);
    return value;
  }

  #weight(tensor: OnnxTensor, isOfGraph: boolean): void {
    this.hasHalves ||= HALVES.has(tensor.type);
    if (isOfGraph) this.weights.add(tensor.name);
    if (tensor.external === null) return;
    if (!isOfGraph) throw new RangeError('A constant of a node lies in another file, which is not packed.');
    this.dataFiles.add(tensor.external.get('location') ?? '');
  }

  #node(node: Uint8Array, depth: number): void {
    let type = '';
    for (const { field, bytes } of readFields(node)) {
      if (field === NODE_TYPE) type = utf8.decode(bytes);
      if (field === NODE_ATTRIBUTE) this.#attribute(bytes, depth, type === 'Cast');
    }
  }

  #attribute(attribute: Uint8Array, depth: number, isOfCast: boolean): void {
    let name = '';
    for (const { field, value, bytes } of readFields(attribute)) {
      switch (field) {
        case ATTRIBUTE_NAME:
          name = utf8.decode(bytes);
          break;
        case ATTRIBUTE_INTEGER:
          this.hasHalves ||= isOfCast && name === 'to' && HALVES.has(value);
          break;
        case ATTRIBUTE_TENSOR:
        case ATTRIBUTE_TENSORS:
          this.#weight(readTensor(bytes), false);
          break;
        case ATTRIBUTE_GRAPH:
        case ATTRIBUTE_GRAPHS:
          this.read(bytes, depth + 1);
          break;
        default:
      }
    }
  }
}

/**
 * Reads what an ONNX file asks for and gives; weights are passed over.
 * @param path - For errors.
 * @throws UnderstudyError `cli/model-invalid` for what is no ONNX model, or ends early.
 */
export function readOnnx(model: Uint8Array, path: string): OnnxHeader {
  const survey = new GraphSurvey();
  try {
    const fields = [...readFields(model)];
    const graphs = fields.filter(({ field }) => field === MODEL_GRAPH);
    const hasVersion = fields.some(({ field, value }) => field === MODEL_IR_VERSION && value > 0);
    const [graph] = graphs;
    if (!hasVersion || graph === undefined || graphs.length > 1)
      throw new RangeError('It holds no version, or not one graph.');
    survey.read(graph.bytes);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    const why = cause.message.replace(/\.$/, '');
    throw invalidOnnx(path, `is no ONNX model, or one that was cut off: ${why}`, cause);
  }
  const { inputs, outputs, weights, hasHalves, dataFiles } = survey;
  return {
    inputs: inputs.filter(({ name }) => !weights.has(name)),
    outputs,
    hasHalves,
    dataFiles: [...dataFiles],
  };
}

/** Reads a `TensorProto` but for its values. @throws RangeError. */
export function readTensor(tensor: Uint8Array): OnnxTensor {
  let name = '';
  let type = 0;
  let isExternal = false;
  const dims: number[] = [];
  const external = new Map<string, string>();
  for (const item of readFields(tensor)) {
    const { field, value, bytes } = item;
    if (field === 1) dims.push(...integersOf(item));
    else if (field === 2) type = value;
    else if (field === 8) name = utf8.decode(bytes);
    else if (field === TENSOR_LOCATION) isExternal = value === 1;
    else if (field === TENSOR_EXTERNAL) {
      external.set(textOf(bytes, 1), textOf(bytes, 2));
    }
  }
  return { name, type, dims, external: isExternal || external.size > 0 ? external : null };
}

/** Lists of integers stand as single fields, or as one of bytes. */
function integersOf({ bytes, value }: ProtobufField): readonly number[] {
  if (bytes.length === 0) return [value];
  const values: number[] = [];
  let [sum, count] = [0, 0];
  for (const byte of bytes) {
    sum += (byte & 127) * 2 ** (7 * count);
    count += 1;
    if (byte >= 128) continue;
    values.push(sum);
    [sum, count] = [0, 0];
  }
  return values;
}

function readValue(bytes: Uint8Array): OnnxValue {
  const tensor = inner(inner(bytes, 2), 1);
  const dims = [...readFields(inner(tensor, 2))].flatMap((dim) => {
    if (dim.field !== 1) return [];
    const length = [...readFields(dim.bytes)].find(({ field }) => field === 1);
    return [length === undefined ? textOf(dim.bytes, 2) : length.value];
  });
  const type = [...readFields(tensor)].find(({ field }) => field === 1)?.value ?? 0;
  return { name: textOf(bytes, 1), type, dims };
}

function inner(message: Uint8Array, wanted: number): Uint8Array {
  return [...readFields(message)].find(({ field }) => field === wanted)?.bytes ?? new Uint8Array(0);
}

function textOf(message: Uint8Array, field: number): string {
  return utf8.decode(inner(message, field));
}
