import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { isRecord } from '../../src/contracts/json.ts';
import type { GeneratorEntry } from '../../src/contracts/bundle.ts';
import type { EngineChoice } from '../../src/contracts/engine-choice.ts';
import type { ModelChoice, RuntimeChoice } from '../config/build-config.ts';
import { deriveTransformersFiles } from '../generator/derive-onnx.ts';
import { checkGenerator } from '../generator/check-generator.ts';
import type { FetchModel } from '../generator/chosen-model.ts';
import { chosenModel } from '../generator/chosen-model.ts';
import { openModelFile } from '../generator/open-model-file.ts';
import { packedFile } from '../generator/packed-file.ts';
import { sourceError } from '../ingest/source-error.ts';
import { jsonArtifact } from './artifact-file.ts';
import type { ArtifactFile } from './artifact-file.ts';

/** The model that ships with the package. */
const DEFAULT_MODEL = 'models/understudy-tiny/understudy-tiny.q8_0.gguf';

/** The generator's part of a bundle. */
export interface GeneratorArtifacts {
  readonly artifacts: readonly ArtifactFile[];
  /** What the manifest says of the model; null when there is none. */
  readonly entry: GeneratorEntry | null;
  /** Why there is none although one was asked for; null otherwise. */
  readonly remark: string | null;
}

/**
 * Makes the generator's artifacts from a GGUF file; the default model may be missing, which is remarked.
 * @throws UnderstudyError `cli/not-found` for a named file, `engine/model-invalid`, `cli/model-invalid`, and what fetching throws.
 */
export async function generatorArtifacts(
  choice: ModelChoice,
  runtime: RuntimeChoice,
  fetchModel: FetchModel,
  engines: readonly EngineChoice[] | null = null,
): Promise<GeneratorArtifacts> {
  if (choice.kind === 'none') return { artifacts: [], entry: null, remark: null };
  const path = await chosenModel(choice, DEFAULT_MODEL, fetchModel);
  if (path === null) {
    const remark =
      'the default generator is not installed; answers will be extracts of the pages, not worded';
    return { artifacts: [], entry: null, remark };
  }
  const names = new Set(engines?.map(({ engine }) => engine));
  const isFetched = choice.kind === 'catalogue' || choice.kind === 'address';
  if (runtime === 'kernel' || runtime === 'both') checkGenerator(path, isFetched);
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

/**
 * The recorded outputs that lie beside a model as `golden.json`, for the self-test on the device.
 *
 * They name the file they were recorded from, so that those of another model in the folder are not taken.
 */
function goldenArtifact(modelPath: string): ArtifactFile[] {
  const path = join(dirname(modelPath), 'golden.json');
  if (!existsSync(path)) return [];
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw sourceError({ file: path }, 'no valid JSON', error);
  }
  if (!isRecord(value) || value['file'] !== basename(modelPath) || !Array.isArray(value['cases'])) return [];
  const cases = value['cases'].flatMap((item: unknown) => {
    if (!isRecord(item)) return [];
    const { content, prompt_ids, output_ids, top } = item;
    return [{ content, prompt_ids, output_ids, top }];
  });
  return [{ ...jsonArtifact('golden', { cases }), need: 'wording' }];
}
