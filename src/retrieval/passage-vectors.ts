import type { PackedVectors } from '../bytes/packed-vectors.ts';
import { UnderstudyError } from '../contracts/errors.ts';
import type { Passage } from '../contracts/passage.ts';
import { digestIds, MAX_PASSAGES } from './index-format.ts';

/** The first four bytes, little endian: `UDVX`. */
export const VECTORS_MAGIC = 0x58_56_44_55;
/** Version of the format: the second has vectors of near misses, and is written only where there are some. */
export const VECTORS_VERSION = 1;
export const NEAR_MISS_VERSION = 2;
/** Length of what comes before the numbers of vectors. */
export const HEADER_BYTES = 20;
const MAX_WIDTH = 1024;
/** Most vectors of a bundle. */
const MAX_VECTORS = 1_000_000;

/**
 * What a cosine of 1 adds to the score of a passage: of the question and the nearest window of the text, or question of the owner; and of
 * the expected questions. `textAlone` is for bundles that have none. Measured in docs/decisions/2026-11-28-answered-questions.md.
 */
const MEANING = { textAlone: 2.5, text: 2, expected: 2.5 } as const;

/** Which vectors are those of which passage. */
export interface VectorPlaces {
  readonly passageCount: number;
  /** `starts[p]` to `starts[p + 1]` are the vectors of passage p. */
  readonly starts: Uint32Array;
  /** How many of them, the first ones, are of expected questions. */
  readonly expectedCounts: Uint16Array;
  /** How many of them, the last ones, are of near misses. */
  readonly nearMissCounts: Uint16Array;
}

/** The vectors of all passages, several each. */
export interface PassageVectors extends PackedVectors, VectorPlaces {}

function invalid(what: string): UnderstudyError {
  return new UnderstudyError('bundle/artifact-invalid', `The passage vectors cannot be read: ${what}.`, {
    facts: { artifact: 'vectors', what },
  });
}

/** Where the vectors of each passage begin, and how many of them are of expected questions and of near misses. */
function placesOf(
  passages: readonly Passage[],
  countOf: (passage: number) => number,
): Pick<PassageVectors, 'starts' | 'expectedCounts' | 'nearMissCounts'> {
  const starts = new Uint32Array(passages.length + 1);
  const expectedCounts = new Uint16Array(passages.length);
  const nearMissCounts = new Uint16Array(passages.length);
  passages.forEach(({ expected = [], nearMisses = [] }, passage) => {
    const count = countOf(passage);
    starts[passage + 1] = (starts[passage] ?? 0) + count;
    expectedCounts[passage] = Math.min(count, expected.length);
    nearMissCounts[passage] = Math.min(count - (expectedCounts[passage] ?? 0), nearMisses.length);
  });
  return { starts, expectedCounts, nearMissCounts };
}

/**
 * Reads passage vectors.
 * @throws UnderstudyError `bundle/artifact-invalid` for damaged bytes or those of other passages, `bundle/version-unsupported`.
 */
export function parsePassageVectors(bytes: Uint8Array, passages: readonly Passage[]): PassageVectors {
  if (bytes.length < HEADER_BYTES) throw invalid('they end early');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const at = (place: number): number => view.getUint32(4 * place, true);
  if (at(0) !== VECTORS_MAGIC) throw invalid('they are not of this format');
  const version = at(1);
  if (version !== VECTORS_VERSION && version !== NEAR_MISS_VERSION) {
    const facts = { found: version, supported: NEAR_MISS_VERSION };
    throw new UnderstudyError('bundle/version-unsupported', `The vectors have version ${version}.`, {
      facts,
    });
  }
  const width = at(2);
  const passageCount = at(3);
  if (width < 1 || width > MAX_WIDTH || passageCount > MAX_PASSAGES) throw invalid('a size is out of range');
  if (passageCount !== passages.length || at(4) !== digestIds(passages))
    throw invalid('they are of other passages');
  const scalesAt = HEADER_BYTES + 2 * passageCount;
  if (bytes.length < scalesAt) throw invalid('they end early');
  const { starts, expectedCounts, nearMissCounts } = placesOf(passages, (passage) =>
    view.getUint16(HEADER_BYTES + 2 * passage, true),
  );
  const count = starts[passageCount] ?? 0;
  if (count > MAX_VECTORS || bytes.length !== scalesAt + count * (4 + width))
    throw invalid('their length is not what they say');
  const scales = new Float32Array(count);
  for (let row = 0; row < count; row += 1) {
    const scale = view.getFloat32(scalesAt + 4 * row, true);
    if (!(scale > 0 && scale <= 1)) throw invalid('a scale is out of range');
    scales[row] = scale;
  }
  const components = new Int8Array(bytes.slice(scalesAt + 4 * count).buffer);
  return { width, passageCount, starts, expectedCounts, nearMissCounts, scales, components };
}

/** What vectors say of a question, by passage number. */
export interface Meaning {
  /** What likeness in meaning adds to the score, 0 or more. */
  readonly scores: Float32Array;
  /** Cosine to the nearest expected question, 0 to 1; 0 where the passage has none. */
  readonly expected: Float32Array;
  /** Cosine to the nearest window of the text, or question of the owner, 0 to 1. */
  readonly text: Float32Array;
  /** Cosine to the nearest near miss of all, 0 to 1; 0 where there are none. */
  readonly nearMiss: number;
}

/**
 * Says what a question's likeness to all vectors says of the passages.
 * @param cosines - Of the question and each vector.
 */
export function meaningOf(
  { passageCount, starts, expectedCounts, nearMissCounts }: VectorPlaces,
  cosines: Float32Array,
): Meaning {
  const scores = new Float32Array(passageCount);
  const expected = new Float32Array(passageCount);
  const texts = new Float32Array(passageCount);
  const isExpecting = expectedCounts.some((count) => count > 0);
  let nearMiss = 0;
  for (let passage = 0; passage < passageCount; passage += 1) {
    const start = starts[passage] ?? 0;
    const textStart = start + (expectedCounts[passage] ?? 0);
    const end = starts[passage + 1] ?? 0;
    const textEnd = end - (nearMissCounts[passage] ?? 0);
    const text = nearest(cosines, textStart, textEnd);
    nearMiss = Math.max(nearMiss, nearest(cosines, textEnd, end));
    texts[passage] = text;
    if (!isExpecting) {
      scores[passage] = MEANING.textAlone * text;
      continue;
    }
    // Where none is expected of a passage its text stands in, lest the others all went before it.
    const [first, mean] = nearestThree(cosines, start, textStart);
    const likeness = textStart > start ? (first + mean) / 2 : text;
    expected[passage] = first;
    scores[passage] = MEANING.text * text + MEANING.expected * likeness;
  }
  return { scores, expected, text: texts, nearMiss };
}

/** The greatest of some cosines; 0 where there is none or it is below. */
function nearest(cosines: Float32Array, start: number, end: number): number {
  let most = 0;
  for (let row = start; row < end; row += 1) most = Math.max(most, cosines[row] ?? 0);
  return most;
}

/** The greatest of some cosines, and the mean of the three greatest: one may be near by chance. 0 where there is none. */
function nearestThree(
  cosines: Float32Array,
  start: number,
  end: number,
): readonly [first: number, mean: number] {
  let [first, second, third] = [0, 0, 0];
  for (let row = start; row < end; row += 1) {
    const cosine = cosines[row] ?? 0;
    if (cosine > first) [first, second, third] = [cosine, first, second];
    else if (cosine > second) [second, third] = [cosine, second];
    else if (cosine > third) third = cosine;
  }
  return [first, (first + second + third) / Math.min(3, Math.max(1, end - start))];
}
