import { extname, join, resolve } from 'node:path';
import type { AnnotationsOrigin, AppConfig, DatasetOrigin } from './build-config.ts';
import type { OwnerChoices } from '../dify/owner-choices.ts';
import type { YamlFields, YamlPath } from './yaml-fields.ts';

/** Keys of an understudy.yml that speak of a Dify app. */
export const APP_KEYS = [
  'dify',
  'datasets',
  'tenant',
  'annotations',
  'difyUrl',
  'nodes',
  'http',
  'classes',
] as const;

/** Dify's own cloud. */
export const DEFAULT_DIFY_URL = 'https://api.dify.ai/v1';

/** Folder beside the configuration in which pulled knowledge and built bundles are kept; hidden, so that it is no page. */
export const CACHE_FOLDER = '.understudy';

const ORIGIN_KEYS = ['path', 'language', 'url', 'tags'];

/**
 * Reads what an understudy.yml says of a Dify app; null when it names none. Paths are relative to `folder`.
 * @param known - The app, where it is known; wins over `dify`.
 * @param choices - What the same text says under `nodes` and `http`.
 * @throws UnderstudyError `cli/config-invalid` with file, line and column.
 */
export function parseApp(
  fields: YamlFields,
  folder: string,
  known: string | null,
  choices: OwnerChoices,
): AppConfig | null {
  const named = fields.text(['dify']) ?? '';
  const path = known ?? (named === '' ? null : resolve(folder, named));
  const datasets = new Map<string, DatasetOrigin>();
  for (const id of Object.keys(fields.map(['datasets'], [], { isOpen: true })))
    datasets.set(id, parseOrigin(fields, ['datasets', id], id, folder));
  const annotations = fields.text(['annotations']);
  const difyUrl = fields.text(['difyUrl']) ?? DEFAULT_DIFY_URL;
  if (!isWebAddress(difyUrl)) throw fields.fail(['difyUrl'], 'must begin with https:// or http://');
  const app = {
    datasets,
    tenant: fields.text(['tenant']),
    annotations: annotations === null ? null : annotationsFrom(annotations, folder),
    difyUrl,
    choices,
    classes: parseClasses(fields),
    cache: join(folder, CACHE_FOLDER),
  };
  if (path !== null) return { path, ...app };
  const orphan = APP_KEYS.find((key) => key !== 'dify' && fields.has([key]));
  if (orphan !== undefined)
    throw fields.fail([orphan], 'belongs to a Dify app: name its export under "dify"');
  return null;
}

/** Reads `pull`, or the path of a file. */
export function annotationsFrom(text: string, folder: string): AnnotationsOrigin {
  return text === 'pull' ? { kind: 'pull' } : { kind: 'file', path: resolve(folder, text) };
}

/** Reads `pull`, the path of an export of segments (.json, .jsonl, .ndjson, .csv), or of a folder or file of pages. */
export function datasetFrom(text: string, id: string, folder: string): DatasetOrigin {
  if (text === 'pull') return { kind: 'pull' };
  const path = resolve(folder, text);
  if (/^\.(?:jsonl?|ndjson|csv)$/.test(extname(path).toLowerCase())) return { kind: 'segments', path };
  return { kind: 'source', source: { path, name: id, language: null, url: null, tags: [] } };
}

function parseOrigin(fields: YamlFields, path: YamlPath, id: string, folder: string): DatasetOrigin {
  const short = fields.has([...path, 'path']) ? null : fields.text(path);
  const text = short ?? fields.text([...path, 'path']);
  if (text === null || text === '') throw fields.fail(path, 'is no folder, file or "pull"');
  const origin = datasetFrom(text, id, folder);
  if (short !== null) return origin;
  fields.map(path, ORIGIN_KEYS);
  if (origin.kind !== 'source') return origin;
  const language = fields.text([...path, 'language']);
  if (language !== null && !/^[a-z]{2,3}$/.test(language))
    throw fields.fail([...path, 'language'], `is "${language}"; write a language such as en or zh`);
  const tags = fields.texts([...path, 'tags']).map((tag) => tag.toLowerCase());
  return { kind: 'source', source: { ...origin.source, language, url: fields.text([...path, 'url']), tags } };
}

function parseClasses(fields: YamlFields): AppConfig['classes'] {
  const nodes = Object.keys(fields.map(['classes'], [], { isOpen: true })).map((node) => {
    const ids = Object.keys(fields.map(['classes', node], [], { isOpen: true }));
    return [node, Object.fromEntries(ids.map((id) => [id, fields.texts(['classes', node, id])]))] as const;
  });
  return Object.fromEntries(nodes);
}

function isWebAddress(text: string): boolean {
  return /^https?:\/\/[^/]/i.test(text) && URL.canParse(text);
}
