import { findOnnxFile } from '../../cli/generator/onnx/model-folder.ts';
import { packOnnxModel } from '../../cli/generator/onnx/pack-onnx-model.ts';
import type { PublishedFiles } from '../fixtures/published-model.ts';
import type { sampleFolders } from './sample-folder.ts';

/** What is packed of a model, by the names of artifacts. */
export type Packed = ReadonlyMap<string, Uint8Array<ArrayBuffer>>;

/** Packs a model out of a folder with these files. */
export function packFiles(
  samples: ReturnType<typeof sampleFolders>,
  files: PublishedFiles | Record<string, string | Uint8Array>,
): Packed {
  const path = findOnnxFile(samples.make(files), null);
  return new Map(packOnnxModel(path).map(({ name, bytes }) => [name, bytes]));
}
