import { HASH_BASIS, hashText, spreadBits } from '../text/hash-text.ts';
import { segmentWords } from '../text/segment-words.ts';

/** Fewest and most bits of a hashed feature. */
export const LEAST_FEATURE_BITS = 15;
/** See {@link LEAST_FEATURE_BITS}. */
export const MOST_FEATURE_BITS = 18;
/** Longest message that is looked at, in UTF-16 units; the rest adds nothing to an intent. */
const MAX_MESSAGE_LENGTH = 1000;
const UNSPACED_WORD =
  /^[^\p{Script=Latin}\p{Nd}\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Arabic}\p{Script=Hebrew}]{1,2}$/u;

/** Kinds of features that are parts of words: pieces of spaced words, single letters of unspaced ones. */
const PIECE = 3;
const LETTER = 4;

function hash(kind: number, text: string): number {
  return spreadBits(hashText(text, HASH_BASIS ^ kind));
}

/** Features of one text: sorted hashed positions with how often each occurs. */
export interface FeatureCounts {
  readonly features: readonly number[];
  readonly counts: readonly number[];
}

function addWordFeatures(words: readonly string[], add: (kind: number, text: string) => void): void {
  let previous = '^';
  for (const word of words) {
    add(1, word);
    add(2, `${previous} ${word}`);
    previous = word;
    const marked = `<${word}>`;
    for (let size = 2; size <= 5; size++) {
      for (let at = 0; at + size <= marked.length; at++) add(PIECE, marked.slice(at, at + size));
    }
  }
  if (words.length > 0) add(2, `${previous} $`);
}

/**
 * Counts the hashed features of a message: words and word pairs, pieces of 2 to 5 letters inside words,
 * and 1 to 3 characters in a row where words are not spaced. Words and what stands for them have even positions, parts of words odd ones.
 * @param bits - Positions are below 2^bits; {@link LEAST_FEATURE_BITS} to {@link MOST_FEATURE_BITS}.
 */
export function featurize(text: string, bits: number): FeatureCounts {
  const table = new Map<number, number>();
  const mask = (1 << bits) - 2;
  const add = (kind: number, piece: string): void => {
    const feature = (hash(kind, piece) & mask) | (kind === PIECE || kind === LETTER ? 1 : 0);
    table.set(feature, (table.get(feature) ?? 0) + 1);
  };
  const spaced: string[] = [];
  let run: string[] = [];
  const endRun = (): void => {
    const letters = run.filter((piece) => Array.from(piece).length === 1);
    letters.forEach((letter, at) => {
      add(LETTER, letter);
      add(5, (letters[at - 1] ?? '^') + letter);
      if (at >= 2) add(6, (letters[at - 2] ?? '') + (letters[at - 1] ?? '') + letter);
    });
    if (letters.length > 0) add(5, `${letters.at(-1) ?? ''}$`);
    run = [];
  };
  for (const word of segmentWords(text.slice(0, MAX_MESSAGE_LENGTH))) {
    if (UNSPACED_WORD.test(word)) run.push(word);
    else {
      endRun();
      spaced.push(word);
    }
  }
  endRun();
  addWordFeatures(spaced, add);
  const entries = [...table].sort((left, right) => left[0] - right[0]);
  return { features: entries.map((entry) => entry[0]), counts: entries.map((entry) => entry[1]) };
}

/** A text as a unit vector over the hashed features. */
export interface FeatureVector {
  readonly features: readonly number[];
  readonly values: Float64Array;
}

/**
 * Weighs counted features: sublinear counts times inverse document frequency. Words and parts of words each make half of the squared
 * length, so that many pieces do not drown the words; a message that has only one of them is that alone.
 * @param idf - Inverse document frequency of every feature. Features that training never saw keep their full weight in the length, so
 *   that strange messages give small scores.
 */
export function weigh(counted: FeatureCounts, idf: Float32Array): FeatureVector {
  const values = new Float64Array(counted.features.length);
  const squares: [words: number, parts: number] = [0, 0];
  counted.features.forEach((feature, at) => {
    const value = (1 + Math.log(counted.counts[at] ?? 1)) * (idf[feature] ?? 0);
    values[at] = value;
    squares[isPart(feature)] += value * value;
  });
  const share = squares[0] > 0 && squares[1] > 0 ? 0.5 : 1;
  const scales: [number, number] = [scaleFor(squares[0], share), scaleFor(squares[1], share)];
  counted.features.forEach((feature, at) => {
    values[at] = (values[at] ?? 0) * scales[isPart(feature)];
  });
  return { features: counted.features, values };
}

function isPart(feature: number): 0 | 1 {
  return (feature & 1) === 1 ? 1 : 0;
}

function scaleFor(squares: number, share: number): number {
  return squares > 0 ? Math.sqrt(share / squares) : 0;
}
