import type { FeatureVector } from './featurize.ts';

/** Examples as sparse rows over features numbered 0 to `featureCount - 1`. */
export interface TrainingSet {
  readonly featureCount: number;
  readonly classCount: number;
  /** `rowStart[i]` to `rowStart[i + 1]` are the entries of example i. */
  readonly rowStart: Uint32Array;
  readonly columns: Uint32Array;
  readonly values: Float32Array;
  readonly labels: Uint32Array;
  /** Weight of each example in the loss. */
  readonly importance: Float32Array;
}

/** A linear model: `weights[feature * classCount + class]` and one bias a class. */
export interface LinearModel {
  readonly weights: Float32Array;
  readonly bias: Float32Array;
}

const MEMORY = 6;

/** Packs vectors into a training set, keeping the features given in `columnOf` (-1 drops a feature). */
export function toTrainingSet(
  vectors: readonly FeatureVector[],
  labels: readonly number[],
  columnOf: Int32Array,
  featureCount: number,
  classCount: number,
): TrainingSet {
  const rowStart = new Uint32Array(vectors.length + 1);
  const columns: number[] = [];
  const values: number[] = [];
  const classSizes = new Float64Array(classCount);
  vectors.forEach((vector, row) => {
    vector.features.forEach((feature, at) => {
      const column = columnOf[feature] ?? -1;
      if (column < 0) return;
      columns.push(column);
      values.push(vector.values[at] ?? 0);
    });
    rowStart[row + 1] = columns.length;
    const label = labels[row] ?? 0;
    classSizes[label] = (classSizes[label] ?? 0) + 1;
  });
  const usual = vectors.length / Math.max(1, classCount);
  const importance = Float32Array.from(labels, (label) =>
    Math.sqrt(usual / Math.max(1, classSizes[label] ?? 1)),
  );
  return {
    featureCount,
    classCount,
    rowStart,
    columns: Uint32Array.from(columns),
    values: Float32Array.from(values),
    labels: Uint32Array.from(labels),
    importance,
  };
}

/** Writes the softmax of `scores` in place and returns the logarithm of the normalizer. */
export function softmax(scores: Float64Array): number {
  let top = -Infinity;
  for (const score of scores) if (score > top) top = score;
  let sum = 0;
  for (let at = 0; at < scores.length; at++) {
    const value = Math.exp((scores[at] ?? 0) - top);
    scores[at] = value;
    sum += value;
  }
  for (let at = 0; at < scores.length; at++) scores[at] = (scores[at] ?? 0) / sum;
  return top + Math.log(sum);
}

/** Loss and gradient of weighted cross entropy with an l2 penalty; parameters are weights, then biases. */
function evaluate(
  set: TrainingSet,
  parameters: Float32Array,
  penalty: number,
  gradient: Float32Array,
): number {
  const { classCount, featureCount, rowStart, columns, values } = set;
  const biasAt = featureCount * classCount;
  const scores = new Float64Array(classCount);
  let loss = 0;
  for (let at = 0; at < biasAt; at++) {
    const weight = parameters[at] ?? 0;
    loss += 0.5 * penalty * weight * weight;
    gradient[at] = penalty * weight;
  }
  gradient.fill(0, biasAt);
  for (let row = 0; row + 1 < rowStart.length; row++) {
    const start = rowStart[row] ?? 0;
    const end = rowStart[row + 1] ?? 0;
    for (let c = 0; c < classCount; c++) scores[c] = parameters[biasAt + c] ?? 0;
    for (let at = start; at < end; at++) {
      const base = (columns[at] ?? 0) * classCount;
      const value = values[at] ?? 0;
      for (let c = 0; c < classCount; c++) scores[c] = (scores[c] ?? 0) + value * (parameters[base + c] ?? 0);
    }
    const label = set.labels[row] ?? 0;
    const importance = set.importance[row] ?? 1;
    const target = scores[label] ?? 0;
    loss += importance * (softmax(scores) - target);
    scores[label] = (scores[label] ?? 0) - 1;
    for (let c = 0; c < classCount; c++) {
      const slope = importance * (scores[c] ?? 0);
      scores[c] = slope;
      gradient[biasAt + c] = (gradient[biasAt + c] ?? 0) + slope;
    }
    for (let at = start; at < end; at++) {
      const base = (columns[at] ?? 0) * classCount;
      const value = values[at] ?? 0;
      for (let c = 0; c < classCount; c++)
        gradient[base + c] = (gradient[base + c] ?? 0) + value * (scores[c] ?? 0);
    }
  }
  return loss;
}

function dot(left: Float32Array, right: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < left.length; at++) sum += (left[at] ?? 0) * (right[at] ?? 0);
  return sum;
}

function addScaled(target: Float32Array, scale: number, source: Float32Array): void {
  for (let at = 0; at < target.length; at++) target[at] = (target[at] ?? 0) + scale * (source[at] ?? 0);
}

interface Correction {
  readonly step: Float32Array;
  readonly change: Float32Array;
  readonly rho: number;
}

/** Two-loop recursion of L-BFGS (Nocedal and Wright, algorithm 7.4): the downhill direction. */
function direction(gradient: Float32Array, memory: readonly Correction[]): Float32Array {
  const result = gradient.slice();
  const alphas: number[] = [];
  for (const { step, change, rho } of [...memory].reverse()) {
    const alpha = rho * dot(step, result);
    alphas.push(alpha);
    addScaled(result, -alpha, change);
  }
  const last = memory.at(-1);
  const scale =
    last === undefined
      ? 1 / Math.max(1, Math.sqrt(dot(gradient, gradient)))
      : 1 / (last.rho * dot(last.change, last.change));
  for (let at = 0; at < result.length; at++) result[at] = (result[at] ?? 0) * scale;
  for (const { step, change, rho } of memory) {
    const beta = rho * dot(change, result);
    addScaled(result, (alphas.pop() ?? 0) - beta, step);
  }
  for (let at = 0; at < result.length; at++) result[at] = -(result[at] ?? 0);
  return result;
}

/**
 * Fits a multinomial logistic regression with an l2 penalty by L-BFGS from zero; deterministic.
 *
 * @param penalty - Weight of half the squared norm against the summed loss.
 * @param iterations - Most steps; it stops earlier when the loss no longer falls.
 */
export function fitLogisticRegression(set: TrainingSet, penalty: number, iterations: number): LinearModel {
  const size = (set.featureCount + 1) * set.classCount;
  let parameters = new Float32Array(size);
  let gradient = new Float32Array(size);
  let loss = evaluate(set, parameters, penalty, gradient);
  const memory: Correction[] = [];
  for (let iteration = 0; iteration < iterations; iteration++) {
    const downhill = direction(gradient, memory);
    const slope = dot(downhill, gradient);
    if (!(slope < 0)) break;
    let length = 1;
    let next = parameters;
    const nextGradient = new Float32Array(size);
    let nextLoss = Infinity;
    for (let attempt = 0; attempt < 12; attempt++, length /= 2) {
      next = parameters.slice();
      addScaled(next, length, downhill);
      nextLoss = evaluate(set, next, penalty, nextGradient);
      if (nextLoss <= loss + 1e-4 * length * slope) break;
    }
    if (!(nextLoss < loss)) break;
    for (let at = 0; at < size; at++) downhill[at] = (downhill[at] ?? 0) * length;
    const change = nextGradient.slice();
    addScaled(change, -1, gradient);
    const curvature = dot(downhill, change);
    if (curvature > 1e-10) memory.push({ step: downhill, change, rho: 1 / curvature });
    if (memory.length > MEMORY) memory.shift();
    const fall = loss - nextLoss;
    parameters = next;
    gradient = nextGradient;
    loss = nextLoss;
    if (fall < 5e-4 * Math.max(1, loss)) break;
  }
  const biasAt = set.featureCount * set.classCount;
  return { weights: parameters.slice(0, biasAt), bias: parameters.slice(biasAt) };
}
