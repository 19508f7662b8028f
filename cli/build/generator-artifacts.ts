import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { GeneratorEntry } from '../../src/contracts/bundle.ts';
import type { EngineChoice } from '../../src/contracts/engine-choice.ts';
import type { ModelChoice, RuntimeChoice } from '../config/build-config.ts';
import { deriveTransformersFiles } from '../generator/derive-onnx.ts';
import { checkGenerator } from '../generator/check-generator.ts';
import { isFetched } from '../config/parse-model.ts';
import type { FetchModel } from '../generator/chosen-model.ts';
import { chosenModel } from '../generator/chosen-model.ts';
import { openModelFile } from '../generator/open-model-file.ts';
import { packedFile } from '../generator/packed-file.ts';
import type { ArtifactFile } from './artifact-file.ts';
import { goldenArtifact } from './golden-artifact.ts';
import type { GeneratorArtifacts } from './onnx-artifacts.ts';
import { onnxArtifacts } from './onnx-artifacts.ts';

/** The model that ships with the package. */
const DEFAULT_MODEL = 'models/understudy-tiny/understudy-tiny.q8_0.gguf';

/**
 * Makes the generator's artifacts from a GGUF file, or from a model for Transformers.js; the default model may be missing, which is remarked.
 * @param asked - Null: the runtime that the model is for.
 * @throws UnderstudyError `cli/not-found` for a named file, `engine/model-invalid`, `cli/model-invalid`, `cli/config-invalid` for a
 *   runtime that the model is not for, and what fetching throws; the signal's reason when aborted.
 */
export async function generatorArtifacts(
  choice: ModelChoice,
  asked: RuntimeChoice | null,
  fetchModel: FetchModel,
  engines: readonly EngineChoice[] | null = null,
  signal: AbortSignal = new AbortController().signal,
): Promise<GeneratorArtifacts> {
  if (choice.kind === 'none') return { artifacts: [], entry: null, remark: null };
  if (choice.kind === 'onnx') return onnxArtifacts(choice, asked, fetchModel, engines, signal);
  const runtime = asked ?? 'kernel';
  const path = await chosenModel(choice, DEFAULT_MODEL, fetchModel);
  if (path === null) {
    const remark =
      'the default generator is not installed; answers will be extracts of the pages, not worded';
    return { artifacts: [], entry: null, remark };
  }
  const names = new Set(engines?.map(({ engine }) => engine));
  if (runtime === 'kernel' || runtime === 'both') checkGenerator(path, isFetched(choice));
  const files = [
    ...(runtime === 'kernel' || runtime === 'both' ? [await packedArtifact(path)] : []),
    ...(runtime === 'transformers' || runtime === 'both'
      ? deriveTransformersFiles(new Uint8Array(readFileSync(path)), {
          // Many graphics devices have no 16-bit floats.
          scales: names.has('transformers-webgpu') ? 'f32' : 'f16',
        })
      : []),
    ...(names.has('wllama') ? [publishedArtifact(path)] : []),
  ];
  if (files.length === 0) return { artifacts: [], entry: null, remark: null };
  const artifacts: ArtifactFile[] = files.map((file) => ({ ...file, need: 'wording' }));
  return {
    artifacts: [...artifacts, ...goldenArtifact(path)],
    entry: await describeGenerator(path),
    remark: null,
  };
}

/** Key of a GGUF file by which a model says itself that it only quotes, or follows any prompt. */
const ABILITY_KEY = 'understudy.ability';
/** Models of ours that do nothing but word passages, and were made before files said so. */
const QUOTING_MODELS: ReadonlySet<string> = new Set(['understudy-tiny']);

/** What a model file says of itself: its name, and whether it can do more than quote. A model that the owner chose can. */
async function describeGenerator(path: string): Promise<GeneratorEntry> {
  const file = await openModelFile(path);
  try {
    const { metadata } = file.header;
    const name = metadata.text('general.name', '') || basename(path, '.gguf');
    const told = metadata.text(ABILITY_KEY, '');
    const ability = told === 'quotes' || told === 'general' ? told : null;
    return { name, ability: ability ?? (QUOTING_MODELS.has(name) ? 'quotes' : 'general') };
  } finally {
    await file.close();
  }
}

/** The model laid out for the kernel. */
async function packedArtifact(path: string): Promise<ArtifactFile> {
  return {
    name: 'model.gguf',
    role: 'model',
    mediaType: 'application/octet-stream',
    need: 'wording',
    bytes: await packedFile(path),
  };
}

/** The model as it was published: wllama knows no packed weights. Only that engine fetches it. */
function publishedArtifact(path: string): ArtifactFile {
  return {
    name: 'model.published.gguf',
    role: 'model',
    mediaType: 'application/octet-stream',
    need: 'wording',
    bytes: new Uint8Array(readFileSync(path)),
  };
}
