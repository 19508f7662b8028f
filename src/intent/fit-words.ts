import type { FeatureCounts, FeatureVector } from './featurize.ts';
import { featurize, LEAST_FEATURE_BITS, MOST_FEATURE_BITS, weigh } from './featurize.ts';
import type { Neighbors } from './intent-model.ts';
import { idfOf, quantizeIdf } from './intent-model.ts';
import { fitLogisticRegression, type LinearModel, toTrainingSet } from './logistic-regression.ts';

/** Options of a fit. */
export interface FitOptions {
  /** Weight of the l2 penalty. Default 0.05. */
  readonly penalty?: number;
  /** Most passes of the optimizer. Default 40. */
  readonly iterations?: number;
}

/** Chooses how wide the table of features is: few of those that occur share a place, and the model is no larger than that takes. */
export function chooseFeatureBits(texts: readonly string[]): number {
  const distinct = new Set<number>();
  for (const text of texts)
    for (const feature of featurize(text, MOST_FEATURE_BITS).features) distinct.add(feature);
  let bits = LEAST_FEATURE_BITS;
  while (bits < MOST_FEATURE_BITS && 1 << bits < 4 * distinct.size) bits++;
  return bits;
}

function countDocuments(counted: readonly FeatureCounts[], bits: number): Uint32Array {
  const documents = new Uint32Array(1 << bits);
  for (const { features } of counted)
    for (const feature of features) documents[feature] = (documents[feature] ?? 0) + 1;
  return documents;
}

/** Smoothed inverse document frequencies, rounded as the model format rounds them. */
function measureIdf(documents: Uint32Array, total: number): Float32Array {
  return Float32Array.from(documents, (count) => idfOf(quantizeIdf(1 + Math.log((total + 1) / (count + 1)))));
}

/** Numbers the features that occur, in order; -1 for the others. */
function numberColumns(documents: Uint32Array): { readonly columnOf: Int32Array; readonly count: number } {
  let count = 0;
  const columnOf = Int32Array.from(documents, (times) => (times > 0 ? count++ : -1));
  return { columnOf, count };
}

/** What is learned from the words of examples, before it is rounded for a bundle. */
export interface FittedWords {
  readonly idf: Float32Array;
  readonly columnOf: Int32Array;
  readonly model: LinearModel;
}

/** Fits TF-IDF weights and a linear model to examples. */
export function fitWords(
  counted: readonly FeatureCounts[],
  labels: readonly number[],
  classCount: number,
  bits: number,
  { penalty = 0.05, iterations = 40 }: FitOptions,
): FittedWords {
  const documents = countDocuments(counted, bits);
  const idf = measureIdf(documents, counted.length);
  const { columnOf, count } = numberColumns(documents);
  const vectors = counted.map((entry) => weigh(entry, idf));
  const set = toTrainingSet(vectors, labels, columnOf, count, classCount);
  return { idf, columnOf, model: fitLogisticRegression(set, penalty, classCount > 1 ? iterations : 0) };
}

/** Scores of all classes for a message. */
export function scoreWords(
  model: LinearModel,
  columnOf: Int32Array,
  vector: FeatureVector,
  classCount: number,
): Float64Array {
  const scores = Float64Array.from(model.bias);
  vector.features.forEach((feature, at) => {
    const column = columnOf[feature] ?? -1;
    if (column < 0) return;
    for (let label = 0; label < classCount; label++) {
      scores[label] =
        (scores[label] ?? 0) + (vector.values[at] ?? 0) * (model.weights[column * classCount + label] ?? 0);
    }
  });
  return scores;
}

/** Packs examples, to compare messages with. */
export function toNeighbors(counted: readonly FeatureCounts[], labels: readonly number[]): Neighbors {
  const rowStart = new Uint32Array(counted.length + 1);
  counted.forEach(({ features }, row) => {
    rowStart[row + 1] = (rowStart[row] ?? 0) + features.length;
  });
  return {
    labels: Uint16Array.from(labels),
    rowStart,
    features: Uint32Array.from(counted.flatMap(({ features }) => [...features])),
    counts: Uint8Array.from(counted.flatMap(({ counts }) => counts.map((count) => Math.min(255, count)))),
  };
}
