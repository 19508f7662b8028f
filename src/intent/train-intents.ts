import { UnderstudyError } from '../contracts/errors.ts';
import type { IntentAction } from '../contracts/intent.ts';
import { calibrate, type HeldOutPrediction, probabilitiesOf } from './calibrate.ts';
import {
  type FeatureCounts,
  type FeatureVector,
  featurize,
  LEAST_FEATURE_BITS,
  MOST_FEATURE_BITS,
  weigh,
} from './featurize.ts';
import {
  type IntentModel,
  MAX_INTENTS,
  MAX_NEIGHBORS,
  type Neighbors,
  NONE_ID,
  idfOf,
  quantizeIdf,
  serializeIntentModel,
} from './intent-model.ts';
import { fitLogisticRegression, type LinearModel, toTrainingSet } from './logistic-regression.ts';
import { createNearestExamples } from './nearest-examples.ts';
import { NONE_EXAMPLES } from './none-examples.ts';
import { type MessageScores, mixShares } from './score-model.ts';

/** One intent with the messages that show it. */
export interface IntentTraining {
  readonly id: string;
  /** Name for people; it counts as one more example. */
  readonly name: string;
  readonly examples: readonly string[];
  /** What the plan does with it. A wrong `retrieve` does no harm and does not count against a threshold. Default `answer`. */
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
  /** Weight of the l2 penalty. Default 0.05. */
  readonly penalty?: number;
  /** Most passes of the optimizer. Default 40. */
  readonly iterations?: number;
  /** Parts of the cross-validation, 2 to 10; 0 leaves calibration out. Default 5. */
  readonly folds?: number;
}

/** From so many intents on, intents that a fold never saw stand for messages out of scope, and the built-in ones are left out. */
const MANY_INTENTS = 10;
/** Above so many examples one part is held out in place of each in turn: it is enough to calibrate on. */
const MANY_EXAMPLES = 3000;

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
      [...training.none, ...(training.intents.length < MANY_INTENTS ? NONE_EXAMPLES : [])].filter(
        (text) => !known.has(text.toLowerCase()),
      ),
      0,
    );
  }
  return { texts, labels, classIds };
}

/** Chooses how wide the table of features is: few of those that occur share a place, and the model is no larger than that takes. */
function chooseFeatureBits(texts: readonly string[]): number {
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

/** What is learned from examples, before it is rounded for a bundle. */
interface Fitted {
  readonly idf: Float32Array;
  readonly columnOf: Int32Array;
  readonly model: LinearModel;
}

function fit(
  counted: readonly FeatureCounts[],
  labels: readonly number[],
  classCount: number,
  bits: number,
  { penalty = 0.05, iterations = 40 }: TrainIntentsOptions,
): Fitted {
  const documents = countDocuments(counted, bits);
  const idf = measureIdf(documents, counted.length);
  const { columnOf, count } = numberColumns(documents);
  const vectors = counted.map((entry) => weigh(entry, idf));
  const set = toTrainingSet(vectors, labels, columnOf, count, classCount);
  return { idf, columnOf, model: fitLogisticRegression(set, penalty, classCount > 1 ? iterations : 0) };
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

/** A prediction with the place of its example; null for a message of no place. */
type Placed = HeldOutPrediction & { readonly at: number | null };

/**
 * Trains on all parts but one and scores that one, for every part. Examples of a class are dealt out in turn. With many intents, each
 * part also keeps some of them from its model altogether: their examples stand for messages that fit no intent.
 */
function crossValidate(
  counted: readonly FeatureCounts[],
  labels: readonly number[],
  classCount: number,
  bits: number,
  options: TrainIntentsOptions,
): Placed[] {
  const { folds = 5 } = options;
  const seen = new Map<number, number>();
  const foldOf = labels.map((label) => {
    const nth = seen.get(label) ?? 0;
    seen.set(label, nth + 1);
    return (nth * 7 + label) % folds;
  });
  const isHidden = (label: number, fold: number): boolean =>
    classCount > MANY_INTENTS && label > 0 && (label * 3 + 1) % folds === fold;
  const predictions: Placed[] = [];
  const rounds = counted.length > MANY_EXAMPLES ? 1 : folds;
  for (let fold = 0; fold < rounds; fold++) {
    const inside = (_: unknown, at: number): boolean =>
      foldOf[at] !== fold && !isHidden(labels[at] ?? 0, fold);
    const kept = counted.filter(inside);
    const keptLabels = labels.filter(inside);
    const fitted = fit(kept, keptLabels, classCount, bits, options);
    const neighbors = keepsNeighbors(counted)
      ? createNearestExamples(toNeighbors(kept, keptLabels), fitted.idf, classCount)
      : null;
    const see = (vector: FeatureVector): Pick<Placed, 'scores' | 'likeness'> => ({
      scores: scoreWith(fitted.model, fitted.columnOf, vector, classCount),
      likeness: neighbors?.compare(vector) ?? null,
    });
    counted.forEach((entry, at) => {
      if (foldOf[at] !== fold) return;
      const vector = weigh(entry, fitted.idf);
      const label = labels[at] ?? 0;
      predictions.push({ at, label, isForeign: isHidden(label, fold), ...see(vector) });
    });
    // Learned from, they would push away intents that are like them; they only show what strange messages look like.
    if (classCount <= MANY_INTENTS) continue;
    NONE_EXAMPLES.forEach((text, nth) => {
      if (nth % rounds !== fold) return;
      const strange = weigh(featurize(text, bits), fitted.idf);
      predictions.push({ at: null, label: 0, isForeign: true, ...see(strange) });
    });
  }
  return predictions;
}

function keepsNeighbors(counted: readonly FeatureCounts[]): boolean {
  return counted.length <= MAX_NEIGHBORS;
}

function toNeighbors(counted: readonly FeatureCounts[], labels: readonly number[]): Neighbors {
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

const NO_NEIGHBORS: Neighbors = {
  labels: new Uint16Array(),
  rowStart: new Uint32Array(1),
  features: new Uint32Array(),
  counts: new Uint8Array(),
};

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
  const rowStart = new Uint32Array(columnOf.length + 1);
  const classes: number[] = [];
  const weights: number[] = [];
  for (let feature = 0; feature < columnOf.length; feature++) {
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

/** An example as a model sees it that was not trained on it. */
export interface HeldOutExample {
  readonly text: string;
  readonly label: string;
  readonly scores: MessageScores;
}

/** A trained model, and what the cross-validation said of examples; nothing when there was none. */
export interface TrainedIntents {
  readonly bytes: Uint8Array;
  readonly heldOut: readonly HeldOutExample[];
}

/** Trains as {@link trainIntents} does, and tells how the examples fared while they were held out. */
export function trainIntentModel(
  training: IntentTrainingSet,
  options: TrainIntentsOptions = {},
): TrainedIntents {
  const { texts, labels, classIds } = gatherExamples(training);
  const classCount = classIds.length;
  const featureBits = chooseFeatureBits(texts);
  const counted = texts.map((text) => featurize(text, featureBits));
  const harmless = new Set(
    training.intents.flatMap((intent, at) => (intent.action === 'retrieve' ? [at + 1] : [])),
  ).add(0);
  const heldOut =
    options.folds === 0 || classCount < 2
      ? []
      : crossValidate(counted, labels, classCount, featureBits, options);
  const calibration = calibrate(heldOut, harmless);
  const { idf, columnOf, model } = fit(counted, labels, classCount, featureBits, options);
  const { neighborShare, neighborScope, temperature } = calibration;
  const bytes = serializeIntentModel({
    classIds,
    featureBits,
    ...calibration,
    idf,
    bias: model.bias,
    ...quantize(model, columnOf, classCount),
    neighbors: neighborShare + neighborScope > 0 ? toNeighbors(counted, labels) : NO_NEIGHBORS,
  });
  return {
    bytes,
    heldOut: heldOut.flatMap(({ scores, likeness, label, isForeign, at }) => {
      if (isForeign || at === null) return [];
      const own = probabilitiesOf(scores, temperature);
      const probabilities = likeness === null ? own : mixShares(own, likeness.shares, neighborShare);
      return [
        {
          text: texts[at] ?? '',
          label: classIds[label] ?? NONE_ID,
          scores: { probabilities, nearest: likeness?.nearest ?? 0 },
        },
      ];
    }),
  };
}
