import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isUnderstudyError, UnderstudyError } from '../../../src/contracts/errors.ts';
import { isRecord } from '../../../src/contracts/json.ts';
import { writeFileWhole } from '../../build/write-file.ts';
import type { OnnxModel } from '../../config/build-config.ts';
import { parseSha256 } from '../../config/parse-model.ts';
import {
  MAX_ONNX_BYTES,
  MODEL_FILES,
  ONNX_FOLDER,
  parseModelJson,
} from '../../generator/onnx/model-folder.ts';
import { dataFilesOf } from '../../generator/onnx/pack-onnx-model.ts';
import { onnxFileNames, PREFERRED_QUANTIZATIONS } from '../../generator/onnx/quantization.ts';
import { readOnnx } from '../../generator/onnx/read-onnx.ts';
import { downloadFile } from './download-file.ts';
import type { FetchServices } from '../../fetch/fetch-services.ts';
import { hashFile } from './hash-file.ts';
import type { LocatedFolder } from './locate-onnx-model.ts';
import { locateOnnxModel } from './locate-onnx-model.ts';
import type { FileContent } from './write-body.ts';
import { readRecord } from './read-record.ts';

/** Where models come from and go to. */
export interface OnnxFetching {
  /** Base of the hub, without a slash at the end. */
  readonly hub: string;
  /** Folder for what was fetched. */
  readonly cache: string;
  /** What the ONNX file must hash to; null: not known. */
  readonly sha256: string | null;
}

/** A file that is wanted of a folder. */
interface WantedPart {
  /** Below the folder. */
  readonly name: string;
  readonly content: FileContent;
  readonly maxBytes: number;
  readonly sha256: string | null;
}

const RECORD_FILE = 'model.json';

/**
 * Fetches a model for Transformers.js, file by file, unless all of it is there as it was: then nobody is asked.
 * @returns Path of its ONNX file; the rest lies around it.
 * @throws UnderstudyError as downloads do, and `cli/model-invalid`, `cli/not-found`.
 */
export async function fetchOnnxModel(
  choice: OnnxModel,
  fetching: OnnxFetching,
  services: FetchServices,
): Promise<string> {
  const located = await locateOnnxModel(choice, fetching.hub);
  const digest = createHash('sha256').update(located.key).digest('hex');
  const kept = new KeptFolder(join(fetching.cache, digest.slice(0, 16)), located, services);
  for (const { name, isNeeded, maxBytes } of MODEL_FILES) {
    const content = name.endsWith('.json') ? 'json' : 'text';
    const isThere = await kept.bring({ name, content, maxBytes, sha256: null });
    if (!isThere && isNeeded) throw nothingAt(located, [name]);
    if (isThere && content === 'json') kept.check(name, (bytes) => parseModelJson(kept.folder, name, bytes));
  }
  const model = await bringModel(choice.quantization, fetching.sha256, kept, located);
  const path = join(kept.folder, model);
  const names = kept.check(model, (bytes) => dataFilesOf(readOnnx(bytes, path), path));
  let left = MAX_ONNX_BYTES - statSync(path).size;
  for (const data of names) {
    const name = `${ONNX_FOLDER}/${data}`;
    if (!(await kept.bring({ name, content: 'data', maxBytes: left, sha256: null })))
      throw nothingAt(located, [name]);
    left -= statSync(join(kept.folder, name)).size;
  }
  kept.finish();
  return path;
}

/** Brings the ONNX file that is asked for, else the first that is there of those that WebAssembly runs well. */
async function bringModel(
  quantization: string | null,
  sha256: string | null,
  kept: KeptFolder,
  located: LocatedFolder,
): Promise<string> {
  const names = (quantization === null ? PREFERRED_QUANTIZATIONS : [quantization])
    .flatMap(onnxFileNames)
    .map((name) => `${ONNX_FOLDER}/${name}`);
  let tooLong: UnderstudyError | null = null;
  for (const name of names) {
    try {
      if (await kept.bring({ name, content: 'onnx', maxBytes: MAX_ONNX_BYTES, sha256 })) return name;
    } catch (error) {
      // Of one in 32 bits that is too long, there may be one in 16.
      if (!isUnderstudyError(error, 'cli/model-invalid') || error.facts['sizeBytes'] === undefined)
        throw error;
      tooLong ??= error;
    }
  }
  throw tooLong ?? nothingAt(located, names);
}

/** A folder of the cache: what was fetched of a published folder, with hashes beside it. */
class KeptFolder {
  /** Where the files lie. */
  readonly folder: string;
  readonly #located: LocatedFolder;
  readonly #services: FetchServices;
  readonly #recordPath: string;
  /** Hashes of the files by name; null: the host has none of that name. */
  readonly #hashes: Map<string, string | null>;
  #isWhole = false;
  #saved = '';

  constructor(path: string, located: LocatedFolder, services: FetchServices) {
    this.folder = join(path, located.name);
    this.#located = located;
    this.#services = services;
    this.#recordPath = join(path, RECORD_FILE);
    this.#hashes = readHashes(this.#recordPath, located.key);
  }

  /** Fetches a file unless it is there as it was; false when the host has none of that name. */
  async bring({ name, content, maxBytes, sha256 }: WantedPart): Promise<boolean> {
    const path = join(this.folder, name);
    const known = this.#hashes.get(name);
    if (known === null) return false;
    if (known !== undefined && (sha256 === null || sha256 === known) && (await this.#isAsItWas(path, known)))
      return true;
    const { base, isOfHub } = this.#located;
    const part = join(dirname(this.folder), 'download.part');
    const wanted = { url: `${base}/${name}`, isOfHub, sizeBytes: null, sha256, maxBytes, content };
    try {
      const hash = await downloadFile(wanted, part, this.#services);
      mkdirSync(dirname(path), { recursive: true });
      renameSync(part, path);
      this.#remember(name, hash);
      return true;
    } catch (error) {
      if (!isUnderstudyError(error, 'cli/not-found')) throw error;
      this.#remember(name, null);
      return false;
    }
  }

  /** Reads a file that is there; one that cannot be read is fetched anew by the next build. */
  check<T>(name: string, read: (bytes: Uint8Array) => T): T {
    const path = join(this.folder, name);
    try {
      return read(readFileSync(path));
    } catch (error) {
      rmSync(path, { force: true });
      throw error;
    }
  }

  /** Remembers also what the host does not have: nobody is asked for it again. */
  finish(): void {
    this.#isWhole = true;
    this.#save();
  }

  async #isAsItWas(path: string, hash: string): Promise<boolean> {
    if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return false;
    this.#services.onProgress('checking the model');
    return (await hashFile(path, this.#services.signal)) === hash;
  }

  #remember(name: string, hash: string | null): void {
    this.#hashes.set(name, hash);
    this.#save();
  }

  #save(): void {
    const files = Object.fromEntries(this.#hashes);
    const text = JSON.stringify({ key: this.#located.key, isWhole: this.#isWhole, files });
    if (text === this.#saved) return;
    writeFileWhole(this.#recordPath, text);
    this.#saved = text;
  }
}

function readHashes(path: string, key: string): Map<string, string | null> {
  const hashes = new Map<string, string | null>();
  const value = readRecord(path);
  if (value?.['key'] !== key || !isRecord(value['files'])) return hashes;
  for (const [name, hash] of Object.entries(value['files'])) {
    const digits = typeof hash === 'string' ? parseSha256(hash) : null;
    // What was missing while files were missed may be there now.
    if ((hash === null && value['isWhole'] === true) || digits !== null) hashes.set(name, digits);
  }
  return hashes;
}

function nothingAt({ base }: LocatedFolder, names: readonly string[]): UnderstudyError {
  const what = `There is no ${names.join(', nor ')} at "${base}".`;
  return new UnderstudyError('cli/not-found', what, { facts: { url: base } });
}
