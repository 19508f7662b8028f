import { packVectors } from '../bytes/packed-vectors.ts';
import type { FitOptions } from './fit-words.ts';
import { fitLogisticRegression, toTrainingSet } from './logistic-regression.ts';
import type { IntentSense } from './sense-model.ts';
import { MAX_SENSE_EXAMPLES } from './sense-model.ts';

/** What is learned from the vectors of examples: a linear model, and examples to compare messages with. */
export type FittedSense = Pick<IntentSense, 'bias' | 'weights' | 'examples'>;

/**
 * Fits a linear model to the encoder's vectors of examples, of length 1 each.
 * @param labels - Class of each vector, below `classCount`; 0 is `none`.
 */
export function fitSense(
  vectors: readonly Float32Array[],
  labels: readonly number[],
  classCount: number,
  width: number,
  { penalty = 0.05, iterations = 40 }: FitOptions,
): FittedSense {
  const columns = Array.from({ length: width }, (_, at) => at);
  const rows = vectors.map((vector) => ({ features: columns, values: Float64Array.from(vector) }));
  const set = toTrainingSet(rows, labels, Int32Array.from(columns), width, classCount);
  const { weights, bias } = fitLogisticRegression(set, penalty, classCount > 1 ? iterations : 0);
  const byClass = Array.from({ length: classCount }, (_, label) =>
    columns.map((column) => weights[column * classCount + label] ?? 0),
  );
  return {
    bias,
    weights: packVectors(byClass, width),
    examples: packVectors(
      spread(labels, MAX_SENSE_EXAMPLES).map((at) => vectors[at] ?? []),
      width,
    ),
  };
}

/** Places of at most so many examples of intents, of each intent as many as fit. */
function spread(labels: readonly number[], most: number): readonly number[] {
  const inside = labels.flatMap((label, at) => (label > 0 ? [at] : []));
  if (inside.length <= most) return inside;
  const nth = new Map<number, number>();
  // The first examples of all intents, then the second, and so on.
  const turn = inside.map((at) => {
    const label = labels[at] ?? 0;
    const mine = nth.get(label) ?? 0;
    nth.set(label, mine + 1);
    return { at, mine };
  });
  return turn
    .sort((left, right) => left.mine - right.mine || left.at - right.at)
    .slice(0, most)
    .map(({ at }) => at)
    .sort((left, right) => left - right);
}
