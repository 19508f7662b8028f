import { readJson } from '../../src/bundle/fetch-file.ts';
import { isUnderstudyError } from '../../src/contracts/errors.ts';
import { parsePassages } from '../../src/retrieval/parse-passages.ts';
import { parsePassageVectors } from '../../src/retrieval/passage-vectors.ts';
import { passageWindows } from '../../src/retrieval/passage-windows.ts';
import { openFolder } from '../ask/open-folder.ts';
import { hasBundle } from './read-bundle-folder.ts';

/** The vector that the release in the folder has for a text; null where it has none. */
export type EarlierVectors = (text: string) => Float32Array | null;

const NONE: EarlierVectors = () => null;

/**
 * Opens the vectors of the release that a folder holds, so that a rebuild encodes only what is new. There are none without a release, of
 * another encoder, or where its files are damaged.
 *
 * @param encoderSha256 - Digest of the encoder's file in the bundle, hexadecimal.
 */
export async function openEarlierVectors(
  folder: string,
  encoderSha256: string,
  signal: AbortSignal,
): Promise<EarlierVectors> {
  if (!hasBundle(folder)) return NONE;
  try {
    const bundle = await openFolder(folder, signal);
    const { artifacts } = bundle.manifest;
    const has = (name: string): boolean => Object.hasOwn(artifacts, name);
    if (artifacts['encoder.gguf']?.sha256 !== encoderSha256 || !has('vectors.bin') || !has('passages.json'))
      return NONE;
    const passages = parsePassages(readJson(await bundle.read('passages.json', { signal }), 'passages.json'));
    const { width, starts, scales, components } = parsePassageVectors(
      await bundle.read('vectors.bin', { signal }),
      passages,
    );
    const rowOf = new Map<string, number>();
    passages.forEach((passage, at) => {
      const [start, end] = [starts[at] ?? 0, starts[at + 1] ?? 0];
      const windows = passageWindows(passage);
      // Windows of an earlier version of the program may be cut otherwise.
      if (windows.length === end - start) windows.forEach((text, nth) => rowOf.set(text, start + nth));
    });
    return (text) => {
      const row = rowOf.get(text);
      if (row === undefined) return null;
      const scale = scales[row] ?? 0;
      // Rounded again, it gives the same bytes: the largest component is 127.
      return Float32Array.from(
        components.subarray(row * width, (row + 1) * width),
        (byte) => (byte / 127) * scale,
      );
    };
  } catch (error) {
    signal.throwIfAborted();
    if (isUnderstudyError(error)) return NONE;
    throw error;
  }
}
