import { UnderstudyError } from '../contracts/errors.ts';
import { readEmbedding, writeEmbedding } from './embedding-format.ts';
import type { FeatureEmbedding } from './feature-embedding.ts';
import { LEAST_FEATURE_BITS, MOST_FEATURE_BITS } from './featurize.ts';
import type { ScopeScale } from './scope.ts';

/** Label of messages that are no intent of the list. */
export const NONE_ID = 'none';
/** Most intents a model may hold. */
export const MAX_INTENTS = 2000;
/** Most examples that a model keeps to compare messages with. */
export const MAX_NEIGHBORS = 2000;

const MAGIC = [0x55, 0x44, 0x49, 0x4e];
/** Of models with a scale of scope. Those without are written as before: with an embedding, and without. */
const VERSION = 4;
const VERSION_WITH_EMBEDDING = 3;
const VERSION_WITH_NEITHER = 2;
const IDF_STEP = 1 / 16;
const MAX_ID_BYTES = 400;

/**
 * A trained model: class `c` scores `bias[c] + scale[c] * sum(value * weight)` over its sparse rows.
 *
 * Class 0 is always `none`. `rowStart[f]` to `rowStart[f + 1]` are the entries of hashed feature `f`.
 */
export interface IntentModel {
  readonly classIds: readonly string[];
  /** Features are positions below 2^featureBits. */
  readonly featureBits: number;
  readonly temperature: number;
  /** Least score of being in scope for a label other than `none`. */
  readonly threshold: number;
  /** Share of the neighbors, or of the embedding, in the probabilities, in [0, 1]. */
  readonly neighborShare: number;
  /** Share of the nearest neighbor, or of the embedding, in the score of being in scope, in [0, 1]. */
  readonly neighborScope: number;
  /** Scale of the odds of being in scope; null where the likeliest intent's probability tells. */
  readonly scopeScale: ScopeScale | null;
  readonly idf: Float32Array;
  readonly bias: Float32Array;
  readonly scale: Float32Array;
  readonly rowStart: Uint32Array;
  readonly classes: Uint16Array;
  readonly weights: Int8Array;
  /** Examples to compare messages with: none where the weights alone tell as much. */
  readonly neighbors: Neighbors;
  /** What stands in their place where there are many examples; null where it does not. */
  readonly embedding: FeatureEmbedding | null;
}

/** Examples as counted features; `rowStart[i]` to `rowStart[i + 1]` are the entries of example `i`. */
export interface Neighbors {
  readonly labels: Uint16Array;
  readonly rowStart: Uint32Array;
  readonly features: Uint32Array;
  readonly counts: Uint8Array;
}

/** Rounds an inverse document frequency to what one byte of the format holds. */
export function quantizeIdf(idf: number): number {
  return Math.min(255, Math.max(1, Math.round(idf / IDF_STEP)));
}

/** Gives back the value that {@link quantizeIdf} rounded. */
export function idfOf(quantized: number): number {
  return quantized * IDF_STEP;
}

/** Writes numbers and bytes one after the other; varints are LEB128. */
class Sink {
  readonly #bytes: number[] = [];

  byte(value: number): void {
    this.#bytes.push(value & 255);
  }

  varint(value: number): void {
    let rest = value;
    while (rest >= 128) {
      this.#bytes.push((rest % 128) + 128);
      rest = Math.floor(rest / 128);
    }
    this.#bytes.push(rest);
  }

  float(value: number): void {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setFloat32(0, value, true);
    for (const byte of bytes) this.#bytes.push(byte);
  }

  text(value: string): void {
    const bytes = new TextEncoder().encode(value);
    this.varint(bytes.length);
    for (const byte of bytes) this.#bytes.push(byte);
  }

  finish(): Uint8Array {
    return Uint8Array.from(this.#bytes);
  }
}

function invalid(what: string): UnderstudyError {
  return new UnderstudyError('bundle/artifact-invalid', `The intent model cannot be read: ${what}.`, {
    facts: { artifact: 'intent-model', what },
  });
}

/** Reads what {@link Sink} wrote and refuses to read past the end. */
class Source {
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get rest(): number {
    return this.#view.byteLength - this.#at;
  }

  byte(): number {
    if (this.rest < 1) throw invalid('it ends early');
    return this.#view.getUint8(this.#at++);
  }

  varint(most: number): number {
    let value = 0;
    for (let factor = 1; factor <= 0x10000000; factor *= 128) {
      const byte = this.byte();
      value += (byte & 127) * factor;
      if (byte < 128) {
        if (value > most) throw invalid('a number is out of range');
        return value;
      }
    }
    throw invalid('a number is too long');
  }

  float(): number {
    if (this.rest < 4) throw invalid('it ends early');
    const value = this.#view.getFloat32(this.#at, true);
    this.#at += 4;
    if (!Number.isFinite(value)) throw invalid('a number is not finite');
    return value;
  }

  text(): string {
    const length = this.varint(MAX_ID_BYTES);
    if (this.rest < length) throw invalid('it ends early');
    const bytes = new Uint8Array(this.#view.buffer, this.#view.byteOffset + this.#at, length);
    this.#at += length;
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    } catch (cause) {
      throw new UnderstudyError('bundle/artifact-invalid', 'The intent model holds broken text.', { cause });
    }
  }
}

/**
 * Writes a model: magic `UDIN`, version, bits of a feature, class ids with scale and bias, calibration, then per feature with
 * weights its distance to the last one, its idf byte, and its entries as class distance and signed byte; last the examples that
 * messages are compared with, as label and counted features, and the embedding where there is one.
 */
export function serializeIntentModel(model: IntentModel): Uint8Array {
  const sink = new Sink();
  for (const byte of MAGIC) sink.byte(byte);
  const { scopeScale, embedding } = model;
  sink.byte(
    scopeScale !== null ? VERSION : embedding !== null ? VERSION_WITH_EMBEDDING : VERSION_WITH_NEITHER,
  );
  sink.byte(model.featureBits);
  const featureCount = 1 << model.featureBits;
  sink.varint(model.classIds.length);
  model.classIds.forEach((id, at) => {
    sink.text(id);
    sink.float(model.bias[at] ?? 0);
    sink.float(model.scale[at] ?? 0);
  });
  sink.float(model.temperature);
  sink.float(model.threshold);
  sink.float(model.neighborShare);
  sink.float(model.neighborScope);
  if (scopeScale !== null) {
    sink.float(scopeScale.center);
    sink.float(scopeScale.width);
    sink.byte(embedding === null ? 0 : 1);
  }
  const unseen = model.idf.reduce((most, value) => Math.max(most, value), 0);
  sink.byte(quantizeIdf(unseen));
  const kept: number[] = [];
  for (let feature = 0; feature < featureCount; feature++) {
    const isPlain = quantizeIdf(model.idf[feature] ?? 0) === quantizeIdf(unseen);
    if (model.rowStart[feature + 1] !== model.rowStart[feature] || !isPlain) kept.push(feature);
  }
  sink.varint(kept.length);
  let last = -1;
  for (const feature of kept) {
    sink.varint(feature - last - 1);
    last = feature;
    sink.byte(quantizeIdf(model.idf[feature] ?? 0));
    const start = model.rowStart[feature] ?? 0;
    const end = model.rowStart[feature + 1] ?? 0;
    sink.varint(end - start);
    let lastClass = -1;
    for (let at = start; at < end; at++) {
      sink.varint((model.classes[at] ?? 0) - lastClass - 1);
      lastClass = model.classes[at] ?? 0;
      sink.byte(model.weights[at] ?? 0);
    }
  }
  writeNeighbors(sink, model.neighbors);
  if (embedding !== null) writeEmbedding(sink, embedding);
  return sink.finish();
}

function writeNeighbors(sink: Sink, { labels, rowStart, features, counts }: Neighbors): void {
  sink.varint(labels.length);
  labels.forEach((label, row) => {
    const [start, end] = [rowStart[row] ?? 0, rowStart[row + 1] ?? 0];
    sink.varint(label);
    sink.varint(end - start);
    let last = -1;
    for (let at = start; at < end; at++) {
      sink.varint((features[at] ?? 0) - last - 1);
      last = features[at] ?? 0;
      sink.byte(counts[at] ?? 1);
    }
  });
}

function readNeighbors(source: Source, classCount: number, featureCount: number): Neighbors {
  const count = source.varint(MAX_NEIGHBORS);
  const labels = new Uint16Array(count);
  const rowStart = new Uint32Array(count + 1);
  const features: number[] = [];
  const counts: number[] = [];
  for (let row = 0; row < count; row++) {
    labels[row] = source.varint(classCount - 1);
    const length = source.varint(featureCount);
    let feature = -1;
    for (let entry = 0; entry < length; entry++) {
      feature += 1 + source.varint(featureCount);
      if (feature >= featureCount) throw invalid('a feature is out of range');
      features.push(feature);
      const times = source.byte();
      if (times === 0) throw invalid('an example has a feature no time');
      counts.push(times);
    }
    rowStart[row + 1] = features.length;
  }
  return { labels, rowStart, features: Uint32Array.from(features), counts: Uint8Array.from(counts) };
}

function readShare(source: Source): number {
  const share = source.float();
  if (!(share >= 0 && share <= 1)) throw invalid('a share is out of range');
  return share;
}

function readScale(source: Source): ScopeScale {
  const [center, width] = [source.float(), source.float()];
  if (!(width > 0)) throw invalid('a width is not positive');
  return { center, width };
}

/**
 * Reads a model.
 * @throws UnderstudyError `bundle/artifact-invalid` when the bytes are no such model, `bundle/version-unsupported`.
 */
export function parseIntentModel(bytes: Uint8Array): IntentModel {
  const source = new Source(bytes);
  for (const expected of MAGIC) if (source.byte() !== expected) throw invalid('it is not of this format');
  const version = source.byte();
  if (version > VERSION || version < VERSION_WITH_NEITHER) {
    const facts = { found: version, supported: VERSION };
    throw new UnderstudyError('bundle/version-unsupported', `The intent model has version ${version}.`, {
      facts,
    });
  }
  const featureBits = source.byte();
  if (featureBits < LEAST_FEATURE_BITS || featureBits > MOST_FEATURE_BITS)
    throw invalid('its features have no known width');
  const featureCount = 1 << featureBits;
  const classCount = source.varint(MAX_INTENTS + 1);
  const classIds: string[] = [];
  const bias = new Float32Array(classCount);
  const scale = new Float32Array(classCount);
  for (let at = 0; at < classCount; at++) {
    classIds.push(source.text());
    bias[at] = source.float();
    scale[at] = source.float();
  }
  if (classIds[0] !== NONE_ID) throw invalid('its first class is not "none"');
  if (new Set(classIds).size !== classCount) throw invalid('a class comes twice');
  const temperature = source.float();
  const threshold = source.float();
  const neighborShare = readShare(source);
  const neighborScope = readShare(source);
  const scopeScale = version === VERSION ? readScale(source) : null;
  const hasEmbedding = version === VERSION ? source.byte() !== 0 : version === VERSION_WITH_EMBEDDING;
  if (!(temperature >= 0.01 && temperature <= 100)) throw invalid('its temperature is out of range');
  if (!(threshold >= 0 && threshold <= 1)) throw invalid('its threshold is no probability');
  const idf = new Float32Array(featureCount).fill(idfOf(source.byte()));
  const rowStart = new Uint32Array(featureCount + 1);
  const keptCount = source.varint(featureCount);
  // Every entry takes at least two bytes, so the rest of the file bounds what is allocated.
  const classes = new Uint16Array(source.rest >> 1);
  const weights = new Int8Array(source.rest >> 1);
  let entries = 0;
  let feature = -1;
  for (let row = 0; row < keptCount; row++) {
    const next = feature + 1 + source.varint(featureCount);
    if (next >= featureCount) throw invalid('a feature is out of range');
    rowStart.fill(entries, feature + 1, next + 1);
    feature = next;
    idf[feature] = idfOf(source.byte());
    const count = source.varint(classCount);
    let last = -1;
    for (let entry = 0; entry < count; entry++) {
      last += 1 + source.varint(classCount);
      if (last >= classCount) throw invalid('a class is out of range');
      classes[entries] = last;
      weights[entries] = source.byte();
      entries++;
    }
  }
  rowStart.fill(entries, feature + 1);
  const neighbors = readNeighbors(source, classCount, featureCount);
  const embedding = hasEmbedding ? readEmbedding(source, classCount, featureCount, invalid) : null;
  if (source.rest !== 0) throw invalid('it is longer than it says');
  return {
    classIds,
    featureBits,
    temperature,
    threshold,
    neighborShare,
    neighborScope,
    scopeScale,
    neighbors,
    embedding,
    idf,
    bias,
    scale,
    rowStart,
    classes: classes.slice(0, entries),
    weights: weights.slice(0, entries),
  };
}
