import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { UnderstudyError } from '../../src/contracts/errors.ts';
import { isRecord } from '../../src/contracts/json.ts';
import { packModel } from '../../src/kernel/model/pack-model.ts';
import type { GeneratorEntry } from '../../src/contracts/bundle.ts';
import type { EngineChoice } from '../../src/contracts/engine-choice.ts';
import type { GeneratorChoice, RuntimeChoice } from '../config/build-config.ts';
import { deriveTransformersFiles } from '../generator/derive-onnx.ts';
import { compileKernel } from '../generator/kernel-files.ts';
import { openModelFile } from '../generator/open-model-file.ts';
import { sourceError } from '../ingest/source-error.ts';
import { packageFolder } from '../package-folder.ts';
import { jsonArtifact } from './artifact-file.ts';
import type { ArtifactFile } from './artifact-file.ts';

/** The model that ships with the package. */
const DEFAULT_MODEL = 'models/understudy-tiny/understudy-tiny.q8_0.gguf';
/** Largest model file that is read. */
const MAX_MODEL_BYTES = 1024 * 1024 * 1024;

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
 * @throws UnderstudyError `cli/not-found` for a named file, `engine/model-invalid`, `cli/model-invalid`.
 */
export async function generatorArtifacts(
  choice: GeneratorChoice,
  runtime: RuntimeChoice,
  engines: readonly EngineChoice[] | null = null,
): Promise<GeneratorArtifacts> {
  if (choice.kind === 'none') return { artifacts: [], entry: null, remark: null };
  const path = choice.kind === 'file' ? choice.path : defaultModelPath();
  if (path === null) {
    const remark =
      'the default generator is not installed; answers will be extracts of the pages, not worded';
    return { artifacts: [], entry: null, remark };
  }
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
  const names = new Set(engines?.map(({ engine }) => engine));
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
  const file = await openModelFile(path);
  try {
    const { layout, pieces } = packModel(file.header, file.read, await compileKernel());
    const bytes = new Uint8Array(layout.fileBytes);
    let offset = 0;
    for await (const piece of pieces) {
      bytes.set(piece, offset);
      offset += piece.length;
    }
    return {
      name: 'model.gguf',
      role: 'model',
      mediaType: 'application/octet-stream',
      need: 'wording',
      bytes,
    };
  } finally {
    await file.close();
  }
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

/** Path of the default model in the package; null when it is not there. */
function defaultModelPath(): string | null {
  const path = join(packageFolder().path, DEFAULT_MODEL);
  return existsSync(path) ? path : null;
}
