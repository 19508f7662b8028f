import type { FeatureVector } from './featurize.ts';
import { weigh } from './featurize.ts';
import type { Neighbors } from './intent-model.ts';
import type { Likeness } from './likeness.ts';
import { softmax } from './logistic-regression.ts';

/** Weights of the best and of the mean of the three best examples of a class. */
const BEST = 0.6;
const CLOSE = 3;
/** By how much likenesses are multiplied before they become probabilities. */
const SHARPNESS = 10;

/** Compares messages with examples. */
export interface NearestExamples {
  compare(message: FeatureVector): Likeness;
}

/** Prepares examples: lists of examples by feature, with their weights. */
export function createNearestExamples(
  { labels, rowStart, features, counts }: Neighbors,
  idf: Float32Array,
  classCount: number,
): NearestExamples {
  const byFeature = new Map<number, { readonly rows: number[]; readonly values: number[] }>();
  labels.forEach((_, row) => {
    const [start, end] = [rowStart[row] ?? 0, rowStart[row + 1] ?? 0];
    const counted = {
      features: Array.from(features.subarray(start, end)),
      counts: Array.from(counts.subarray(start, end)),
    };
    const { values } = weigh(counted, idf);
    counted.features.forEach((feature, at) => {
      const list = byFeature.get(feature) ?? { rows: [], values: [] };
      byFeature.set(feature, list);
      list.rows.push(row);
      list.values.push(values[at] ?? 0);
    });
  });
  return {
    compare(message: FeatureVector): Likeness {
      const cosines = new Float64Array(labels.length);
      message.features.forEach((feature, at) => {
        const list = byFeature.get(feature);
        const value = message.values[at] ?? 0;
        list?.rows.forEach((row, entry) => {
          cosines[row] = (cosines[row] ?? 0) + value * (list.values[entry] ?? 0);
        });
      });
      return judge(cosines, labels, classCount);
    },
  };
}

function judge(cosines: Float64Array, labels: Uint16Array, classCount: number): Likeness {
  const best = new Float64Array(classCount * CLOSE);
  let nearest = 0;
  labels.forEach((label, row) => {
    let cosine = cosines[row] ?? 0;
    nearest = Math.max(nearest, label === 0 ? 0 : cosine);
    for (let place = label * CLOSE; place < (label + 1) * CLOSE; place++) {
      const held = best[place] ?? 0;
      if (cosine <= held) continue;
      best[place] = cosine;
      cosine = held;
    }
  });
  const shares = new Float64Array(classCount);
  for (let label = 0; label < classCount; label++) {
    let sum = 0;
    for (let place = label * CLOSE; place < (label + 1) * CLOSE; place++) sum += best[place] ?? 0;
    shares[label] = SHARPNESS * (BEST * (best[label * CLOSE] ?? 0) + ((1 - BEST) * sum) / CLOSE);
  }
  softmax(shares);
  return { nearest: Math.min(1, nearest), shares };
}
