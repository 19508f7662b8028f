import { pageBytes, storeKeys, storeValues } from './cache';
import { HALF_RESCALE } from './half';
import { gelu4, silu4 } from './math';
import { probe, Tensor } from './matmul';
import { Layer, Model } from './model';
import { addTo, layerNorm, rmsNorm } from './norm';
import { activationBytes, placeActivations, quantize } from './quantize';
import { movePosition, rotate, rotateCached, writeAngles } from './rope';
import { readRow } from './rows';
import { attendAll, BOARD_BYTES, joinWork, multiplyAll } from './work';

let model = changetype<Model>(0);
let hidden: usize = 0;
let normed: usize = 0;
let queries: usize = 0;
let keys: usize = 0;
let values: usize = 0;
let attended: usize = 0;
let projected: usize = 0;
let gates: usize = 0;
let ups: usize = 0;
let angles: usize = 0;
let logits: usize = 0;

/** Bytes a thread needs for scores and block sums. */
function threadBytes(m: Model): usize {
  return (<usize>m.capacity << 3) + 256;
}

// @ts-ignore: decorator
@inline
function widest(m: Model): i32 {
  const inner = max(m.heads * m.headWidth, m.feedForward);
  return (max(m.width, inner) + 255) & ~255;
}

// @ts-ignore: decorator
@inline
function rowsOf(n: i32): usize {
  return <usize>((n + 7) & ~7) << 2;
}

/** Bytes of scratch memory that `attach` takes for a model and a number of threads. */
export function scratchBytes(m: Model, threads: i32): usize {
  return place(m, threads, 0, 0) + 64;
}

function place(m: Model, threads: i32, thread: i32, start: usize): usize {
  const batch = <usize>m.batch;
  const heads = rowsOf(m.heads * m.headWidth);
  const keyHeads = rowsOf(m.keyHeads * m.headWidth);
  let at = (start + 63) & ~63;
  const boardAt = at;
  at += BOARD_BYTES;
  hidden = at;
  at += batch * rowsOf(m.width);
  normed = at;
  at += batch * rowsOf(m.width);
  projected = at;
  at += batch * rowsOf(m.width);
  queries = at;
  at += batch * heads;
  attended = at;
  at += batch * heads;
  keys = at;
  at += batch * keyHeads;
  values = at;
  at += batch * keyHeads;
  gates = at;
  at += batch * rowsOf(m.feedForward);
  ups = at;
  at += batch * rowsOf(m.feedForward);
  angles = at;
  at += batch * (<usize>m.ropeWidth << 2);
  logits = at;
  at += rowsOf(max(m.vocabulary, 8));
  at = (at + 63) & ~63;
  if (start != 0) placeActivations(at, widest(m), m.batch);
  at += activationBytes(widest(m), m.batch);
  at = (at + 63) & ~63;
  if (start != 0) joinWork(boardAt, threads, at + threadBytes(m) * thread);
  return at + threadBytes(m) * threads;
}

/**
 * Takes a model over that the host has written. Called once in each thread, thread 0 first.
 *
 * @returns What `probe` found.
 */
export function attach(m: Model, threads: i32, thread: i32): i32 {
  model = m;
  const end = place(m, threads, thread, m.scratch);
  // Stale bits could be numbers that are slow to multiply.
  if (thread == 0) memory.fill(m.scratch, 0, end - m.scratch);
  return probe();
}

/** Address of the scores of the vocabulary after `forward`. */
export function logitsAt(): usize {
  return logits;
}

/** Address of `[batch][width]` singles: the hidden state, after `encode` that of each token. */
export function hiddenAt(): usize {
  return hidden;
}

/** Bytes of one page of the cache of this model. */
export function cachePageBytes(): usize {
  return pageBytes(model);
}

function addBias(to: usize, bias: usize, rows: i32, tokens: i32): void {
  if (bias == 0) return;
  for (let t: usize = 0; t < <usize>tokens; t++) addTo(to + rowsOf(rows) * t, bias, rows);
}

// @ts-ignore: decorator
@inline
function quantizeAll(from: usize, columns: i32, stride: usize, tokens: i32): void {
  for (let t = 0; t < tokens; t++) quantize(from + stride * t, columns, t);
}

/** Turns and stores the keys and values of a batch. */
function storeAll(layer: Layer, index: i32, position: i32, tokens: i32): void {
  const m = model;
  const keyHeads = m.keyHeads * m.headWidth;
  addBias(keys, layer.keyBias, keyHeads, tokens);
  addBias(values, layer.valueBias, keyHeads, tokens);
  for (let t = 0; t < tokens; t++) {
    const key = keys + rowsOf(keyHeads) * t;
    rotate(m, key, m.keyHeads, angles + (<usize>m.ropeWidth << 2) * t, 1.0);
    storeKeys(m, index, position + t, key);
    storeValues(m, index, position + t, values + rowsOf(keyHeads) * t);
  }
}

/** Attends with the queries of a batch whose angles begin at `turns`, and projects what was attended to. */
function attendWith(layer: Layer, index: i32, position: i32, tokens: i32, turns: usize, isCausal: bool): void {
  const m = model;
  const heads = m.heads * m.headWidth;
  const factor = HALF_RESCALE / sqrt<f32>(<f32>m.headWidth);
  addBias(queries, layer.queryBias, heads, tokens);
  for (let t = 0; t < tokens; t++) {
    rotate(m, queries + rowsOf(heads) * t, m.heads, turns + (<usize>m.ropeWidth << 2) * t, factor);
  }
  attendAll(m, index, position, tokens, isCausal, queries, attended);
  quantizeAll(attended, heads, rowsOf(heads), tokens);
  multiplyAll(tokens, attended, rowsOf(heads), layer.output, projected);
  addBias(projected, layer.outputBias, m.width, tokens);
}

/** Queries, keys and values of a batch, rotated where the model rotates, keys and values stored; then attention. */
function attention(layer: Layer, index: i32, input: usize, position: i32, tokens: i32, isCausal: bool): void {
  const width = rowsOf(model.width);
  quantizeAll(input, model.width, width, tokens);
  multiplyAll(tokens, input, width, layer.query, queries, layer.key, keys, layer.value, values);
  storeAll(layer, index, position, tokens);
  attendWith(layer, index, position, tokens, angles, isCausal);
}

/** The last layer: all tokens leave keys and values, but only the last one goes on. Its attention is in `projected`. */
function lastAttention(layer: Layer, index: i32, position: i32, tokens: i32, wantsLogits: bool): void {
  const width = rowsOf(model.width);
  quantizeAll(normed, model.width, width, tokens);
  multiplyAll(tokens, normed, width, layer.key, keys, layer.value, values);
  storeAll(layer, index, position, tokens);
  if (!wantsLogits) return;
  const last = tokens - 1;
  const input = normed + width * last;
  quantize(input, model.width, 0);
  multiplyAll(1, input, width, layer.query, queries);
  attendWith(layer, index, position + last, 1, angles + (<usize>model.ropeWidth << 2) * last, true);
}

function gatedFeed(layer: Layer, input: usize, tokens: i32): void {
  const m = model;
  const feed = rowsOf(m.feedForward);
  quantizeAll(input, m.width, rowsOf(m.width), tokens);
  multiplyAll(tokens, input, rowsOf(m.width), layer.gate, gates, layer.up, ups);
  for (let p: usize = 0, end = feed * tokens; p < end; p += 16) {
    v128.store(gates + p, f32x4.mul(silu4(v128.load(gates + p)), v128.load(ups + p)));
  }
  quantizeAll(gates, m.feedForward, feed, tokens);
  multiplyAll(tokens, gates, feed, layer.down, projected);
}

// @ts-ignore: decorator
@inline
function layerOf(index: i32): Layer {
  return changetype<Layer>(model.layerTable + offsetof<Layer>() * index);
}

/**
 * Reads a batch of tokens (at `model.tokens`) that follows `position` positions in the cache. The pages of all new positions exist.
 *
 * @param wantsLogits - Whether the scores after the last token are computed.
 */
export function forward(tokens: i32, position: i32, wantsLogits: i32): void {
  const m = model;
  const width = rowsOf(m.width);
  for (let t = 0; t < tokens; t++) {
    readRow(m.embeddings, load<i32>(m.tokens + (<usize>t << 2)), hidden + width * t);
    writeAngles(m, position + t, angles + (<usize>m.ropeWidth << 2) * t);
  }
  const final = m.layers - 1;
  for (let index = 0; index < m.layers; index++) {
    const layer = layerOf(index);
    for (let t = 0; t < tokens; t++) {
      rmsNorm(hidden + width * t, layer.attentionNorm, m.width, m.normEpsilon, normed + width * t);
    }
    let first = hidden;
    let count = tokens;
    if (index == final && tokens > 1) {
      lastAttention(layer, index, position, tokens, wantsLogits != 0);
      if (!wantsLogits) return;
      first = hidden + width * (tokens - 1);
      count = 1;
    } else attention(layer, index, normed, position, tokens, true);
    for (let t = 0; t < count; t++) {
      addTo(first + width * t, projected + width * t, m.width);
      rmsNorm(first + width * t, layer.feedNorm, m.width, m.normEpsilon, normed + width * t);
    }
    gatedFeed(layer, normed, count);
    for (let t = 0; t < count; t++) addTo(first + width * t, projected + width * t, m.width);
  }
  if (!wantsLogits) return;
  rmsNorm(hidden + width * (tokens - 1), m.outputNorm, m.width, m.normEpsilon, normed);
  quantize(normed, m.width, 0);
  multiplyAll(1, normed, width, m.vocabularyOutput, logits);
}

/**
 * Encodes the batch at `model.tokens` with a BERT-class encoder: attention both ways, norms after each part. Leaves a hidden state
 * for each token at `hiddenAt`.
 */
export function encode(tokens: i32): void {
  const m = model;
  const width = rowsOf(m.width);
  const feed = rowsOf(m.feedForward);
  for (let t = 0; t < tokens; t++) {
    const at = hidden + width * t;
    readRow(m.embeddings, load<i32>(m.tokens + (<usize>t << 2)), at);
    readRow(m.positionEmbeddings, t, normed);
    addTo(at, normed, m.width);
    if (changetype<usize>(m.typeEmbeddings) != 0) {
      readRow(m.typeEmbeddings, 0, normed);
      addTo(at, normed, m.width);
    }
    layerNorm(at, m.embeddingNorm, m.embeddingNormBias, m.width, m.normEpsilon, at);
  }
  for (let index = 0; index < m.layers; index++) {
    const layer = layerOf(index);
    attention(layer, index, hidden, 0, tokens, false);
    for (let t = 0; t < tokens; t++) {
      const at = hidden + width * t;
      addTo(at, projected + width * t, m.width);
      layerNorm(at, layer.attentionNorm, layer.attentionNormBias, m.width, m.normEpsilon, at);
    }
    quantizeAll(hidden, m.width, width, tokens);
    multiplyAll(tokens, hidden, width, layer.up, ups);
    addBias(ups, layer.upBias, m.feedForward, tokens);
    for (let p: usize = 0, end = feed * tokens; p < end; p += 16) {
      v128.store(ups + p, gelu4(v128.load(ups + p)));
    }
    quantizeAll(ups, m.feedForward, feed, tokens);
    multiplyAll(tokens, ups, feed, layer.down, projected);
    addBias(projected, layer.downBias, m.width, tokens);
    for (let t = 0; t < tokens; t++) {
      const at = hidden + width * t;
      addTo(at, projected + width * t, m.width);
      layerNorm(at, layer.feedNorm, layer.feedNormBias, m.width, m.normEpsilon, at);
    }
  }
}

/**
 * Drops `count` positions from `keep` on and moves those behind them up to `length`, turning their keys to where they stand now.
 */
export function dropPositions(keep: i32, count: i32, length: i32): void {
  writeAngles(model, -count, angles);
  for (let from = keep + count; from < length; from++) {
    movePosition(model, from, from - count);
    rotateCached(model, from - count, angles);
  }
}

/** Multiplies activations with one matrix: for tests and benchmarks. `x` are `[tokens][columns]` singles. */
export function multiplyOnce(t: Tensor, x: usize, tokens: i32, out: usize): void {
  const stride = <usize>t.columns << 2;
  quantizeAll(x, t.columns, stride, tokens);
  multiplyAll(tokens, x, stride, t, out);
}
