import { UnderstudyError } from '../../../src/contracts/errors.ts';
import type { CatalogueModel, ModelFormat, ModelTask } from '../../../src/contracts/model-catalogue.ts';
import type { RemoteModel } from '../../config/build-config.ts';
import { chooseFormat } from '../choose-format.ts';
import { chooseListedFile } from '../choose-listed-file.ts';
import { enginesOf } from '../engine-fit.ts';
import { findModel } from '../find-model.ts';
import { thisDevice } from '../judge-device.ts';
import { known, loadCatalogue } from '../load-catalogue.ts';
import type { FetchServices } from '../../fetch/fetch-services.ts';
import { listRepository } from './list-repository.ts';

/** A file on the web that holds a model. */
export interface LocatedFile {
  readonly url: string;
  readonly isOfHub: boolean;
  readonly sizeBytes: number | null;
  readonly sha256: string | null;
}

/** Where a model is published. */
export interface LocatedModel {
  /** The same for the same choice, whatever the hub. */
  readonly key: string;
  /** Finds its file; asks the hub where the catalogue names only the repository. */
  locate(services: FetchServices): Promise<LocatedFile>;
}

/** What a model is looked for by. */
export interface LocateOptions {
  /** Without a slash at the end. */
  readonly hub: string;
  readonly task: ModelTask;
  readonly maxBytes: number;
}

/**
 * Finds where a model is published, without asking anyone yet.
 * @throws UnderstudyError `cli/not-found`, `cli/model-invalid` for one of another task, or that the kernel runs in no published form.
 */
export async function locateModel(choice: RemoteModel, options: LocateOptions): Promise<LocatedModel> {
  const { hub } = options;
  if (choice.kind === 'address') {
    const { url } = choice;
    const isOfHub = url.startsWith(`${hub}/`);
    return { key: url, locate: () => Promise.resolve({ url, isOfHub, sizeBytes: null, sha256: null }) };
  }
  const { models } = await loadCatalogue();
  const model = findModel(models, choice.id);
  const task = known(model.task);
  if (task !== options.task)
    throw invalid(model, `is for the task "${task ?? 'unknown'}", not "${options.task}"`);
  const format = formatOf(model, choice.quantization);
  if (format === null) {
    const what = choice.quantization === null ? '' : ` in ${choice.quantization}`;
    throw invalid(model, `has no GGUF file${what} in the catalogue that the kernel runs`);
  }
  const [repository, file, address] = [known(format.repository), known(format.file), known(format.address)];
  const sizeBytes = known(format.sizeBytes);
  const found = (key: string, url: string, isOfHub: boolean): LocatedModel => ({
    key,
    locate: () => Promise.resolve({ url, isOfHub, sizeBytes, sha256: null }),
  });
  if (repository === null) {
    if (address === null) throw invalid(model, 'has no address in the catalogue');
    return found(address, address, false);
  }
  if (file !== null) return found(`${repository}/${file}`, fileAddress(hub, repository, file), true);
  return {
    key: `${repository}/*${choice.quantization?.toUpperCase() ?? ''}`,
    locate: (services) => locateListed(model, format, repository, choice.quantization, options, services),
  };
}

/** The listed form of the quantization that is wanted, else a repository whose files are not listed. */
function formatOf(model: CatalogueModel, quantization: string | null): ModelFormat | null {
  if (quantization === null) return chooseFormat(model, 'kernel', thisDevice())?.format ?? null;
  const wanted = quantization.toUpperCase();
  const files = model.formats.filter(
    (format) => format.kind === 'gguf' && enginesOf(model, format).includes('kernel'),
  );
  const listed = files.find((format) => known(format.quantization)?.toUpperCase() === wanted);
  return (
    listed ?? files.find((format) => known(format.file) === null && known(format.repository) !== null) ?? null
  );
}

async function locateListed(
  model: CatalogueModel,
  format: ModelFormat,
  repository: string,
  quantization: string | null,
  { hub, maxBytes }: LocateOptions,
  services: FetchServices,
): Promise<LocatedFile> {
  const files = await listRepository(hub, repository, services);
  const file = chooseListedFile(model, format, files, quantization, maxBytes);
  if (file === null) {
    const what = quantization === null ? 'that is packed' : `in ${quantization} that is packed`;
    throw invalid(model, `has no GGUF file ${what} in "${repository}"`);
  }
  const { path, sizeBytes, sha256 } = file;
  return { url: fileAddress(hub, repository, path), isOfHub: true, sizeBytes, sha256 };
}

function fileAddress(hub: string, repository: string, file: string): string {
  const path = file.split('/').map(encodeURIComponent).join('/');
  return `${hub}/${repository}/resolve/main/${path}`;
}

function invalid({ id }: CatalogueModel, what: string): UnderstudyError {
  return new UnderstudyError('cli/model-invalid', `The model "${id}" ${what}.`, { facts: { id } });
}
