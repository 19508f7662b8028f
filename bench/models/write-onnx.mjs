/**
 * Writes the twin of a llama GGUF file as Transformers.js takes it in its 8-bit form (`dtype: 'q8'`): the same weights, one
 * scale a matrix, multiplied by DynamicQuantizeLinear and MatMulInteger, attention by GroupQueryAttention. That is the
 * form of the exports on model hubs, and of what ONNX Runtime offers in a browser the fastest.
 *
 *   node --import tsx bench/models/write-onnx.mjs MODEL.gguf FOLDER
 *
 * Writes `config.json`, `generation_config.json` and `onnx/model_quantized.onnx`. F32, F16 and Q8_0 files are read.
 */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readLlamaFile } from '../../cli/generator/llama-file.ts';
import { readLlamaShape, requireTensor } from '../../cli/generator/llama-shape.ts';
import { OnnxWriter, ONNX_TYPES } from '../../cli/generator/onnx/onnx-writer.ts';
import { tensorFloats } from '../../cli/generator/tensor-floats.ts';

const MS = 'com.microsoft';
const LAST = 9_223_372_036_854_775_807n;

/** Row of the file that becomes a row: GGUF rotates neighbors (2i, 2i + 1), exports rotate halves (i, i + headWidth / 2). */
function rowsInHalves(rows, headWidth) {
  const half = headWidth / 2;
  return Array.from({ length: rows }, (_, row) => {
    const inHead = row % headWidth;
    const from = inHead < half ? 2 * inHead : 2 * (inHead - half) + 1;
    return row - inHead + from;
  });
}

/** Values on whole numbers from −127 to 127 under one scale. */
function quantize(floats) {
  let most = 0;
  for (const value of floats) most = Math.max(most, Math.abs(value));
  const scale = most / 127;
  const values = new Int8Array(floats.length);
  for (let at = 0; at < floats.length; at += 1) values[at] = Math.round(floats[at] / scale);
  return { scale, values };
}

function transpose(values, rows, columns, rowOrder) {
  const turned = new Int8Array(values.length);
  for (let row = 0; row < rows; row += 1) {
    const from = (rowOrder === undefined ? row : rowOrder[row]) * columns;
    for (let column = 0; column < columns; column += 1) turned[column * rows + row] = values[from + column];
  }
  return turned;
}

const asBytes = (array) => new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

class QuantizedLlama {
  #graph = new OnnxWriter();
  #quantizedInputs = new Map();

  constructor(file, shape) {
    this.file = file;
    this.shape = shape;
  }

  write() {
    const graph = this.#graph;
    this.#declare();
    this.#positions();
    graph.constant('zero8', 'int8', [], new Uint8Array(1));
    let residual = this.#embedding();
    let normed = graph.node({
      op: 'SimplifiedLayerNormalization',
      inputs: [residual, this.#norm('blk.0.attn_norm.weight')],
      outputs: ['l0.in'],
      attributes: { epsilon: { float: this.shape.normEpsilon }, axis: -1, stash_type: 1 },
    });
    for (let layer = 0; layer < this.shape.layers; layer += 1) {
      const middle = this.#addAndNorm(
        `l${layer}.mid`,
        residual,
        this.#attention(layer, normed),
        `blk.${layer}.ffn_norm.weight`,
      );
      const isLast = layer === this.shape.layers - 1;
      ({ residual, normed } = this.#addAndNorm(
        `l${layer}.out`,
        middle.residual,
        this.#feedForward(layer, middle.normed),
        isLast ? 'output_norm.weight' : `blk.${layer + 1}.attn_norm.weight`,
      ));
    }
    const { width, vocabulary } = this.shape;
    const head = this.file.tensors.has('output.weight') ? 'output.weight' : 'token_embd.weight';
    this.#multiply(this.#lastPositions(normed), head, width, vocabulary, 'logits');
    return graph.finish('llama');
  }

  // Transformers.js knows the open length `batch_size` by this name.
  #declare() {
    const { keyHeads, headWidth, layers, vocabulary } = this.shape;
    const graph = this.#graph;
    graph.input('input_ids', 'int64', ['batch_size', 'sequence_length']);
    graph.input('attention_mask', 'int64', ['batch_size', 'total_sequence_length']);
    graph.input('num_logits_to_keep', 'int64', []);
    graph.output('logits', 'float32', ['batch_size', 'kept_length', vocabulary]);
    for (let layer = 0; layer < layers; layer += 1) {
      for (const part of ['key', 'value']) {
        const shape = (length) => ['batch_size', keyHeads, length, headWidth];
        graph.input(`past_key_values.${layer}.${part}`, 'float32', shape('past_sequence_length'));
        graph.output(`present.${layer}.${part}`, 'float32', shape('total_sequence_length'));
      }
    }
  }

  #positions() {
    const graph = this.#graph;
    const { contextTokens, headWidth, ropeBase } = this.shape;
    const node = (op, inputs, output, attributes) =>
      graph.node({ op, inputs, outputs: [output], ...(attributes === undefined ? {} : { attributes }) });
    graph.integers('axis1', [1]);
    graph.integers('index1', [1], []);
    node('ReduceSum', ['attention_mask', 'axis1'], 'mask.sum', { keepdims: 0 });
    node('Sub', ['mask.sum', 'axis1'], 'mask.last');
    node('Cast', ['mask.last'], 'seqlens_k', { to: ONNX_TYPES.int32 });
    node('Shape', ['attention_mask'], 'mask.shape');
    node('Gather', ['mask.shape', 'index1'], 'mask.total', { axis: 0 });
    node('Cast', ['mask.total'], 'total_length', { to: ONNX_TYPES.int32 });
    const half = headWidth / 2;
    const table = (of) =>
      Float32Array.from({ length: contextTokens * half }, (_, at) =>
        of(Math.floor(at / half) * ropeBase ** (-(2 * (at % half)) / headWidth)),
      );
    graph.floats('rope.cos', table(Math.cos), [contextTokens, half]);
    graph.floats('rope.sin', table(Math.sin), [contextTokens, half]);
  }

  #embedding() {
    const { width, vocabulary } = this.shape;
    const graph = this.#graph;
    const { scale, values } = quantize(this.#floats('token_embd.weight', width, vocabulary));
    graph.constant('embedding', 'int8', [vocabulary, width], asBytes(values));
    graph.floats('embedding.scale', new Float32Array([scale]), []);
    graph.node({
      op: 'Gather',
      inputs: ['embedding', 'input_ids'],
      outputs: ['found'],
      attributes: { axis: 0 },
    });
    return graph.node({
      op: 'DequantizeLinear',
      inputs: ['found', 'embedding.scale', 'zero8'],
      outputs: ['embedded'],
    });
  }

  #attention(layer, normed) {
    const { width, heads, keyHeads, headWidth } = this.shape;
    const keys = keyHeads * headWidth;
    const from = (part) => `blk.${layer}.${part}.weight`;
    const query = this.#multiply(normed, from('attn_q'), width, heads * headWidth, `l${layer}.q`, headWidth);
    const key = this.#multiply(normed, from('attn_k'), width, keys, `l${layer}.k`, headWidth);
    const value = this.#multiply(normed, from('attn_v'), width, keys, `l${layer}.v`);
    const past = [`past_key_values.${layer}.key`, `past_key_values.${layer}.value`];
    const attended = this.#graph.node({
      op: 'GroupQueryAttention',
      domain: MS,
      inputs: [query, key, value, ...past, 'seqlens_k', 'total_length', 'rope.cos', 'rope.sin'],
      outputs: [`l${layer}.attended`, `present.${layer}.key`, `present.${layer}.value`],
      attributes: {
        num_heads: heads,
        kv_num_heads: keyHeads,
        scale: { float: 1 / Math.sqrt(headWidth) },
        do_rotary: 1,
        rotary_interleaved: 0,
      },
    });
    return this.#multiply(attended, from('attn_output'), heads * headWidth, width, `l${layer}.o`);
  }

  #feedForward(layer, normed) {
    const { width, feedForward } = this.shape;
    const graph = this.#graph;
    const name = (part) => `l${layer}.${part}`;
    const from = (part) => `blk.${layer}.${part}.weight`;
    const gate = this.#multiply(normed, from('ffn_gate'), width, feedForward, name('gate'));
    const up = this.#multiply(normed, from('ffn_up'), width, feedForward, name('up'));
    graph.node({ op: 'Sigmoid', inputs: [gate], outputs: [name('sigmoid')] });
    graph.node({ op: 'Mul', inputs: [gate, name('sigmoid')], outputs: [name('silu')] });
    graph.node({ op: 'Mul', inputs: [name('silu'), up], outputs: [name('gated')] });
    return this.#multiply(name('gated'), from('ffn_down'), feedForward, width, name('down'));
  }

  #addAndNorm(name, residual, added, norm) {
    this.#graph.node({
      op: 'SkipSimplifiedLayerNormalization',
      domain: MS,
      inputs: [residual, added, this.#norm(norm)],
      outputs: [name, '', '', `${name}.residual`],
      attributes: { epsilon: { float: this.shape.normEpsilon } },
    });
    return { residual: `${name}.residual`, normed: name };
  }

  /** Activations are put on 8 bits once for all matrices that take them. */
  #quantizedInput(input) {
    const known = this.#quantizedInputs.get(input);
    if (known !== undefined) return known;
    const outputs = [`${input}.8`, `${input}.8.scale`, `${input}.8.zero`];
    this.#graph.node({ op: 'DynamicQuantizeLinear', inputs: [input], outputs });
    this.#quantizedInputs.set(input, outputs);
    return outputs;
  }

  #multiply(input, tensor, columns, rows, output, rotatedHeadWidth) {
    const graph = this.#graph;
    const node = (op, inputs, to, attributes = {}) => graph.node({ op, inputs, outputs: [to], attributes });
    const { scale, values } = quantize(this.#floats(tensor, columns, rows));
    const order = rotatedHeadWidth === undefined ? undefined : rowsInHalves(rows, rotatedHeadWidth);
    const weights = graph.constant(
      `${output}.weight`,
      'int8',
      [columns, rows],
      asBytes(transpose(values, rows, columns, order)),
    );
    graph.floats(`${output}.weight.scale`, new Float32Array([scale]), []);
    const [quantized, inputScale, zero] = this.#quantizedInput(input);
    node('MatMulInteger', [quantized, weights, zero, 'zero8'], `${output}.32`);
    node('Cast', [`${output}.32`], `${output}.float`, { to: ONNX_TYPES.float32 });
    node('Mul', [inputScale, `${output}.weight.scale`], `${output}.scale`);
    return node('Mul', [`${output}.float`, `${output}.scale`], output);
  }

  #lastPositions(normed) {
    const graph = this.#graph;
    graph.node({ op: 'Neg', inputs: ['num_logits_to_keep'], outputs: ['keep.negative'] });
    const axis = graph.integers('axis0', [0]);
    graph.node({ op: 'Unsqueeze', inputs: ['keep.negative', axis], outputs: ['keep.start'] });
    const end = graph.integers('keep.end', [LAST]);
    return graph.node({ op: 'Slice', inputs: [normed, 'keep.start', end, 'axis1'], outputs: ['kept'] });
  }

  #floats(name, columns, rows) {
    return tensorFloats(requireTensor(this.file, name, [columns, rows]));
  }

  #norm(name) {
    const { width } = this.shape;
    return this.#graph.floats(name, tensorFloats(requireTensor(this.file, name, [width])), [width]);
  }
}

async function writeJson(path, value) {
  await writeFile(path, `${JSON.stringify(value, null, 2)}\n`);
}

const [source, folder] = process.argv.slice(2);
if (source === undefined || folder === undefined) throw new Error('Name a GGUF file and a folder.');
const file = readLlamaFile(await readFile(source));
const shape = readLlamaShape(file);
await mkdir(join(folder, 'onnx'), { recursive: true });
await writeJson(join(folder, 'config.json'), {
  model_type: 'llama',
  architectures: ['LlamaForCausalLM'],
  hidden_size: shape.width,
  num_hidden_layers: shape.layers,
  num_attention_heads: shape.heads,
  num_key_value_heads: shape.keyHeads,
  head_dim: shape.headWidth,
  intermediate_size: shape.feedForward,
  vocab_size: shape.vocabulary,
  max_position_embeddings: shape.contextTokens,
  bos_token_id: 1,
  eos_token_id: 2,
});
// No token ends a text: the benchmark generates as many as it wants.
await writeJson(join(folder, 'generation_config.json'), {
  bos_token_id: 1,
  eos_token_id: null,
  pad_token_id: 0,
});
const model = join(folder, 'onnx/model_quantized.onnx');
await writeFile(`${model}.unfinished`, new QuantizedLlama(file, shape).write());
await rename(`${model}.unfinished`, model);
