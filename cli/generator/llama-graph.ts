import type { LlamaFile, LoadedTensor } from './llama-file.ts';
import type { LlamaShape } from './llama-shape.ts';
import { requireTensor } from './llama-shape.ts';
import type { HalvesAs, StoredMatrix } from './llama-weights.ts';
import { lookUpRows, multiplyRows, storeMatrix } from './llama-weights.ts';
import type { OnnxType } from './onnx/onnx-writer.ts';
import { ONNX_TYPES, OnnxWriter } from './onnx/onnx-writer.ts';
import { tensorFloats } from './tensor-floats.ts';

const MS = 'com.microsoft';
const INT64_MAX = 9_223_372_036_854_775_807n;

/** Tables of the rotary positions, `[positions, headWidth / 2]`; angle = position · base^(−2i / headWidth). */
function rotaryTable(shape: LlamaShape, of: (angle: number) => number): Float32Array {
  const half = shape.headWidth / 2;
  return Float32Array.from({ length: shape.contextTokens * half }, (_, index) => {
    const position = Math.floor(index / half);
    return of(position * shape.ropeBase ** (-(2 * (index % half)) / shape.headWidth));
  });
}

/** Writes the decoder layer by layer; every method gives back the name of the value it made. */
class LlamaGraph {
  readonly #graph = new OnnxWriter();
  readonly #file: LlamaFile;
  readonly #shape: LlamaShape;
  readonly #halves: HalvesAs;

  constructor(file: LlamaFile, shape: LlamaShape, halves: HalvesAs) {
    this.#file = file;
    this.#shape = shape;
    this.#halves = halves;
  }

  write(): Uint8Array<ArrayBuffer> {
    const { width, vocabulary, layers } = this.#shape;
    this.#declare();
    this.#positions();
    const embedding = this.#store('embedding', [
      requireTensor(this.#file, 'token_embd.weight', [width, vocabulary]),
    ]);
    let residual = lookUpRows(this.#graph, embedding, 'input_ids', 'embedded');
    let normed = this.#graph.node({
      op: 'SimplifiedLayerNormalization',
      inputs: [residual, this.#norm('blk.0.attn_norm.weight')],
      outputs: ['layer0.in'],
      attributes: { epsilon: { float: this.#shape.normEpsilon }, axis: -1, stash_type: 1 },
    });
    for (let layer = 0; layer < layers; layer += 1) {
      ({ residual, normed } = this.#layer(layer, residual, normed));
    }
    const head = this.#file.tensors.has('output.weight')
      ? this.#store('head', [requireTensor(this.#file, 'output.weight', [width, vocabulary])])
      : embedding;
    multiplyRows(this.#graph, head, this.#lastPositions(normed), 'logits');
    return this.#graph.finish('llama');
  }

  // Transformers.js resolves only the length named `batch_size`; every other open length counts as 0 at first.
  #declare(): void {
    const { keyHeads, headWidth, layers, vocabulary } = this.#shape;
    const declare = (
      kind: 'input' | 'output',
      name: string,
      type: OnnxType,
      shape: (number | string)[],
    ): void => this.#graph[kind](name, type, shape);
    declare('input', 'input_ids', 'int64', ['batch_size', 'sequence_length']);
    declare('input', 'attention_mask', 'int64', ['batch_size', 'total_sequence_length']);
    declare('input', 'num_logits_to_keep', 'int64', []);
    declare('output', 'logits', 'float32', ['batch_size', 'kept_length', vocabulary]);
    for (let layer = 0; layer < layers; layer += 1) {
      for (const part of ['key', 'value']) {
        const shape = (length: string): (number | string)[] => ['batch_size', keyHeads, length, headWidth];
        declare('input', `past_key_values.${layer}.${part}`, 'float32', shape('past_sequence_length'));
        declare('output', `present.${layer}.${part}`, 'float32', shape('total_sequence_length'));
      }
    }
  }

  /** Makes what attention wants to know of the mask: index of each row's last position, and the whole length. */
  #positions(): void {
    const graph = this.#graph;
    const toInt32 = { to: ONNX_TYPES.int32 };
    const one = graph.integers('one', [1]);
    const sum = graph.node({
      op: 'ReduceSum',
      inputs: ['attention_mask', one],
      outputs: ['mask.sum'],
      attributes: { keepdims: 0 },
    });
    const last = graph.node({ op: 'Sub', inputs: [sum, one], outputs: ['mask.last'] });
    graph.node({ op: 'Cast', inputs: [last], outputs: ['seqlens_k'], attributes: toInt32 });
    const lengths = graph.node({ op: 'Shape', inputs: ['attention_mask'], outputs: ['mask.shape'] });
    const index = graph.integers('one.scalar', [1], []);
    const total = graph.node({
      op: 'Gather',
      inputs: [lengths, index],
      outputs: ['mask.total'],
      attributes: { axis: 0 },
    });
    graph.node({ op: 'Cast', inputs: [total], outputs: ['total_length'], attributes: toInt32 });
    const dims = [this.#shape.contextTokens, this.#shape.headWidth / 2];
    graph.floats('rope.cos', rotaryTable(this.#shape, Math.cos), dims);
    graph.floats('rope.sin', rotaryTable(this.#shape, Math.sin), dims);
  }

  #layer(
    layer: number,
    residual: string,
    normed: string,
  ): { readonly residual: string; readonly normed: string } {
    const afterAttention = this.#addAndNorm(
      `layer${layer}.mid`,
      residual,
      this.#attention(layer, normed),
      `blk.${layer}.ffn_norm.weight`,
    );
    const isLast = layer === this.#shape.layers - 1;
    return this.#addAndNorm(
      `layer${layer}.out`,
      afterAttention.residual,
      this.#feedForward(layer, afterAttention.normed),
      isLast ? 'output_norm.weight' : `blk.${layer + 1}.attn_norm.weight`,
    );
  }

  #attention(layer: number, normed: string): string {
    const { width, heads, keyHeads, headWidth } = this.#shape;
    const packed = this.#linear(`layer${layer}.qkv`, normed, [
      this.#matrix(layer, 'attn_q', width, heads * headWidth),
      this.#matrix(layer, 'attn_k', width, keyHeads * headWidth),
      this.#matrix(layer, 'attn_v', width, keyHeads * headWidth),
    ]);
    const past = [`past_key_values.${layer}.key`, `past_key_values.${layer}.value`];
    const attended = this.#graph.node({
      op: 'GroupQueryAttention',
      domain: MS,
      inputs: [packed, '', '', ...past, 'seqlens_k', 'total_length', 'rope.cos', 'rope.sin'],
      outputs: [`layer${layer}.attended`, `present.${layer}.key`, `present.${layer}.value`],
      attributes: {
        num_heads: heads,
        kv_num_heads: keyHeads,
        scale: { float: 1 / Math.sqrt(headWidth) },
        do_rotary: 1,
        // GGUF's llama rotates the neighbors 2i and 2i + 1.
        rotary_interleaved: 1,
      },
    });
    const output = this.#matrix(layer, 'attn_output', heads * headWidth, width);
    return this.#linear(`layer${layer}.attention`, attended, [output]);
  }

  #feedForward(layer: number, normed: string): string {
    const { width, feedForward } = this.#shape;
    const name = `layer${layer}.ffn`;
    const both = this.#linear(`${name}.both`, normed, [
      this.#matrix(layer, 'ffn_gate', width, feedForward),
      this.#matrix(layer, 'ffn_up', width, feedForward),
    ]);
    this.#graph.node({
      op: 'Split',
      inputs: [both],
      outputs: [`${name}.gate`, `${name}.up`],
      attributes: { axis: -1, num_outputs: 2 },
    });
    const active = this.#graph.node({
      op: 'QuickGelu',
      domain: MS,
      inputs: [`${name}.gate`],
      outputs: [`${name}.silu`],
      attributes: { alpha: { float: 1 } },
    });
    const gated = this.#graph.node({ op: 'Mul', inputs: [active, `${name}.up`], outputs: [`${name}.gated`] });
    return this.#linear(`${name}.down`, gated, [this.#matrix(layer, 'ffn_down', feedForward, width)]);
  }

  #addAndNorm(
    name: string,
    residual: string,
    added: string,
    norm: string,
  ): { readonly residual: string; readonly normed: string } {
    const outputs = [name, '', '', `${name}.residual`] as const;
    this.#graph.node({
      op: 'SkipSimplifiedLayerNormalization',
      domain: MS,
      inputs: [residual, added, this.#norm(norm)],
      outputs,
      attributes: { epsilon: { float: this.#shape.normEpsilon } },
    });
    return { residual: outputs[3], normed: name };
  }

  /** Keeps the last `num_logits_to_keep` positions, all when it is 0. */
  #lastPositions(normed: string): string {
    const graph = this.#graph;
    const negative = graph.node({ op: 'Neg', inputs: ['num_logits_to_keep'], outputs: ['keep.negative'] });
    const zero = graph.integers('keep.axis0', [0]);
    const start = graph.node({ op: 'Unsqueeze', inputs: [negative, zero], outputs: ['keep.start'] });
    const end = graph.integers('keep.end', [INT64_MAX]);
    return graph.node({ op: 'Slice', inputs: [normed, start, end, 'one'], outputs: ['kept'] });
  }

  #linear(name: string, input: string, tensors: readonly LoadedTensor[]): string {
    return multiplyRows(this.#graph, this.#store(`${name}.stored`, tensors), input, name);
  }

  #store(name: string, tensors: readonly LoadedTensor[]): StoredMatrix {
    return storeMatrix(this.#graph, name, tensors, this.#halves);
  }

  #matrix(layer: number, name: string, columns: number, rows: number): LoadedTensor {
    return requireTensor(this.#file, `blk.${layer}.${name}.weight`, [columns, rows]);
  }

  #norm(name: string): string {
    const { width } = this.#shape;
    return this.#graph.floats(name, tensorFloats(requireTensor(this.#file, name, [width])), [width]);
  }
}

/**
 * Writes the decoder as an ONNX model in the form Transformers.js runs: `input_ids`, `attention_mask`,
 * `num_logits_to_keep` and the past keys and values in; `logits` and the present keys and values out.
 *
 * Weights lie in it as they lie in the GGUF file, bit for bit; 16-bit floats among them as `halves` says.
 * @throws UnderstudyError `engine/model-invalid` when a tensor is missing or of another shape.
 */
export function writeLlamaGraph(
  file: LlamaFile,
  shape: LlamaShape,
  halves: HalvesAs,
): Uint8Array<ArrayBuffer> {
  return new LlamaGraph(file, shape, halves).write();
}
