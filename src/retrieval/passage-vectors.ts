import type { PackedVectors } from '../bytes/packed-vectors.ts';
import { dotPacked, packVectors } from '../bytes/packed-vectors.ts';
import type { Encoder } from '../contracts/encoder.ts';
import { UnderstudyError } from '../contracts/errors.ts';
import type { Passage } from '../contracts/passage.ts';
import { digestIds, MAX_PASSAGES } from './index-format.ts';
import { passageWindows } from './passage-windows.ts';

const MAGIC = 0x58_56_44_55;
const VERSION = 1;
const HEADER_BYTES = 20;
const MAX_WIDTH = 1024;
/** Most vectors of a bundle. */
const MAX_VECTORS = 1_000_000;

/** The vectors of all passages, several each. */
export interface PassageVectors extends PackedVectors {
  readonly passageCount: number;
  /** `starts[p]` to `starts[p + 1]` are the vectors of passage p. */
  readonly starts: Uint32Array;
}

function invalid(what: string): UnderstudyError {
  return new UnderstudyError('bundle/artifact-invalid', `The passage vectors cannot be read: ${what}.`, {
    facts: { artifact: 'vectors', what },
  });
}

/**
 * Encodes passages and writes their vectors: magic `UDVX`, version, width, number of passages, digest of their ids, then the number of
 * vectors of each passage (16 bits), the scales (32-bit floats) and the components (signed bytes). Little endian.
 *
 * @param onPassage - Told of each passage that is encoded.
 */
export function buildPassageVectors(
  passages: readonly Passage[],
  encoder: Encoder,
  onPassage: (count: number) => void = () => undefined,
): Uint8Array {
  const known = new Map<string, Float32Array>();
  const vectorsOf = passages.map((passage, at) => {
    onPassage(at + 1);
    return passageWindows(passage).map((text) => {
      const vector = known.get(text) ?? encoder.encode(text);
      known.set(text, vector);
      return vector;
    });
  });
  const count = vectorsOf.reduce((sum, vectors) => sum + vectors.length, 0);
  const { width } = encoder;
  const bytes = new Uint8Array(HEADER_BYTES + 2 * passages.length + count * (4 + width));
  const view = new DataView(bytes.buffer);
  [MAGIC, VERSION, width, passages.length, digestIds(passages)].forEach((value, at) => {
    view.setUint32(4 * at, value, true);
  });
  const { scales, components } = packVectors(vectorsOf.flat(), width);
  vectorsOf.forEach((vectors, passage) => {
    view.setUint16(HEADER_BYTES + 2 * passage, vectors.length, true);
  });
  const scalesAt = HEADER_BYTES + 2 * passages.length;
  scales.forEach((scale, row) => {
    view.setFloat32(scalesAt + 4 * row, scale, true);
  });
  bytes.set(new Uint8Array(components.buffer), scalesAt + 4 * count);
  return bytes;
}

/**
 * Reads passage vectors.
 * @throws UnderstudyError `bundle/artifact-invalid` for damaged bytes or those of other passages, `bundle/version-unsupported`.
 */
export function parsePassageVectors(bytes: Uint8Array, passages: readonly Passage[]): PassageVectors {
  if (bytes.length < HEADER_BYTES) throw invalid('they end early');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const at = (place: number): number => view.getUint32(4 * place, true);
  if (at(0) !== MAGIC) throw invalid('they are not of this format');
  const version = at(1);
  if (version !== VERSION) {
    const facts = { found: version, supported: VERSION };
    throw new UnderstudyError('bundle/version-unsupported', `The vectors have version ${version}.`, {
      facts,
    });
  }
  const width = at(2);
  const passageCount = at(3);
  if (width < 1 || width > MAX_WIDTH || passageCount > MAX_PASSAGES) throw invalid('a size is out of range');
  if (passageCount !== passages.length || at(4) !== digestIds(passages))
    throw invalid('they are of other passages');
  if (bytes.length < HEADER_BYTES + 2 * passageCount) throw invalid('they end early');
  const starts = new Uint32Array(passageCount + 1);
  for (let passage = 0; passage < passageCount; passage += 1)
    starts[passage + 1] = (starts[passage] ?? 0) + view.getUint16(HEADER_BYTES + 2 * passage, true);
  const count = starts[passageCount] ?? 0;
  const scalesAt = HEADER_BYTES + 2 * passageCount;
  if (count > MAX_VECTORS || bytes.length !== scalesAt + count * (4 + width))
    throw invalid('their length is not what they say');
  const scales = new Float32Array(count);
  for (let row = 0; row < count; row += 1) {
    const scale = view.getFloat32(scalesAt + 4 * row, true);
    if (!(scale > 0 && scale <= 1)) throw invalid('a scale is out of range');
    scales[row] = scale;
  }
  const components = new Int8Array(bytes.slice(scalesAt + 4 * count).buffer);
  return { width, passageCount, starts, scales, components };
}

/**
 * Cosine of a text's vector to the nearest vector of each passage.
 * @param query - Of length 1; as wide as the vectors.
 */
export function passageSimilarities(vectors: PassageVectors, query: Float32Array): Float32Array {
  const { starts } = vectors;
  const found = new Float32Array(vectors.passageCount);
  for (let passage = 0; passage < found.length; passage += 1) {
    let best = -1;
    for (let row = starts[passage] ?? 0; row < (starts[passage + 1] ?? 0); row += 1)
      best = Math.max(best, dotPacked(vectors, row, query));
    found[passage] = best;
  }
  return found;
}
