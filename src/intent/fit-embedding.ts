import type { FeatureEmbedding } from './feature-embedding.ts';
import { MOST_COMPONENT } from './feature-embedding.ts';
import type { FeatureVector } from './featurize.ts';
import { createDraw } from './random-draw.ts';

/** Components of a vector: with 48, 64 or 96 the probabilities are no better. */
const WIDTH = 32;
/** Examples that a feature must stand in; features of fewer say nothing of others. */
const LEAST_EXAMPLES = 3;
/** Share of the features of an example that are left out of it at each pass: none is relied on alone. */
const DROPPED = 0.5;
/** Share of the probability that goes to all classes alike. */
const SMOOTHING = 0.05;
const BATCH = 32;
const RATE = 0.01;
const WARM_UP = 50;
/** Passes over many examples are fewer, so that the time stays within bounds. */
const MOST_PASSES = 14;
const LEAST_PASSES = 3;
const EXAMPLES_SEEN = 170_000;
/** Length of a message, in place of 1. */
const LENGTH = 3;
/** Decay of the means of Adam (Kingma and Ba 2015), and what keeps it from dividing by zero. */
const [MEAN_DECAY, SQUARE_DECAY, TINY] = [0.9, 0.999, 1e-8] as const;

/** Values that are learned, with the means of their slopes. */
class Learned {
  readonly values: Float32Array;
  readonly slopes: Float32Array;
  readonly #means: Float32Array;
  readonly #squares: Float32Array;

  constructor(length: number, valueOf: () => number = () => 0) {
    this.values = Float32Array.from({ length }, valueOf);
    this.slopes = new Float32Array(length);
    this.#means = new Float32Array(length);
    this.#squares = new Float32Array(length);
  }

  /** Moves some of them against their slopes, which are 0 again afterwards. */
  step(start: number, end: number, rate: number, squareScale: number): void {
    const [values, slopes, means, squares] = [this.values, this.slopes, this.#means, this.#squares];
    for (let at = start; at < end; at++) {
      const slope = slopes[at] ?? 0;
      const mean = MEAN_DECAY * (means[at] ?? 0) + (1 - MEAN_DECAY) * slope;
      const square = SQUARE_DECAY * (squares[at] ?? 0) + (1 - SQUARE_DECAY) * slope * slope;
      means[at] = mean;
      squares[at] = square;
      values[at] = (values[at] ?? 0) - (rate * mean) / (Math.sqrt(square * squareScale) + TINY);
      slopes[at] = 0;
    }
  }
}

/**
 * Learns a vector for each feature of many examples, and the classes in their space, by stochastic descent of the logistic loss with
 * features left out at random and smoothed labels: what is said in few ways borrows from what is said alike, and messages of other
 * subjects stay unsure. Deterministic. Over few examples it knows less than the linear model.
 *
 * @returns The embedding at temperature 1, its vectors rounded to four bits.
 */
export function fitEmbedding(
  vectors: readonly FeatureVector[],
  labels: readonly number[],
  classCount: number,
  bits: number,
): FeatureEmbedding {
  const counts = new Uint32Array(1 << bits);
  for (const { features } of vectors)
    for (const feature of features) counts[feature] = (counts[feature] ?? 0) + 1;
  const features = Uint32Array.from(
    [...counts.keys()].filter((feature) => (counts[feature] ?? 0) >= LEAST_EXAMPLES),
  );
  const rowOf = new Int32Array(1 << bits).fill(-1);
  features.forEach((feature, row) => {
    rowOf[feature] = row;
  });
  const examples = vectors.map((vector, at) => {
    const known = vector.features.map((feature) => rowOf[feature] ?? -1);
    const rows = Int32Array.from(known.filter((row) => row >= 0));
    const values = Float32Array.from([...vector.values].filter((_, nth) => (known[nth] ?? -1) >= 0));
    return { rows, values, label: labels[at] ?? 0 };
  });
  const draw = createDraw(1);
  const spread = 1 / Math.sqrt(WIDTH);
  const inputs = new Learned(features.length * WIDTH, () => draw.normal() * spread);
  const outputs = new Learned(classCount * WIDTH, () => draw.normal() * spread);
  const bias = new Learned(classCount);
  const message = new Float32Array(WIDTH);
  const messageSlope = new Float32Array(WIDTH);
  const scores = new Float32Array(classCount);
  const order = Uint32Array.from(examples.keys());
  const passes = Math.min(MOST_PASSES, Math.max(LEAST_PASSES, Math.round(EXAMPLES_SEEN / examples.length)));
  const steps = Math.ceil(examples.length / BATCH) * passes;
  const most = examples.reduce((length, { rows }) => Math.max(length, rows.length), 0);
  const kept = new Float32Array(most);

  const learn = ({ rows, values, label }: (typeof examples)[number], size: number): void => {
    message.fill(0);
    for (let nth = 0; nth < rows.length; nth++) {
      const value = draw.share() < DROPPED ? 0 : ((values[nth] ?? 0) * LENGTH) / (1 - DROPPED);
      kept[nth] = value;
      const base = (rows[nth] ?? 0) * WIDTH;
      for (let at = 0; value !== 0 && at < WIDTH; at++)
        message[at] = (message[at] ?? 0) + value * (inputs.values[base + at] ?? 0);
    }
    let top = -Infinity;
    for (let c = 0; c < classCount; c++) {
      let score = bias.values[c] ?? 0;
      for (let at = 0; at < WIDTH; at++) score += (outputs.values[c * WIDTH + at] ?? 0) * (message[at] ?? 0);
      scores[c] = score;
      if (score > top) top = score;
    }
    let sum = 0;
    for (let c = 0; c < classCount; c++) {
      const share = Math.exp((scores[c] ?? 0) - top);
      scores[c] = share;
      sum += share;
    }
    messageSlope.fill(0);
    for (let c = 0; c < classCount; c++) {
      const target = SMOOTHING / classCount + (c === label ? 1 - SMOOTHING : 0);
      const slope = ((scores[c] ?? 0) / sum - target) / size;
      bias.slopes[c] = (bias.slopes[c] ?? 0) + slope;
      const base = c * WIDTH;
      for (let at = 0; at < WIDTH; at++) {
        outputs.slopes[base + at] = (outputs.slopes[base + at] ?? 0) + slope * (message[at] ?? 0);
        messageSlope[at] = (messageSlope[at] ?? 0) + slope * (outputs.values[base + at] ?? 0);
      }
    }
    for (let nth = 0; nth < rows.length; nth++) {
      const value = kept[nth] ?? 0;
      if (value === 0) continue;
      const row = rows[nth] ?? 0;
      touched.add(row);
      for (let at = 0; at < WIDTH; at++)
        inputs.slopes[row * WIDTH + at] =
          (inputs.slopes[row * WIDTH + at] ?? 0) + value * (messageSlope[at] ?? 0);
    }
  };

  const touched = new Set<number>();
  for (let step = 0; step < steps;) {
    draw.shuffle(order);
    for (let start = 0; start < order.length; start += BATCH) {
      const end = Math.min(order.length, start + BATCH);
      touched.clear();
      for (let nth = start; nth < end; nth++) {
        const example = examples[order[nth] ?? 0];
        if (example !== undefined) learn(example, end - start);
      }
      step++;
      const rate = (RATE * Math.min(1, step / WARM_UP) * (1 - step / (steps + 1))) / (1 - MEAN_DECAY ** step);
      const squareScale = 1 / (1 - SQUARE_DECAY ** step);
      outputs.step(0, outputs.values.length, rate, squareScale);
      bias.step(0, classCount, rate, squareScale);
      for (const row of touched) inputs.step(row * WIDTH, (row + 1) * WIDTH, rate, squareScale);
    }
  }
  return {
    ...roundVectors(inputs.values),
    width: WIDTH,
    features,
    outputs: outputs.values,
    bias: bias.values,
    temperature: 1,
  };
}

/** Rounds vectors to steps of a seventh of their largest component; the length of messages goes into the steps. */
function roundVectors(values: Float32Array): Pick<FeatureEmbedding, 'steps' | 'components'> {
  const steps = new Float32Array(values.length / WIDTH);
  const components = new Int8Array(values.length);
  steps.forEach((_, row) => {
    const vector = values.subarray(row * WIDTH, (row + 1) * WIDTH);
    const step = vector.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-9) / MOST_COMPONENT;
    steps[row] = step * LENGTH;
    vector.forEach((value, at) => {
      components[row * WIDTH + at] = Math.round(value / step);
    });
  });
  return { steps, components };
}
