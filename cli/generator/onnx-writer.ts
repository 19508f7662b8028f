/** Element types of ONNX that the graphs use, with their numbers in `TensorProto.DataType`. */
export const ONNX_TYPES = { float32: 1, uint8: 2, int8: 3, int32: 6, int64: 7, float16: 10 } as const;

/** Name of an element type of ONNX. */
export type OnnxType = keyof typeof ONNX_TYPES;

/** An attribute of a node: an integer, `{float}` or a list of integers. */
export type OnnxAttribute = number | { readonly float: number } | readonly number[];

/** A node without its name. */
export interface OnnxNode {
  readonly op: string;
  /** Names of values; the empty text is an input that is left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: { readonly [name: string]: OnnxAttribute };
  /** Operator set; default the standard one of ONNX. */
  readonly domain?: 'com.microsoft';
}

type Part = Uint8Array | readonly Part[];

const utf8 = new TextEncoder();
const WIRE_VARINT = 0;
const WIRE_BYTES = 2;
const WIRE_FIXED32 = 5;

function varint(value: number | bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  while (rest > 127n) {
    bytes.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}

const isBytes = (part: Part): part is Uint8Array => part instanceof Uint8Array;

function sizeOf(part: Part): number {
  return isBytes(part) ? part.length : part.reduce((sum, inner) => sum + sizeOf(inner), 0);
}

function copyTo(target: Uint8Array, part: Part, at: number): number {
  if (isBytes(part)) {
    target.set(part, at);
    return at + part.length;
  }
  return part.reduce((offset, inner) => copyTo(target, inner, offset), at);
}

const integer = (field: number, value: number | bigint): Part => [
  varint((field << 3) | WIRE_VARINT),
  varint(value),
];
const message = (field: number, content: Part): Part => [
  varint((field << 3) | WIRE_BYTES),
  varint(sizeOf(content)),
  content,
];
const text = (field: number, value: string): Part => message(field, utf8.encode(value));

function float(field: number, value: number): Part {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return [varint((field << 3) | WIRE_FIXED32), bytes];
}

// Field numbers of AttributeProto: name 1, f 2, i 3, ints 8, type 20 (1 = float, 2 = int, 7 = ints).
function attribute(name: string, value: OnnxAttribute): Part {
  if (typeof value === 'number') return [text(1, name), integer(3, value), integer(20, 2)];
  if ('float' in value) return [text(1, name), float(2, value.float), integer(20, 1)];
  return [text(1, name), ...value.map((item) => integer(8, item)), integer(20, 7)];
}

// ValueInfoProto: name 1, type 2 → tensor_type 1 → elem_type 1, shape 2 → dim 1 → dim_value 1 or dim_param 2.
function valueInfo(name: string, type: OnnxType, shape: readonly (number | string)[]): Part {
  const dims = shape.map((dim) => message(1, typeof dim === 'string' ? text(2, dim) : integer(1, dim)));
  return [text(1, name), message(2, message(1, [integer(1, ONNX_TYPES[type]), message(2, dims)]))];
}

/**
 * Collects a graph and writes it as an ONNX `ModelProto`.
 *
 * Field numbers are those of https://github.com/onnx/onnx/blob/main/onnx/onnx.proto.
 */
export class OnnxWriter {
  readonly #nodes: Part[] = [];
  readonly #initializers: Part[] = [];
  readonly #inputs: Part[] = [];
  readonly #outputs: Part[] = [];

  /** Adds a constant tensor of little-endian bytes and gives back its name. */
  constant(name: string, type: OnnxType, dims: readonly number[], bytes: Uint8Array): string {
    // TensorProto: dims 1, data_type 2, name 8, raw_data 9.
    const head = [...dims.map((dim) => integer(1, dim)), integer(2, ONNX_TYPES[type]), text(8, name)];
    this.#initializers.push(message(5, [...head, message(9, bytes)]));
    return name;
  }

  /** Adds a constant list, or a scalar, of 64-bit integers and gives back its name. */
  integers(
    name: string,
    values: readonly (number | bigint)[],
    dims: readonly number[] = [values.length],
  ): string {
    const data = new BigInt64Array(values.map(BigInt));
    return this.constant(name, 'int64', dims, new Uint8Array(data.buffer));
  }

  /** Adds a constant tensor of floats and gives back its name. */
  floats(name: string, values: Float32Array, dims: readonly number[]): string {
    return this.constant(
      name,
      'float32',
      dims,
      new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
    );
  }

  /** Adds a node and gives back the name of its first output. */
  node({ op, inputs, outputs, attributes = {}, domain }: OnnxNode): string {
    // NodeProto: input 1, output 2, name 3, op_type 4, attribute 5, domain 7.
    const [first = ''] = outputs;
    this.#nodes.push(
      message(1, [
        ...inputs.map((name) => text(1, name)),
        ...outputs.map((name) => text(2, name)),
        text(3, `${op}:${first}`),
        text(4, op),
        ...Object.entries(attributes).map(([name, value]) => message(5, attribute(name, value))),
        domain === undefined ? [] : text(7, domain),
      ]),
    );
    return first;
  }

  /** Declares an input; a text in the shape is an open length. */
  input(name: string, type: OnnxType, shape: readonly (number | string)[]): void {
    this.#inputs.push(message(11, valueInfo(name, type, shape)));
  }

  /** Declares an output; a text in the shape is an open length. */
  output(name: string, type: OnnxType, shape: readonly (number | string)[]): void {
    this.#outputs.push(message(12, valueInfo(name, type, shape)));
  }

  /** Writes the model with IR version 10 and operator sets ai.onnx 21 and com.microsoft 1. */
  finish(graphName: string): Uint8Array<ArrayBuffer> {
    const graph = [this.#nodes, text(2, graphName), this.#initializers, this.#inputs, this.#outputs];
    // ModelProto: ir_version 1, producer_name 2, graph 7, opset_import 8 (domain 1, version 2).
    const model: Part = [
      integer(1, 10),
      text(2, 'understudy'),
      message(8, [text(1, ''), integer(2, 21)]),
      message(8, [text(1, 'com.microsoft'), integer(2, 1)]),
      message(7, graph),
    ];
    const bytes = new Uint8Array(sizeOf(model));
    copyTo(bytes, model, 0);
    return bytes;
  }
}
