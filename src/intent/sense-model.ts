import type { PackedVectors } from '../bytes/packed-vectors.ts';
import { UnderstudyError } from '../contracts/errors.ts';
import { HASH_BASIS, hashText } from '../text/hash-text.ts';
import { MAX_INTENTS } from './intent-model.ts';
import type { ScopeScale } from './scope.ts';

const MAGIC = 0x53_49_44_55;
/** With a scale of scope. Those without are written as before. */
const VERSION = 2;
const VERSION_WITHOUT_SCALE = 1;
/** Where the first number lies that is no whole one. */
const FLOATS_AT = 24;
/** Numbers before those of classes and examples, and with a scale. */
const SETTINGS = 4;
const SETTINGS_WITH_SCALE = 6;
const MAX_WIDTH = 1024;
/** Most examples that are kept to tell how near a message is. */
export const MAX_SENSE_EXAMPLES = 2000;

/**
 * What an encoder adds to an intent model: class `c` scores `wordsWeight · log p(c) + senseWeight · (bias[c] + w[c] · v)`, p by the words
 * and v the encoder's vector of the message; the softmax of the scores are the probabilities.
 */
export interface IntentSense {
  /** Digest of the class ids in order, by {@link digestClasses}. */
  readonly classesDigest: number;
  readonly wordsWeight: number;
  readonly senseWeight: number;
  /** Least score of being in scope for a label other than `none`. */
  readonly threshold: number;
  /** Share of the nearest example in the score of being in scope, in [0, 1]. */
  readonly scopeShare: number;
  /** Scale of the odds of being in scope; null where the likeliest intent's probability tells. */
  readonly scopeScale: ScopeScale | null;
  /** One number a class; class 0 is `none`. */
  readonly bias: Float32Array;
  /** One vector a class. */
  readonly weights: PackedVectors;
  /** Vectors of examples of the intents, none of `none`. */
  readonly examples: PackedVectors;
}

/** Tells models of the same classes from those of others. */
export function digestClasses(classIds: readonly string[]): number {
  return classIds.reduce((digest, id) => hashText(`${id}\n`, digest), HASH_BASIS) >>> 0;
}

function invalid(what: string): UnderstudyError {
  return new UnderstudyError('bundle/artifact-invalid', `The intent vectors cannot be read: ${what}.`, {
    facts: { artifact: 'intent-vectors', what },
  });
}

/**
 * Writes it, little endian: magic `UDIS`, version, width, number of classes, digest of their ids, number of examples, the two weights,
 * threshold and share of scope, with a scale its center and width; then the biases, the scales of classes and examples (32-bit floats) and their components (signed bytes).
 */
export function serializeIntentSense(sense: IntentSense): Uint8Array {
  const { bias, weights, examples } = sense;
  const [classCount, exampleCount, { width }] = [bias.length, examples.scales.length, weights];
  const { scopeScale } = sense;
  const scale = scopeScale === null ? [] : [scopeScale.center, scopeScale.width];
  const settings = [sense.wordsWeight, sense.senseWeight, sense.threshold, sense.scopeShare, ...scale];
  const floats = [...settings, ...bias, ...weights.scales, ...examples.scales];
  const components = FLOATS_AT + 4 * floats.length;
  const bytes = new Uint8Array(components + (classCount + exampleCount) * width);
  const view = new DataView(bytes.buffer);
  const version = scopeScale === null ? VERSION_WITHOUT_SCALE : VERSION;
  [MAGIC, version, width, classCount, sense.classesDigest, exampleCount].forEach((value, at) => {
    view.setUint32(4 * at, value, true);
  });
  floats.forEach((value, at) => {
    view.setFloat32(FLOATS_AT + 4 * at, value, true);
  });
  bytes.set(new Uint8Array(weights.components.buffer), components);
  bytes.set(new Uint8Array(examples.components.buffer), components + classCount * width);
  return bytes;
}

/**
 * Reads what {@link serializeIntentSense} wrote.
 * @param classIds - Of the intent model that it adds to.
 * @throws UnderstudyError `bundle/artifact-invalid` for damaged bytes or those of other intents, `bundle/version-unsupported`.
 */
export function parseIntentSense(bytes: Uint8Array, classIds: readonly string[]): IntentSense {
  if (bytes.length < FLOATS_AT + 4 * SETTINGS) throw invalid('they end early');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const word = (place: number): number => view.getUint32(4 * place, true);
  if (word(0) !== MAGIC) throw invalid('they are not of this format');
  if (word(1) !== VERSION && word(1) !== VERSION_WITHOUT_SCALE) {
    const facts = { found: word(1), supported: VERSION };
    throw new UnderstudyError('bundle/version-unsupported', `The intent vectors have version ${word(1)}.`, {
      facts,
    });
  }
  const [width, classCount, exampleCount] = [word(2), word(3), word(5)];
  if (width < 1 || width > MAX_WIDTH || classCount > MAX_INTENTS + 1 || exampleCount > MAX_SENSE_EXAMPLES)
    throw invalid('a size is out of range');
  if (classCount !== classIds.length || word(4) !== digestClasses(classIds))
    throw invalid('they are of other intents');
  const hasScale = word(1) === VERSION;
  const settings = hasScale ? SETTINGS_WITH_SCALE : SETTINGS;
  const componentsAt = FLOATS_AT + 4 * (settings + 2 * classCount + exampleCount);
  if (bytes.length !== componentsAt + (classCount + exampleCount) * width)
    throw invalid('their length is not what they say');
  const float = (at: number, isFine: (value: number) => boolean): number => {
    const value = view.getFloat32(FLOATS_AT + 4 * at, true);
    if (!(Number.isFinite(value) && isFine(value))) throw invalid('a number is out of range');
    return value;
  };
  const floats = (from: number, count: number, isFine: (value: number) => boolean): Float32Array =>
    Float32Array.from({ length: count }, (_, at) => float(settings + from + at, isFine));
  const vectors = (from: number, scales: Float32Array): PackedVectors => {
    const start = componentsAt + from * width;
    return {
      width,
      scales,
      components: new Int8Array(bytes.slice(start, start + scales.length * width).buffer),
    };
  };
  const isShare = (value: number): boolean => value >= 0 && value <= 1;
  const isWeight = (value: number): boolean => value >= 0 && value <= 1000;
  const isScale = (value: number): boolean => value > 0;
  return {
    classesDigest: word(4),
    wordsWeight: float(0, isWeight),
    senseWeight: float(1, isWeight),
    threshold: float(2, isShare),
    scopeShare: float(3, isShare),
    scopeScale: hasScale ? { center: float(4, () => true), width: float(5, isScale) } : null,
    bias: floats(0, classCount, () => true),
    weights: vectors(0, floats(classCount, classCount, isScale)),
    examples: vectors(classCount, floats(2 * classCount, exampleCount, isScale)),
  };
}
