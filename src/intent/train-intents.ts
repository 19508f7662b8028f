import { UnderstudyError } from '../contracts/errors.ts';
import type { Encoder } from '../contracts/encoder.ts';
import type { IntentAction } from '../contracts/intent.ts';
import { calibrate, probabilitiesOf } from './calibrate.ts';
import { calibrateSense } from './calibrate-sense.ts';
import { crossValidate, type ExampleVectors, MANY_INTENTS } from './cross-validate.ts';
import { featurize, weigh } from './featurize.ts';
import { fitEmbedding } from './fit-embedding.ts';
import { fitSense } from './fit-sense.ts';
import { chooseFeatureBits, fitWords, toNeighbors } from './fit-words.ts';
import type { FitOptions } from './fit-words.ts';
import {
  type IntentModel,
  MAX_INTENTS,
  type Neighbors,
  NONE_ID,
  serializeIntentModel,
} from './intent-model.ts';
import type { LinearModel } from './logistic-regression.ts';
import { NONE_EXAMPLES } from './none-examples.ts';
import type { MessageScores } from './message-scores.ts';
import { mixShares } from './score-model.ts';
import { fuseShares, jointNearest } from './score-sense.ts';
import { digestClasses, serializeIntentSense } from './sense-model.ts';

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

/** Options of {@link trainIntentModel}. */
export interface TrainIntentsOptions extends FitOptions {
  /** Parts of the cross-validation, 2 to 10; 0 leaves calibration out. Default 5. */
  readonly folds?: number;
  /** Makes vectors of length 1 of the examples, for a second model beside the words. Default: none. */
  readonly encoder?: Pick<Encoder, 'width' | 'encode'> | null;
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
      [...training.none, ...(training.intents.length < MANY_INTENTS ? NONE_EXAMPLES : [])].filter(
        (text) => !known.has(text.toLowerCase()),
      ),
      0,
    );
  }
  return { texts, labels, classIds };
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

/** An example as a model sees it that was not trained on it. */
export interface HeldOutExample {
  readonly text: string;
  readonly label: string;
  readonly scores: MessageScores;
}

/** A trained model, and what the cross-validation said of examples; nothing when there was none. */
export interface TrainedIntents {
  readonly bytes: Uint8Array;
  /** What the encoder adds, for `parseIntentSense`; null without one, or without intents. */
  readonly sense: Uint8Array | null;
  readonly heldOut: readonly HeldOutExample[];
}

/**
 * Trains a classifier: TF-IDF over hashed words and pieces of words, multinomial logistic regression, signed bytes as
 * weights, probabilities calibrated and a threshold chosen by cross-validation. Deterministic.
 *
 * @returns The model for `loadIntentClassifier`, which always says `none` when there are no intents, and how the examples fared while
 *   they were held out.
 * @throws UnderstudyError `cli/source-invalid` for an id that is empty, `none` or twice there.
 */
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
  const vectors = classCount < 2 ? null : encodeExamples(texts, classCount, options);
  const { predictions: heldOut, embeddingTemperature } =
    options.folds === 0 || classCount < 2
      ? { predictions: [], embeddingTemperature: null }
      : crossValidate(counted, labels, classCount, featureBits, vectors, options);
  const calibration = calibrate(heldOut, harmless);
  const { idf, columnOf, model } = fitWords(counted, labels, classCount, featureBits, options);
  const { neighborShare, neighborScope, temperature } = calibration;
  const usesLikeness = neighborShare + neighborScope > 0;
  const embedding =
    !usesLikeness || embeddingTemperature === null
      ? null
      : fitEmbedding(
          counted.map((entry) => weigh(entry, idf)),
          labels,
          classCount,
          featureBits,
        );
  const bytes = serializeIntentModel({
    classIds,
    featureBits,
    ...calibration,
    idf,
    bias: model.bias,
    ...quantize(model, columnOf, classCount),
    neighbors: usesLikeness && embeddingTemperature === null ? toNeighbors(counted, labels) : NO_NEIGHBORS,
    embedding: embedding === null ? null : { ...embedding, temperature: embeddingTemperature ?? 1 },
  });
  const seen = heldOut.map((one) => {
    const own = probabilitiesOf(one.scores, temperature);
    const words = one.likeness === null ? own : mixShares(own, one.likeness.shares, neighborShare);
    return { ...one, words };
  });
  const fused = calibrateSense(
    seen.flatMap((one) => {
      if (one.sense === null) return [];
      const nearest = jointNearest(one.likeness?.nearest ?? 0, one.sense.nearest);
      return [{ ...one, scores: one.sense.scores, nearest }];
    }),
    harmless,
  );
  const scoresOf = ({ words, sense, likeness }: (typeof seen)[number]): MessageScores => {
    if (sense === null) return { probabilities: words, nearest: likeness?.nearest ?? 0 };
    const { scores } = sense;
    const nearest = jointNearest(likeness?.nearest ?? 0, sense.nearest);
    return { probabilities: fuseShares(words, scores, fused.wordsWeight, fused.senseWeight), nearest };
  };
  return {
    bytes,
    sense:
      vectors === null
        ? null
        : serializeIntentSense({
            classesDigest: digestClasses(classIds),
            ...fused,
            ...fitSense(vectors.examples, labels, classCount, vectors.width, options),
          }),
    heldOut: seen.flatMap((one) => {
      if (one.isForeign || one.at === null) return [];
      const label = classIds[one.label] ?? NONE_ID;
      return [{ text: texts[one.at] ?? '', label, scores: scoresOf(one) }];
    }),
  };
}

function encodeExamples(
  texts: readonly string[],
  classCount: number,
  { encoder = null }: TrainIntentsOptions,
): ExampleVectors | null {
  if (encoder === null) return null;
  const encode = (text: string): Float32Array => encoder.encode(text);
  const strange = classCount > MANY_INTENTS ? NONE_EXAMPLES.map(encode) : [];
  return { width: encoder.width, examples: texts.map(encode), strange };
}
