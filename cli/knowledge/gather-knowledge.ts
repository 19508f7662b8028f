import { join } from 'node:path';
import { statSync } from 'node:fs';
import type { Clock } from '../../src/contracts/clock.ts';
import { UnderstudyError } from '../../src/contracts/errors.ts';
import type { AppConfig, DatasetOrigin } from '../config/build-config.ts';
import { readSources } from '../ingest/read-sources.ts';
import type { SourceDocument } from '../ingest/source-document.ts';
import { formatRemark } from '../ingest/source-document.ts';
import type { Annotation } from './annotations.ts';
import { pullAnnotations, readAnnotations } from './annotations.ts';
import { decryptDatasetId, isPlainDatasetId } from './decrypt-dataset-id.ts';
import type { DifyApi } from './dify-api.ts';
import { createDifyApi } from './dify-api.ts';
import { pullDataset } from './pull-dataset.ts';
import { readSegments } from './read-segments.ts';
import { segmentsToDocuments } from './segments-to-documents.ts';

/** Environment variable with the key of the knowledge API. */
export const KNOWLEDGE_KEY = 'DIFY_KNOWLEDGE_KEY';
/** Environment variable with the key of the app. */
export const APP_KEY = 'DIFY_APP_KEY';

/** What gathering needs of its surroundings; every field is injected so that tests own it. */
export interface KnowledgeServices {
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  readonly environment: { readonly [name: string]: string | undefined };
  readonly signal: AbortSignal;
  readonly onProgress: (text: string) => void;
}

/** What was gathered. */
export interface GatheredKnowledge {
  readonly documents: readonly SourceDocument[];
  /** Name of the collection in the bundle by the id of the dataset in the app. */
  readonly collections: ReadonlyMap<string, string>;
  /** Datasets of the app that are mapped. */
  readonly datasets: ReadonlySet<string>;
  readonly annotations: readonly Annotation[];
  readonly fileCount: number;
  /** Things to tell the owner. */
  readonly remarks: readonly string[];
}

/**
 * Gathers the passages of an app's datasets, and its annotations, from where the owner says that they are.
 * @param datasetIds - As they stand in the app, encrypted or not.
 * @throws UnderstudyError `cli/not-found`, `cli/source-invalid`, `cli/config-invalid` for a mapping that fits no dataset,
 *   `dify/knowledge-missing` for a pull without key or plain id, `dify/unreachable`.
 */
export async function gatherKnowledge(
  app: AppConfig,
  datasetIds: readonly string[],
  options: { readonly fallbackLanguage: string; readonly ignored: ReadonlySet<string> },
  services: KnowledgeServices,
): Promise<GatheredKnowledge> {
  const documents: SourceDocument[] = [];
  const remarks: string[] = [];
  const collections = new Map<string, string>();
  const filled = new Set<string>();
  const used = new Set<string>();
  const datasets = new Set<string>();
  let fileCount = 0;
  for (const id of datasetIds) {
    const plain = app.tenant === null ? plainOrNull(id) : decryptDatasetId(id, app.tenant);
    if (app.tenant !== null && plain === null)
      remarks.push(`dataset "${id}" was not encrypted for this tenant: its plain id is not known`);
    const name = plain ?? id;
    collections.set(id, name);
    const key = [...app.datasets.keys()].find((known) => known === id || known.toLowerCase() === plain);
    const origin = key === undefined ? undefined : app.datasets.get(key);
    // The compiler's report names what is missing, with its command.
    if (key === undefined || origin === undefined) continue;
    used.add(key);
    datasets.add(id);
    // Two ids of one dataset: encrypted in one node, plain in another.
    if (filled.has(name)) continue;
    filled.add(name);
    const read = await readOrigin(origin, name, plain, app, options, services);
    documents.push(...read.documents);
    remarks.push(...read.remarks);
    fileCount += read.fileCount;
    if (read.documents.length === 0) remarks.push(`dataset "${id}" holds no text`);
  }
  const unknown = [...app.datasets.keys()].find((key) => !used.has(key));
  if (unknown !== undefined) throw unknownDataset(unknown, datasetIds);
  return {
    documents,
    collections,
    datasets,
    annotations: await gatherAnnotations(app, services),
    fileCount,
    remarks,
  };
}

function plainOrNull(id: string): string | null {
  return isPlainDatasetId(id) ? id.toLowerCase() : null;
}

function unknownDataset(id: string, datasetIds: readonly string[]): UnderstudyError {
  const known =
    datasetIds.length === 0 ? 'it has none' : `it has ${datasetIds.map((name) => `"${name}"`).join(', ')}`;
  return new UnderstudyError('cli/config-invalid', `The app searches no dataset "${id}"; ${known}.`, {
    facts: { dataset: id, known: [...datasetIds] },
  });
}

interface ReadOrigin {
  readonly documents: readonly SourceDocument[];
  readonly remarks: readonly string[];
  readonly fileCount: number;
}

async function readOrigin(
  origin: DatasetOrigin,
  name: string,
  plain: string | null,
  app: AppConfig,
  options: { readonly fallbackLanguage: string; readonly ignored: ReadonlySet<string> },
  services: KnowledgeServices,
): Promise<ReadOrigin> {
  const { fallbackLanguage } = options;
  switch (origin.kind) {
    case 'source': {
      const source = { ...origin.source, name, collection: name };
      const read = await readSources([source], {
        ...options,
        signal: services.signal,
        onFile: (_, file) => services.onProgress(`reading ${file}`),
      });
      return { ...read, remarks: read.remarks.map(formatRemark) };
    }
    case 'segments':
      return await fromSegments(origin.path, name, options, services.signal);
    case 'pull': {
      if (plain === null)
        throw missing(
          name,
          'its id is encrypted: name the workspace with --tenant, or the plain id with --dataset',
        );
      const out = join(app.cache, 'knowledge', `${plain}.jsonl`);
      const onProgress = (text: string): void => services.onProgress(`dataset ${plain}: ${text}`);
      const pulled = await pullDataset({
        api: apiFor(app, KNOWLEDGE_KEY, services),
        datasetId: plain,
        out,
        onProgress,
      });
      return {
        documents: segmentsToDocuments(pulled.segments, name, fallbackLanguage),
        remarks: leftOutRemark(name, pulled.leftOut),
        fileCount: pulled.documents,
      };
    }
  }
}

/** A CSV or JSONL file of segments, or else of questions and answers. */
async function fromSegments(
  path: string,
  name: string,
  options: { readonly fallbackLanguage: string; readonly ignored: ReadonlySet<string> },
  signal: AbortSignal,
): Promise<ReadOrigin> {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) {
    const source = { path, name, language: null, url: null, tags: [], collection: name };
    const read = await readSources([source], { ...options, signal });
    return { ...read, remarks: read.remarks.map(formatRemark) };
  }
  const { segments, leftOut } = readSegments(path);
  return {
    documents: segmentsToDocuments(segments, name, options.fallbackLanguage),
    remarks: leftOutRemark(name, leftOut),
    fileCount: 1,
  };
}

function leftOutRemark(name: string, leftOut: number): readonly string[] {
  return leftOut === 0
    ? []
    : [
        `dataset "${name}": ${String(leftOut)} documents or segments are switched off or unfinished in Dify, and are left out`,
      ];
}

async function gatherAnnotations(
  app: AppConfig,
  services: KnowledgeServices,
): Promise<readonly Annotation[]> {
  if (app.annotations === null) return [];
  if (app.annotations.kind === 'file') return readAnnotations(app.annotations.path);
  services.onProgress('pulling annotations');
  return await pullAnnotations(apiFor(app, APP_KEY, services));
}

/** The API with a key of the environment. @throws UnderstudyError `dify/knowledge-missing` without one. */
function apiFor(app: AppConfig, variable: string, services: KnowledgeServices): DifyApi {
  const key = services.environment[variable]?.trim() ?? '';
  if (key === '') {
    throw new UnderstudyError(
      'dify/knowledge-missing',
      `A pull needs a key in the environment variable ${variable}.`,
      {
        facts: { variable },
      },
    );
  }
  const { fetch, clock, signal, onProgress } = services;
  const onWait = (why: string, waitMs: number): void =>
    onProgress(`${why}; trying again in ${(waitMs / 1000).toFixed(1)} s`);
  return createDifyApi({ baseUrl: app.difyUrl, key, fetch, clock, signal, onWait });
}

function missing(id: string, why: string): UnderstudyError {
  return new UnderstudyError('dify/knowledge-missing', `Dataset "${id}" cannot be pulled: ${why}.`, {
    facts: { dataset: id },
  });
}
