import { basename, join } from 'node:path';
import type { GeneratorEntry } from '../../src/contracts/bundle.ts';
import type { EngineChoice } from '../../src/contracts/engine-choice.ts';
import { UnderstudyError } from '../../src/contracts/errors.ts';
import type { OnnxModel, RuntimeChoice } from '../config/build-config.ts';
import type { FetchModel } from '../generator/chosen-model.ts';
import { chosenModel } from '../generator/chosen-model.ts';
import { modelFolderOf } from '../generator/onnx/model-folder.ts';
import { packOnnxModel } from '../generator/onnx/pack-onnx-model.ts';
import { tryOnnxModel } from '../generator/onnx/try-onnx-model.ts';
import type { ArtifactFile } from './artifact-file.ts';
import { goldenArtifact } from './golden-artifact.ts';

/** The generator's part of a bundle. */
export interface GeneratorArtifacts {
  readonly artifacts: readonly ArtifactFile[];
  /** What the manifest says of the model; null when there is none. */
  readonly entry: GeneratorEntry | null;
  /** Why there is none although one was asked for; null otherwise. */
  readonly remark: string | null;
}

/** A manifest takes no longer names. */
const MAX_NAME_CHARACTERS = 200;
/** Engines that read a model of the bundle, and no ONNX. */
const OTHER_ENGINES = ['kernel', 'wllama'] as const;

/**
 * Makes the generator's artifacts from a model as it is published for Transformers.js, once that has run it here.
 * @param asked - Null: Transformers.js.
 * @throws UnderstudyError `cli/config-invalid` where something else is to run it; `cli/not-found`, `cli/model-invalid`, and what fetching
 *   throws; the signal's reason when aborted.
 */
export async function onnxArtifacts(
  choice: OnnxModel,
  asked: RuntimeChoice | null,
  fetchModel: FetchModel,
  engines: readonly EngineChoice[] | null,
  signal: AbortSignal,
): Promise<GeneratorArtifacts> {
  refuseOthers(choice, asked, engines);
  const path = asked === 'none' ? null : await chosenModel(choice, '', fetchModel);
  if (path === null) return { artifacts: [], entry: null, remark: null };
  const folder = modelFolderOf(path);
  const artifacts: ArtifactFile[] = [
    ...packOnnxModel(path).map((file) => ({ ...file, need: 'wording' as const })),
    ...goldenArtifact(join(folder, basename(path))),
  ];
  await tryOnnxModel(new Map(artifacts.map(({ name, bytes }) => [name, bytes])), path, signal);
  const name = basename(folder).slice(0, MAX_NAME_CHARACTERS) || 'model';
  // A model that the owner chose follows a prompt.
  return { artifacts, entry: { name, ability: 'general' }, remark: null };
}

/** Says what to write where the configuration asks for an engine that would find no model. */
function refuseOthers(
  { at }: OnnxModel,
  asked: RuntimeChoice | null,
  engines: readonly EngineChoice[] | null,
): void {
  const fail = (what: string): never => {
    throw new UnderstudyError(
      'cli/config-invalid',
      `The model "${at}" is ONNX, which Transformers.js alone runs, and ${what}; or name a GGUF model.`,
      { facts: { model: at } },
    );
  };
  const other = OTHER_ENGINES.find((name) => engines?.some(({ engine }) => engine === name));
  if (other !== undefined) fail(`"engines" names ${other}: write "engines: [transformers]", or leave it out`);
  if (asked === 'kernel' || asked === 'both')
    fail(`"runtime" is ${asked}: write "runtime: transformers", or leave it out`);
}
