import { open, rename, rm } from 'node:fs/promises';
import { BLOCK_TYPES, makePattern, typeForRows } from './blocks.mjs';
import { randomFrom } from './random.mjs';
import { makeVocabulary } from './vocabulary.mjs';

/** Format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md, version 3. */
const ALIGNMENT = 32;
const VALUE_TYPES = { uint32: 4, int32: 5, float32: 6, boolean: 7, string: 8, array: 9 };
/** `general.file_type`, which engines only print. */
const FILE_TYPES = { F32: 0, F16: 1, Q4_0: 2, Q8_0: 7, Q4_K: 15, Q5_K: 17, Q6_K: 18, BF16: 32 };
const NORM_EPSILON = 1e-5;
const CHAT_TEMPLATE =
  "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";

class Bytes {
  #parts = [];

  u32(value) {
    const part = Buffer.alloc(4);
    part.writeUInt32LE(value);
    this.#parts.push(part);
  }
  u64(value) {
    const part = Buffer.alloc(8);
    part.writeBigUInt64LE(BigInt(value));
    this.#parts.push(part);
  }
  text(value) {
    const part = Buffer.from(value);
    this.u64(part.length);
    this.#parts.push(part);
  }
  raw(part) {
    this.#parts.push(part);
  }
  all() {
    return Buffer.concat(this.#parts);
  }
}

function metadata(shape, type, name) {
  const { architecture, width, layers, heads, keyHeads, feedForward, vocabulary } = shape;
  const { tokens, types, merges, begin, end } = makeVocabulary(vocabulary);
  const bytes = new Bytes();
  let count = 0;
  const put = (key, valueType, write) => {
    count += 1;
    bytes.text(key);
    bytes.u32(VALUE_TYPES[valueType]);
    write();
  };
  const text = (key, value) => put(key, 'string', () => bytes.text(value));
  const integer = (key, value) => put(key, 'uint32', () => bytes.u32(value));
  const float = (key, value) =>
    put(key, 'float32', () => bytes.raw(Buffer.from(new Float32Array([value]).buffer)));
  const list = (key, itemType, items, write) =>
    put(key, 'array', () => {
      bytes.u32(VALUE_TYPES[itemType]);
      bytes.u64(items.length);
      write();
    });
  const texts = (key, items) => list(key, 'string', items, () => items.forEach((item) => bytes.text(item)));
  const own = (key) => `${architecture}.${key}`;
  text('general.architecture', architecture);
  text('general.name', name);
  integer('general.alignment', ALIGNMENT);
  integer('general.file_type', FILE_TYPES[type]);
  integer('general.quantization_version', 2);
  integer(own('context_length'), shape.contextTokens);
  integer(own('embedding_length'), width);
  integer(own('block_count'), layers);
  integer(own('feed_forward_length'), feedForward);
  integer(own('attention.head_count'), heads);
  integer(own('attention.head_count_kv'), keyHeads);
  float(own('attention.layer_norm_rms_epsilon'), NORM_EPSILON);
  float(own('rope.freq_base'), shape.ropeBase);
  if (architecture === 'llama') {
    integer(own('rope.dimension_count'), width / heads);
    integer(own('vocab_size'), vocabulary);
  }
  text('tokenizer.ggml.model', 'gpt2');
  text('tokenizer.ggml.pre', architecture === 'qwen2' ? 'qwen2' : 'smollm');
  texts('tokenizer.ggml.tokens', tokens);
  list('tokenizer.ggml.token_type', 'int32', types, () =>
    bytes.raw(Buffer.from(new Int32Array(types).buffer)),
  );
  texts('tokenizer.ggml.merges', merges);
  integer('tokenizer.ggml.bos_token_id', begin);
  integer('tokenizer.ggml.eos_token_id', end);
  integer('tokenizer.ggml.padding_token_id', end);
  integer('tokenizer.ggml.unknown_token_id', 0);
  put('tokenizer.ggml.add_bos_token', 'boolean', () => bytes.raw(Buffer.from([0])));
  text('tokenizer.chat_template', CHAT_TEMPLATE);
  return { count, bytes: bytes.all() };
}

/**
 * Names, shapes and deviations of all tensors. Deviations are those of a model before training that keeps the size of what
 * flows through it: 1 / √columns, less where a layer adds to the residual stream; logits spread with a deviation of about 2.
 */
function listTensors(shape, type) {
  const { architecture, width, layers, heads, keyHeads, feedForward, vocabulary, tied } = shape;
  const keys = (width / heads) * keyHeads;
  const tensors = [];
  const matrix = (name, columns, rows, factor = 1) =>
    tensors.push({
      name,
      dims: [columns, rows],
      type: typeForRows(type, columns),
      deviation: factor / Math.sqrt(columns),
    });
  const vector = (name, length, kind) =>
    tensors.push({ name, dims: [length], type: 'F32', deviation: 0.1, kind });
  const inward = 1 / Math.sqrt(2 * layers);
  matrix('token_embd.weight', width, vocabulary, 2);
  for (let layer = 0; layer < layers; layer += 1) {
    const name = (part) => `blk.${layer}.${part}`;
    vector(name('attn_norm.weight'), width, 'norm');
    matrix(name('attn_q.weight'), width, width);
    matrix(name('attn_k.weight'), width, keys);
    matrix(name('attn_v.weight'), width, keys);
    if (architecture === 'qwen2') {
      vector(name('attn_q.bias'), width, 'bias');
      vector(name('attn_k.bias'), keys, 'bias');
      vector(name('attn_v.bias'), keys, 'bias');
    }
    matrix(name('attn_output.weight'), width, width, inward);
    vector(name('ffn_norm.weight'), width, 'norm');
    matrix(name('ffn_gate.weight'), width, feedForward);
    matrix(name('ffn_up.weight'), width, feedForward);
    matrix(name('ffn_down.weight'), feedForward, width, inward);
  }
  vector('output_norm.weight', width, 'norm');
  if (!tied) matrix('output.weight', width, vocabulary, 2);
  return tensors;
}

const countOf = ({ dims }) => dims.reduce((product, length) => product * length, 1);
const sizeOf = (tensor) =>
  (countOf(tensor) / BLOCK_TYPES[tensor.type].values) * BLOCK_TYPES[tensor.type].bytes;
const aligned = (offset) => Math.ceil(offset / ALIGNMENT) * ALIGNMENT;

function header(shape, type, name, tensors) {
  const described = metadata(shape, type, name);
  const bytes = new Bytes();
  bytes.raw(Buffer.from('GGUF'));
  bytes.u32(3);
  bytes.u64(tensors.length);
  bytes.u64(described.count);
  bytes.raw(described.bytes);
  let offset = 0;
  for (const tensor of tensors) {
    bytes.text(tensor.name);
    bytes.u32(tensor.dims.length);
    tensor.dims.forEach((length) => bytes.u64(length));
    bytes.u32(BLOCK_TYPES[tensor.type].number);
    bytes.u64(offset);
    offset = aligned(offset + sizeOf(tensor));
  }
  const whole = bytes.all();
  return Buffer.concat([whole, Buffer.alloc(aligned(whole.length) - whole.length)]);
}

function vectorBytes({ dims: [length], kind, deviation }, random) {
  const middle = kind === 'norm' ? 1 : 0;
  return Buffer.from(Float32Array.from({ length }, () => middle + deviation * random.normal()).buffer);
}

/**
 * Writes a GGUF file of random weights, the same for the same arguments. A file of 600 MB takes about a second: tensors of
 * one type repeat a pattern of blocks, each from another start.
 *
 * @param {string} path Written under another name first, so that it is there whole or not at all.
 * @param {{shape: import('./shapes.mjs').ModelShape, type: keyof typeof BLOCK_TYPES, seed?: string, name?: string}} model
 *   `type` is that of all matrices; vectors are F32. Default seed "understudy".
 */
export async function writeGguf(path, { shape, type, seed = 'understudy', name = 'random' }) {
  const tensors = listTensors(shape, type);
  const random = randomFrom(`${seed} ${type} ${JSON.stringify(shape)}`);
  const patterns = new Map();
  const patternOf = ({ type: own, deviation }) => {
    const key = `${own} ${deviation}`;
    if (!patterns.has(key)) patterns.set(key, makePattern(own, deviation, random));
    return patterns.get(key);
  };
  const unfinished = `${path}.${process.pid}`;
  const file = await open(unfinished, 'w');
  try {
    await file.writeFile(header(shape, type, name, tensors));
    for (const tensor of tensors) {
      const size = sizeOf(tensor);
      if (tensor.dims.length === 1) await file.writeFile(vectorBytes(tensor, random));
      else await writeRepeated(file, patternOf(tensor), BLOCK_TYPES[tensor.type].bytes, size, random);
      await file.writeFile(Buffer.alloc(aligned(size) - size));
    }
    await file.close();
    await rename(unfinished, path);
  } catch (error) {
    await file.close().catch(() => undefined);
    await rm(unfinished, { force: true });
    throw error;
  }
}

async function writeRepeated(file, pattern, blockBytes, size, random) {
  let at = (random.word() % (pattern.length / blockBytes)) * blockBytes;
  for (let left = size; left > 0;) {
    const part = pattern.subarray(at, Math.min(pattern.length, at + left));
    await file.writeFile(part);
    left -= part.length;
    at = (at + part.length) % pattern.length;
  }
}
