import type { FeatureEmbedding } from './feature-embedding.ts';
import { MOST_COMPONENT } from './feature-embedding.ts';

/** Widest vector that is read. */
const MAX_WIDTH = 256;
const MOST_BYTE = 255;
const MOST_OUTPUT = 127;

/** Writes bytes and numbers one after the other. */
export interface EmbeddingSink {
  byte(value: number): void;
  varint(value: number): void;
  float(value: number): void;
}

/** Reads what was written; each throws where it cannot. */
export interface EmbeddingSource {
  readonly rest: number;
  byte(): number;
  varint(most: number): number;
  float(): number;
}

function largest(values: ArrayLike<number>): number {
  let most = 1e-9;
  for (let at = 0; at < values.length; at++) most = Math.max(most, Math.abs(values[at] ?? 0));
  return most;
}

/**
 * Writes an embedding: width, temperature, number of vectors, the distances between their features, the largest step, each step as a
 * byte in proportion to it, the components two a byte, then of each class its bias, its largest output and the outputs as signed bytes.
 */
export function writeEmbedding(sink: EmbeddingSink, embedding: FeatureEmbedding): void {
  const { width, features, steps, components, outputs, bias, temperature } = embedding;
  sink.varint(width);
  sink.float(temperature);
  sink.varint(features.length);
  let last = -1;
  for (const feature of features) {
    sink.varint(feature - last - 1);
    last = feature;
  }
  const most = largest(steps);
  sink.float(most);
  for (const step of steps) sink.byte(Math.max(1, Math.round((MOST_BYTE * step) / most)));
  for (let at = 0; at < components.length; at += 2)
    sink.byte(((components[at] ?? 0) + MOST_COMPONENT) * 16 + (components[at + 1] ?? 0) + MOST_COMPONENT);
  bias.forEach((start, label) => {
    const row = outputs.subarray(label * width, (label + 1) * width);
    const scale = largest(row);
    sink.float(start);
    sink.float(scale);
    for (const value of row) sink.byte(Math.round((MOST_OUTPUT * value) / scale) & MOST_BYTE);
  });
}

/**
 * Reads an embedding.
 * @param invalid - Makes what is thrown for bytes that are none.
 */
export function readEmbedding(
  source: EmbeddingSource,
  classCount: number,
  featureCount: number,
  invalid: (what: string) => Error,
): FeatureEmbedding {
  const width = source.varint(MAX_WIDTH);
  if (width < 2 || width % 2 !== 0) throw invalid('the width of its vectors is odd');
  const temperature = source.float();
  if (!(temperature >= 0.01 && temperature <= 100)) throw invalid('a temperature is out of range');
  const count = source.varint(featureCount);
  // Every vector takes more than half its width, so the rest of the file bounds what is allocated.
  if (count * (width / 2) > source.rest) throw invalid('it ends early');
  const features = new Uint32Array(count);
  let feature = -1;
  for (let row = 0; row < count; row++) {
    feature += 1 + source.varint(featureCount);
    if (feature >= featureCount) throw invalid('a feature is out of range');
    features[row] = feature;
  }
  const most = source.float();
  const steps = Float32Array.from({ length: count }, () => (source.byte() * most) / MOST_BYTE);
  const components = new Int8Array(count * width);
  for (let at = 0; at < components.length; at += 2) {
    const pair = source.byte();
    components[at] = (pair >> 4) - MOST_COMPONENT;
    components[at + 1] = (pair & 15) - MOST_COMPONENT;
  }
  const outputs = new Float32Array(classCount * width);
  const bias = new Float32Array(classCount);
  for (let label = 0; label < classCount; label++) {
    bias[label] = source.float();
    const scale = source.float() / MOST_OUTPUT;
    for (let at = 0; at < width; at++) outputs[label * width + at] = ((source.byte() << 24) >> 24) * scale;
  }
  return { width, features, steps, components, outputs, bias, temperature };
}
