import { createHash } from 'node:crypto';
import { renameSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { ModelTask } from '../../../src/contracts/model-catalogue.ts';
import { MAX_MODEL_BYTES } from '../../generator/chosen-model.ts';
import type { FetchModel } from '../../generator/chosen-model.ts';
import { parseSha256 } from '../../config/parse-model.ts';
import { writeFileWhole } from '../../build/write-file.ts';
import { downloadFile } from './download-file.ts';
import type { FetchServices } from '../../fetch/fetch-services.ts';
import { fetchOnnxModel } from './fetch-onnx-model.ts';
import { hashFile } from './hash-file.ts';
import { locateModel } from './locate-model.ts';
import { readRecord } from './read-record.ts';

/** Where models come from and go to. */
export interface ModelFetching {
  /** Base of the hub; a slash at the end does not count. */
  readonly hub: string;
  /** Folder for what was fetched. */
  readonly cache: string;
  /** What the file must hash to; null: not known. */
  readonly sha256: string | null;
  readonly task: ModelTask;
}

/** What is remembered of a fetched model, in `model.json` beside it. */
interface FetchedModel {
  readonly key: string;
  readonly file: string;
  readonly sha256: string;
}

const RECORD_FILE = 'model.json';

/**
 * Makes what fetches published models. Each lies in a folder of its own in the cache, with its hash beside it: as long as the file still has
 * that hash, nothing is asked of the network.
 */
export function createModelFetcher(fetching: ModelFetching, services: FetchServices): FetchModel {
  const hub = fetching.hub.replace(/\/+$/, '');
  return async (choice) => {
    if (choice.kind === 'onnx') return fetchOnnxModel(choice, { ...fetching, hub }, services);
    const located = await locateModel(choice, { hub, task: fetching.task, maxBytes: MAX_MODEL_BYTES });
    const digest = createHash('sha256').update(located.key).digest('hex');
    const folder = join(fetching.cache, digest.slice(0, 16));
    const kept = await findKept(folder, located.key, fetching.sha256, services);
    if (kept !== null) return kept;
    const file = await located.locate(services);
    const part = join(folder, 'download.part');
    const wanted = {
      ...file,
      sha256: fetching.sha256 ?? file.sha256,
      maxBytes: MAX_MODEL_BYTES,
      content: 'gguf' as const,
    };
    const sha256 = await downloadFile(wanted, part, services);
    const name = fileName(file.url);
    renameSync(part, join(folder, name));
    writeFileWhole(join(folder, RECORD_FILE), JSON.stringify({ key: located.key, file: name, sha256 }));
    return join(folder, name);
  };
}

/** The file that was fetched before, if it is as it was then and as it is wanted now; a damaged one is removed. */
async function findKept(
  folder: string,
  key: string,
  wanted: string | null,
  { signal, onProgress }: FetchServices,
): Promise<string | null> {
  const record = readFetched(join(folder, RECORD_FILE));
  if (record?.key !== key || (wanted !== null && wanted !== record.sha256)) return null;
  const path = join(folder, record.file);
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return null;
  onProgress('checking the model');
  if ((await hashFile(path, signal)) === record.sha256) return path;
  rmSync(path, { force: true });
  return null;
}

function readFetched(path: string): FetchedModel | null {
  const { key, file, sha256 } = readRecord(path) ?? {};
  if (typeof key !== 'string' || typeof file !== 'string' || file !== basename(file)) return null;
  const digits = typeof sha256 === 'string' ? parseSha256(sha256) : null;
  return digits === null ? null : { key, file, sha256: digits };
}

/** The name of the file in its address, as far as it can be one here; a model without a name of its own is called by it. */
function fileName(url: string): string {
  const [name = ''] = /[^/]*$/.exec(new URL(url).pathname) ?? [];
  const clean = name
    .replace(/[^\w.-]+/g, '-')
    .replace(/^\.+/, '')
    .slice(-100);
  return /\.gguf$/i.test(clean) ? clean : `${clean === '' ? 'model' : clean}.gguf`;
}
