import { UnderstudyError } from '../contracts/errors.ts';
import type { IntentAction } from '../contracts/intent.ts';
import { calibrate, type HeldOutPrediction } from './calibrate.ts';
import { FEATURE_COUNT, type FeatureVector, featurize, weigh } from './featurize.ts';
import {
  type IntentModel,
  MAX_INTENTS,
  NONE_ID,
  idfOf,
  quantizeIdf,
  serializeIntentModel,
} from './intent-model.ts';
import { fitLogisticRegression, type LinearModel, softmax, toTrainingSet } from './logistic-regression.ts';
import { NONE_EXAMPLES } from './none-examples.ts';

/** One intent with the messages that show it. */
export interface IntentTraining {
  readonly id: string;
  /** Name for people; it counts as one more example. */
  readonly name: string;
  readonly examples: readonly string[];
  /** What the plan does with it. A wrong `retrieve` does no harm and does not count for the precision. Default `answer`. */
  readonly action?: IntentAction;
}

/** What a classifier is trained on. */
export interface IntentTrainingSet {
  readonly intents: readonly IntentTraining[];
  /** Messages that are none of the intents, such as questions that the pages answer. */
  readonly none: readonly string[];
}

/** Options of {@link trainIntents}. */
export interface TrainIntentsOptions {
  /** Share of messages given a label that must get the right one, in (0, 1). Default 0.9. */
  readonly precision?: number;
  /** Weight of the l2 penalty. Default 0.05. */
  readonly penalty?: number;
  /** Most steps of the optimizer. Default 60. */
  readonly iterations?: number;
  /** Parts of the cross-validation, 2 to 10; 0 leaves calibration out. Default 5, 3 for over 4,000 examples. */
  readonly folds?: number;
}

/** Weights whose rounded size lies under this are left out of the model. */
const LEAST_WEIGHT = 2;

interface Examples {
  readonly texts: readonly string[];
  readonly labels: readonly number[];
  readonly classIds: readonly string[];
}

function gatherExamples(training: IntentTrainingSet): Examples {
  const texts: string[] = [];
  const labels: number[] = [];
  const classIds = [NONE_ID];
  const add = (list: readonly string[], label: number): void => {
    for (const text of new Set(list.map((entry) => entry.trim()))) {
      if (text === '') continue;
      texts.push(text);
      labels.push(label);
    }
  };
  training.intents.forEach((intent, at) => {
    if (intent.id === '' || intent.id === NONE_ID || classIds.includes(intent.id)) {
      throw new UnderstudyError(
        'cli/source-invalid',
        `The intent id "${intent.id}" is empty, reserved or comes twice.`,
        {
          facts: { id: intent.id },
        },
      );
    }
    classIds.push(intent.id);
    add([...intent.examples, intent.name.replaceAll(/[_-]/g, ' ')], at + 1);
  });
  if (classIds.length > MAX_INTENTS) {
    throw new UnderstudyError('cli/source-invalid', `There are more than ${MAX_INTENTS} intents.`);
  }
  if (training.intents.length > 0) {
    const known = new Set(texts.map((text) => text.toLowerCase()));
    add(
      [...training.none, ...NONE_EXAMPLES].filter((text) => !known.has(text.toLowerCase())),
      0,
    );
  }
  return { texts, labels, classIds };
}

/** Smoothed inverse document frequencies, rounded as the model format rounds them. */
function measureIdf(counted: readonly { readonly features: readonly number[] }[]): Float32Array {
  const documents = new Uint32Array(FEATURE_COUNT);
  for (const { features } of counted)
    for (const feature of features) documents[feature] = (documents[feature] ?? 0) + 1;
  return Float32Array.from(documents, (count) =>
    idfOf(quantizeIdf(1 + Math.log((counted.length + 1) / (count + 1)))),
  );
}

/** Numbers the features that occur, in order; -1 for the others. */
function numberColumns(vectors: readonly FeatureVector[]): {
  readonly columnOf: Int32Array;
  readonly count: number;
} {
  const columnOf = new Int32Array(FEATURE_COUNT).fill(-1);
  for (const { features } of vectors) for (const feature of features) columnOf[feature] = 0;
  let count = 0;
  for (let feature = 0; feature < FEATURE_COUNT; feature++)
    if (columnOf[feature] === 0) columnOf[feature] = count++;
  return { columnOf, count };
}

function scoreWith(
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

/** Trains on all parts but one and scores that one, for every part. Examples of a class are dealt out in turn. */
function crossValidate(
  examples: Examples,
  folds: number,
  penalty: number,
  iterations: number,
): (HeldOutPrediction & { readonly at: number })[] {
  const seen = new Map<number, number>();
  const foldOf = examples.labels.map((label) => {
    const nth = seen.get(label) ?? 0;
    seen.set(label, nth + 1);
    return (nth * 7 + label) % folds;
  });
  const counted = examples.texts.map(featurize);
  const classCount = examples.classIds.length;
  const predictions: (HeldOutPrediction & { readonly at: number })[] = [];
  for (let fold = 0; fold < folds; fold++) {
    const inside = (_: unknown, at: number): boolean => foldOf[at] !== fold;
    const kept = counted.filter(inside);
    const idf = measureIdf(kept);
    const vectors = kept.map((entry) => weigh(entry, idf));
    const { columnOf, count } = numberColumns(vectors);
    const set = toTrainingSet(vectors, examples.labels.filter(inside), columnOf, count, classCount);
    const model = fitLogisticRegression(set, penalty, iterations);
    counted.forEach((entry, at) => {
      if (foldOf[at] !== fold) return;
      const scores = scoreWith(model, columnOf, weigh(entry, idf), classCount);
      predictions.push({ scores, label: examples.labels[at] ?? 0, at });
    });
  }
  return predictions;
}

function quantize(
  model: LinearModel,
  columnOf: Int32Array,
  classCount: number,
): Pick<IntentModel, 'scale' | 'rowStart' | 'classes' | 'weights'> {
  const scale = new Float32Array(classCount).fill(1);
  for (let label = 0; label < classCount; label++) {
    let most = 0;
    for (let at = label; at < model.weights.length; at += classCount)
      most = Math.max(most, Math.abs(model.weights[at] ?? 0));
    if (most > 0) scale[label] = most / 127;
  }
  const rowStart = new Uint32Array(FEATURE_COUNT + 1);
  const classes: number[] = [];
  const weights: number[] = [];
  for (let feature = 0; feature < FEATURE_COUNT; feature++) {
    const column = columnOf[feature] ?? -1;
    for (let label = 0; column >= 0 && label < classCount; label++) {
      const rounded = Math.round((model.weights[column * classCount + label] ?? 0) / (scale[label] ?? 1));
      if (Math.abs(rounded) < LEAST_WEIGHT) continue;
      classes.push(label);
      weights.push(rounded);
    }
    rowStart[feature + 1] = classes.length;
  }
  return { scale, rowStart, classes: Uint16Array.from(classes), weights: Int8Array.from(weights) };
}

/**
 * Trains a classifier: TF-IDF over hashed words and pieces of words, multinomial logistic regression, signed bytes as
 * weights, probabilities calibrated and a threshold chosen by cross-validation. Deterministic.
 *
 * @returns The model for `loadIntentClassifier`; one that always says `none` when there are no intents.
 * @throws UnderstudyError `cli/source-invalid` for an id that is empty, `none` or twice there.
 */
export function trainIntents(training: IntentTrainingSet, options: TrainIntentsOptions = {}): Uint8Array {
  return trainIntentModel(training, options).bytes;
}

/** An example as models see it that were not trained on it. */
export interface HeldOutExample {
  readonly text: string;
  readonly label: string;
  /** Calibrated probability of every class of the model. */
  readonly scores: Float64Array;
}

/** A trained model, and what the cross-validation said of each example; nothing when there was none. */
export interface TrainedIntents {
  readonly bytes: Uint8Array;
  readonly heldOut: readonly HeldOutExample[];
}

/** Trains as {@link trainIntents} does, and tells how the examples fared while they were held out. */
export function trainIntentModel(
  training: IntentTrainingSet,
  options: TrainIntentsOptions = {},
): TrainedIntents {
  const { precision = 0.9, penalty = 0.05, iterations = 60 } = options;
  const examples = gatherExamples(training);
  const folds = options.folds ?? (examples.texts.length > 4000 ? 3 : 5);
  const classCount = examples.classIds.length;
  const counted = examples.texts.map(featurize);
  const idf = measureIdf(counted);
  const vectors = counted.map((entry) => weigh(entry, idf));
  const { columnOf, count } = numberColumns(vectors);
  const harmless = new Set(
    training.intents.flatMap((intent, at) => (intent.action === 'retrieve' ? [at + 1] : [])),
  ).add(0);
  const set = toTrainingSet(vectors, examples.labels, columnOf, count, classCount);
  const fitted = fitLogisticRegression(set, penalty, classCount > 1 ? iterations : 0);
  const heldOut = folds < 2 || classCount < 2 ? [] : crossValidate(examples, folds, penalty, iterations);
  const calibration =
    heldOut.length === 0 ? { temperature: 1, threshold: 0 } : calibrate(heldOut, harmless, precision);
  const bytes = serializeIntentModel({
    classIds: examples.classIds,
    ...calibration,
    idf,
    bias: fitted.bias,
    ...quantize(fitted, columnOf, classCount),
  });
  return {
    bytes,
    heldOut: heldOut.map(({ scores, label, at }) => {
      const shares = scores.map((score) => score / calibration.temperature);
      softmax(shares);
      return { text: examples.texts[at] ?? '', label: examples.classIds[label] ?? NONE_ID, scores: shares };
    }),
  };
}
