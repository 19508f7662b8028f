import type { Part } from './protobuf.ts';
import { floatField, integerField, joinParts, messageField, textField } from './protobuf.ts';

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

// Field numbers of AttributeProto: name 1, f 2, i 3, ints 8, type 20 (1 = float, 2 = int, 7 = ints).
function attribute(name: string, value: OnnxAttribute): Part {
  if (typeof value === 'number') return [textField(1, name), integerField(3, value), integerField(20, 2)];
  if ('float' in value) return [textField(1, name), floatField(2, value.float), integerField(20, 1)];
  return [textField(1, name), ...value.map((item) => integerField(8, item)), integerField(20, 7)];
}

// ValueInfoProto: name 1, type 2 → tensor_type 1 → elem_type 1, shape 2 → dim 1 → dim_value 1 or dim_param 2.
function valueInfo(name: string, type: OnnxType, shape: readonly (number | string)[]): Part {
  const dims = shape.map((dim) =>
    messageField(1, typeof dim === 'string' ? textField(2, dim) : integerField(1, dim)),
  );
  return [
    textField(1, name),
    messageField(2, messageField(1, [integerField(1, ONNX_TYPES[type]), messageField(2, dims)])),
  ];
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
    const head = [
      ...dims.map((dim) => integerField(1, dim)),
      integerField(2, ONNX_TYPES[type]),
      textField(8, name),
    ];
    this.#initializers.push(messageField(5, [...head, messageField(9, bytes)]));
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
      messageField(1, [
        ...inputs.map((name) => textField(1, name)),
        ...outputs.map((name) => textField(2, name)),
        textField(3, `${op}:${first}`),
        textField(4, op),
        ...Object.entries(attributes).map(([name, value]) => messageField(5, attribute(name, value))),
        domain === undefined ? [] : textField(7, domain),
      ]),
    );
    return first;
  }

  /** Declares an input; a text in the shape is an open length. */
  input(name: string, type: OnnxType, shape: readonly (number | string)[]): void {
    this.#inputs.push(messageField(11, valueInfo(name, type, shape)));
  }

  /** Declares an output; a text in the shape is an open length. */
  output(name: string, type: OnnxType, shape: readonly (number | string)[]): void {
    this.#outputs.push(messageField(12, valueInfo(name, type, shape)));
  }

  /** Writes the model with IR version 10 and operator sets ai.onnx 21 and com.microsoft 1. */
  finish(graphName: string): Uint8Array<ArrayBuffer> {
    const graph = [this.#nodes, textField(2, graphName), this.#initializers, this.#inputs, this.#outputs];
    // ModelProto: ir_version 1, producer_name 2, graph 7, opset_import 8 (domain 1, version 2).
    const model: Part = [
      integerField(1, 10),
      textField(2, 'understudy'),
      messageField(8, [textField(1, ''), integerField(2, 21)]),
      messageField(8, [textField(1, 'com.microsoft'), integerField(2, 1)]),
      messageField(7, graph),
    ];
    return joinParts(model);
  }
}
