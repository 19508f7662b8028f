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

/** Value of the feature that every example has: its weights are the biases. */
const BIAS_VALUE = 0.3;
/** Least curvature that a step reckons with: a message that is clear now may not be so after the step. */
const LEAST_CURVATURE = 0.1;
/** Changes of a dual variable under this are left out: most classes are out of the question for most messages. */
const LEAST_CHANGE = 1e-4;
/** Mean change of the dual variables of an example at which the solution is good enough. */
const SETTLED = 0.0005;

/**
 * Fits a multinomial logistic regression with an l2 penalty by stochastic dual coordinate ascent (Shalev-Shwartz and Zhang 2013, prox
 * form): at the optimum the weights are the examples, each times what it still lacks, over the penalty. There is no rate of learning
 * to choose, a pass takes about as long as scoring all examples, and it is deterministic: passes go through the examples in an order
 * that a fixed generator shuffles.
 *
 * @param penalty - Weight of half the squared norm against the summed loss.
 * @param passes - Most passes; it stops earlier when the dual variables settle.
 */
export function fitLogisticRegression(set: TrainingSet, penalty: number, passes: number): LinearModel {
  const { classCount, featureCount, rowStart, columns, values, labels, importance } = set;
  const exampleCount = rowStart.length - 1;
  const weights = new Float32Array(featureCount * classCount);
  const bias = new Float32Array(classCount);
  const dual = new Float32Array(exampleCount * classCount);
  const scores = new Float64Array(classCount);
  const changed = new Int32Array(classCount);
  const order = Uint32Array.from({ length: exampleCount }, (_, at) => at);
  let state = 0x2545f491;
  for (let pass = 0; pass < passes; pass++) {
    for (let at = exampleCount - 1; at > 0; at--) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      const other = state % (at + 1);
      const held = order[at] ?? 0;
      order[at] = order[other] ?? 0;
      order[other] = held;
    }
    let moved = 0;
    for (let nth = 0; nth < exampleCount; nth++) {
      const row = order[nth] ?? 0;
      const start = rowStart[row] ?? 0;
      const end = rowStart[row + 1] ?? 0;
      let norm = BIAS_VALUE * BIAS_VALUE;
      for (let c = 0; c < classCount; c++) scores[c] = BIAS_VALUE * (bias[c] ?? 0);
      for (let at = start; at < end; at++) {
        const base = (columns[at] ?? 0) * classCount;
        const value = values[at] ?? 0;
        norm += value * value;
        for (let c = 0; c < classCount; c++) scores[c] = (scores[c] ?? 0) + value * (weights[base + c] ?? 0);
      }
      softmax(scores);
      const label = labels[row] ?? 0;
      const weight = importance[row] ?? 1;
      let curvature = 0;
      for (let c = 0; c < classCount; c++) {
        const share = scores[c] ?? 0;
        curvature = Math.max(curvature, 2 * share * (1 - share));
      }
      const step = penalty / (penalty + weight * norm * Math.min(0.5, Math.max(LEAST_CURVATURE, curvature)));
      const dualAt = row * classCount;
      let count = 0;
      for (let c = 0; c < classCount; c++) {
        const target = weight * ((c === label ? 1 : 0) - (scores[c] ?? 0));
        const change = step * (target - (dual[dualAt + c] ?? 0));
        if (Math.abs(change) < LEAST_CHANGE) continue;
        dual[dualAt + c] = (dual[dualAt + c] ?? 0) + change;
        moved += Math.abs(change);
        scores[c] = change / penalty;
        bias[c] = (bias[c] ?? 0) + BIAS_VALUE * (scores[c] ?? 0);
        changed[count++] = c;
      }
      for (let at = start; count > 0 && at < end; at++) {
        const base = (columns[at] ?? 0) * classCount;
        const value = values[at] ?? 0;
        for (let entry = 0; entry < count; entry++) {
          const c = changed[entry] ?? 0;
          weights[base + c] = (weights[base + c] ?? 0) + value * (scores[c] ?? 0);
        }
      }
    }
    if (moved < SETTLED * exampleCount) break;
  }
  return { weights, bias: bias.map((value) => BIAS_VALUE * value) };
}
