import { packVectors } from '../bytes/packed-vectors.ts';
import type { Encoder } from '../contracts/encoder.ts';
import type { Passage } from '../contracts/passage.ts';
import { digestIds } from './index-format.ts';
import { HEADER_BYTES, NEAR_MISS_VERSION, VECTORS_MAGIC, VECTORS_VERSION } from './passage-vectors.ts';
import { passageWindows } from './passage-windows.ts';

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
  const { width } = encoder;
  const packed = packVectors(vectorsOf.flat(), width);
  const count = packed.scales.length;
  const scalesAt = HEADER_BYTES + 2 * passages.length;
  const bytes = new Uint8Array(scalesAt + count * (4 + width));
  const view = new DataView(bytes.buffer);
  // Who does not know near misses would take their vectors for those of the text.
  const hasNearMisses = passages.some(({ nearMisses = [] }) => nearMisses.length > 0);
  const version = hasNearMisses ? NEAR_MISS_VERSION : VECTORS_VERSION;
  [VECTORS_MAGIC, version, width, passages.length, digestIds(passages)].forEach((value, at) => {
    view.setUint32(4 * at, value, true);
  });
  vectorsOf.forEach((vectors, passage) => {
    view.setUint16(HEADER_BYTES + 2 * passage, vectors.length, true);
  });
  packed.scales.forEach((scale, row) => {
    view.setFloat32(scalesAt + 4 * row, scale, true);
  });
  bytes.set(new Uint8Array(packed.components.buffer), scalesAt + 4 * count);
  return bytes;
}
