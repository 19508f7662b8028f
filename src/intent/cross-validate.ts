import { fitTemperature, type HeldOutPrediction } from './calibrate.ts';
import { likenessOf, rowsOf, scoreEmbedded } from './feature-embedding.ts';
import type { FeatureCounts, FeatureVector } from './featurize.ts';
import { featurize, weigh } from './featurize.ts';
import { fitEmbedding } from './fit-embedding.ts';
import { fitWords, type FitOptions, scoreWords, toNeighbors } from './fit-words.ts';
import { fitSense } from './fit-sense.ts';
import { MAX_NEIGHBORS } from './intent-model.ts';
import { createNearestExamples } from './nearest-examples.ts';
import { NONE_EXAMPLES } from './none-examples.ts';
import { nearestOf, scoreSense } from './score-sense.ts';

/** From so many intents on, intents that a fold never saw stand for messages out of scope, and the built-in ones are left out. */
export const MANY_INTENTS = 10;
/** Above so many examples one part is held out in place of each in turn: it is enough to calibrate on. */
const MANY_EXAMPLES = 3000;

/** A prediction with the place of its example; null for a message of no place. */
export interface Placed extends HeldOutPrediction {
  readonly at: number | null;
  /** What the vectors say of it; null without vectors. */
  readonly sense: SensePrediction | null;
}

/** A prediction by vectors. */
export interface SensePrediction {
  readonly scores: Float64Array;
  readonly nearest: number;
}

/** What held-out examples tell. */
export interface CrossValidation {
  readonly predictions: readonly Placed[];
  /** Temperature of the embedding; null where there are too few examples for one. */
  readonly embeddingTemperature: number | null;
}

/** Vectors of all examples, and of the messages that are out of every scope. */
export interface ExampleVectors {
  readonly width: number;
  readonly examples: readonly Float32Array[];
  readonly strange: readonly Float32Array[];
}

/**
 * Trains on all parts but one and scores that one, for every part. Examples of a class are dealt out in turn. With many intents, each
 * part also keeps some of them from its model altogether: their examples stand for messages that fit no intent.
 */
export function crossValidate(
  counted: readonly FeatureCounts[],
  labels: readonly number[],
  classCount: number,
  bits: number,
  vectors: ExampleVectors | null,
  options: FitOptions & { readonly folds?: number },
): CrossValidation {
  const { folds = 5 } = options;
  const seen = new Map<number, number>();
  const foldOf = labels.map((label) => {
    const nth = seen.get(label) ?? 0;
    seen.set(label, nth + 1);
    return (nth * 7 + label) % folds;
  });
  const isHidden = (label: number, fold: number): boolean =>
    classCount > MANY_INTENTS && label > 0 && (label * 3 + 1) % folds === fold;
  const predictions: (Placed & { readonly embedded: Float64Array | null })[] = [];
  const rounds = counted.length > MANY_EXAMPLES ? 1 : folds;
  for (let fold = 0; fold < rounds; fold++) {
    const inside = (_: unknown, at: number): boolean =>
      foldOf[at] !== fold && !isHidden(labels[at] ?? 0, fold);
    const kept = counted.filter(inside);
    const keptLabels = labels.filter(inside);
    const fitted = fitWords(kept, keptLabels, classCount, bits, options);
    const hasMany = counted.length > MAX_NEIGHBORS;
    const neighbors = hasMany
      ? null
      : createNearestExamples(toNeighbors(kept, keptLabels), fitted.idf, classCount);
    const embedding = hasMany
      ? fitEmbedding(
          kept.map((entry) => weigh(entry, fitted.idf)),
          keptLabels,
          classCount,
          bits,
        )
      : null;
    const rowOf = embedding === null ? null : rowsOf(embedding);
    const meant =
      vectors === null
        ? null
        : fitSense(vectors.examples.filter(inside), keptLabels, classCount, vectors.width, options);
    const see = (
      vector: FeatureVector,
      sense: Float32Array | undefined,
    ): Omit<(typeof predictions)[number], 'at' | 'label' | 'isForeign'> => ({
      scores: scoreWords(fitted.model, fitted.columnOf, vector, classCount),
      likeness: neighbors?.compare(vector) ?? null,
      embedded: embedding === null || rowOf === null ? null : scoreEmbedded(embedding, rowOf, vector),
      sense:
        meant === null || sense === undefined
          ? null
          : { scores: scoreSense(meant, sense), nearest: nearestOf(meant.examples, sense) },
    });
    counted.forEach((entry, at) => {
      if (foldOf[at] !== fold) return;
      const vector = weigh(entry, fitted.idf);
      const label = labels[at] ?? 0;
      predictions.push({
        at,
        label,
        isForeign: isHidden(label, fold),
        ...see(vector, vectors?.examples[at]),
      });
    });
    // Learned from, they would push away intents that are like them; they only show what strange messages look like.
    if (classCount <= MANY_INTENTS) continue;
    NONE_EXAMPLES.forEach((text, nth) => {
      if (nth % rounds !== fold) return;
      const strange = weigh(featurize(text, bits), fitted.idf);
      predictions.push({ at: null, label: 0, isForeign: true, ...see(strange, vectors?.strange[nth]) });
    });
  }
  const embedded = predictions.flatMap(({ embedded: scores, label, isForeign }) =>
    scores === null || isForeign ? [] : [{ scores, label }],
  );
  if (embedded.length === 0) return { predictions, embeddingTemperature: null };
  const temperature = fitTemperature(embedded);
  return {
    predictions: predictions.map((one) =>
      one.embedded === null ? one : { ...one, likeness: likenessOf(one.embedded, temperature) },
    ),
    embeddingTemperature: temperature,
  };
}
