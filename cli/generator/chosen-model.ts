import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { UnderstudyError } from '../../src/contracts/errors.ts';
import type { ModelChoice, OnnxModel, RemoteModel } from '../config/build-config.ts';
import { isFetched } from '../config/parse-model.ts';
import { findOnnxFile } from './onnx/model-folder.ts';
import { packageFolder } from '../package-folder.ts';

/** Largest model file that is read: a bundle is packed and cut in memory, which takes about four times as much. */
export const MAX_MODEL_BYTES: number = 1024 * 1024 * 1024;

/** Gives the path of a published model, which it fetches unless it is there; of one for Transformers.js, the path of its ONNX file. */
export type FetchModel = (model: RemoteModel | OnnxModel) => Promise<string>;

/**
 * Path of the model that was chosen, of one for Transformers.js that of its ONNX file; null when it is the one of the package and that is
 * not there.
 *
 * @param shipped - Path in the package of the one that ships with it.
 * @throws UnderstudyError `cli/not-found` for a named file, `cli/model-invalid` for one that is too long, and what fetching throws.
 */
export async function chosenModel(
  choice: Exclude<ModelChoice, { readonly kind: 'none' }>,
  shipped: string,
  fetchModel: FetchModel,
): Promise<string | null> {
  if (isFetched(choice)) return fetchModel(choice);
  if (choice.kind === 'onnx') return findOnnxFile(choice.at, choice.quantization);
  const path = choice.kind === 'file' ? choice.path : join(packageFolder().path, shipped);
  if (choice.kind === 'default' && !existsSync(path)) return null;
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats?.isFile() !== true) {
    throw new UnderstudyError('cli/not-found', `The model file "${path}" does not exist.`, {
      facts: { path },
    });
  }
  if (stats.size > MAX_MODEL_BYTES) {
    throw new UnderstudyError('cli/model-invalid', `The model file "${path}" is longer than 1 GiB.`, {
      facts: { path },
    });
  }
  return path;
}
