import { UnderstudyError } from '../../../src/contracts/errors.ts';
import type { OnnxModel } from '../../config/build-config.ts';
import { findModel } from '../find-model.ts';
import { known, loadCatalogue } from '../load-catalogue.ts';

/** Where a model for Transformers.js is published. */
export interface LocatedFolder {
  /** What it is called in a bundle; one part of a path. */
  readonly name: string;
  /** The same for the same choice, whatever the hub. */
  readonly key: string;
  /** Address of its folder, without a slash at the end; files follow with their names. */
  readonly base: string;
  readonly isOfHub: boolean;
}

/** Architectures whose graphs the engine drives. */
const ARCHITECTURES: ReadonlySet<string> = new Set(['llama', 'qwen2']);

/**
 * Finds where a model for Transformers.js is published, without asking anyone.
 * @param hub - Without a slash at the end.
 * @throws UnderstudyError `cli/not-found`, `cli/model-invalid` for one that is not published so, or another address than that of a folder.
 */
export async function locateOnnxModel(choice: OnnxModel, hub: string): Promise<LocatedFolder> {
  const { at, quantization, origin } = choice;
  const kept = `:onnx:${quantization ?? ''}`;
  const ofHub = (repository: string, name: string): LocatedFolder => ({
    name,
    key: `${repository}${kept}`,
    base: `${hub}/${repository}/resolve/main`,
    isOfHub: true,
  });
  if (origin === 'catalogue') return ofHub(await repositoryOf(at, hub), at);
  const url = at.replace(/\/+$/, '');
  const { search, hash, pathname } = new URL(url);
  if (/\.onnx$/i.test(pathname) || search !== '' || hash !== '') {
    const what = `"${at}" is no folder of a model: its tokenizer and configurations are looked for beside a folder "onnx". Name the folder with :onnx behind it, or FOLDER/onnx/model_quantized.onnx without anything behind it.`;
    throw new UnderstudyError('cli/model-invalid', what, { facts: { url: at } });
  }
  const isOfHub = url.startsWith(`${hub}/`);
  const [, repository = null] = /^([\w.-]+\/[\w.-]+)$/.exec(isOfHub ? url.slice(hub.length + 1) : '') ?? [];
  if (repository !== null) return ofHub(repository, nameIn(repository));
  return { name: nameIn(url.replace(/\/resolve\/[^/]+$/, '')), key: `${url}${kept}`, base: url, isOfHub };
}

async function repositoryOf(id: string, hub: string): Promise<string> {
  const { models } = await loadCatalogue();
  const model = findModel(models, id);
  const fail = (what: string): never => {
    throw new UnderstudyError('cli/model-invalid', `The model "${model.id}" ${what}.`, {
      facts: { id: model.id },
    });
  };
  const task = known(model.task);
  if (task !== 'chat') return fail(`is for the task "${task ?? 'unknown'}", not "chat"`);
  const architecture = known(model.architecture) ?? 'unknown';
  if (!ARCHITECTURES.has(architecture))
    return fail(
      `is of the architecture ${architecture}; as ONNX, ${[...ARCHITECTURES].join(' and ')} are packed`,
    );
  const repository = model.formats
    .filter(({ kind }) => kind === 'onnx')
    .map((format) => known(format.repository))
    .find((name) => name !== null);
  return (
    repository ??
    fail(
      `is in no ONNX repository that the catalogue knows; name one by its address, ${hub}/OWNER/NAME:onnx, or take it as GGUF`,
    )
  );
}

/** The last part of a path, as far as it can be a name here. */
function nameIn(path: string): string {
  const [, last = ''] = /([^/]*)$/.exec(path) ?? [];
  const clean = last
    .replace(/[^\w.-]+/g, '-')
    .replace(/^\.+/, '')
    .slice(-100);
  return clean === '' ? 'model' : clean;
}
