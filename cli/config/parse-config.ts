import { basename, dirname, join, resolve } from 'node:path';
import type { EngineChoice } from '../../src/contracts/engine-choice.ts';
import type { Source } from '../ingest/source-file.ts';
import type { AppConfig, BrandingChoice, ModelChoice, LeadConfig, RuntimeChoice } from './build-config.ts';
import { APP_KEYS, CACHE_FOLDER, parseApp } from './parse-app.ts';
import { addressFault, isAddress } from '../fetch/address-fault.ts';
import { DEFAULT_MODEL_HUB, isFetched, parseModel, parseSha256, urlOf } from './parse-model.ts';
import { parseOwnerChoices } from '../dify/owner-choices.ts';
import { readYaml } from './read-yaml.ts';
import { findSecrets } from './find-secrets.ts';
import { parseEngines, parseRuntime } from './parse-engines.ts';
import { siteSource } from '../ingest/live-site/site-source.ts';
import { isKnownEncoding } from '../ingest/decode-source.ts';
import type { FlaggedChoice } from '../ingest/examine-document.ts';
import { configError } from '../ingest/source-error.ts';
import { parseSynonyms, type SynonymsChoice } from './parse-synonyms.ts';
import { yamlFields } from './yaml-fields.ts';
import type { YamlFields, YamlPath } from './yaml-fields.ts';

/** An understudy.yml as it stands, before files it names are read. */
export interface ParsedConfig {
  readonly appId: string;
  readonly name: string;
  readonly languages: readonly string[];
  readonly sources: readonly Source[];
  /** Absolute path of the intents file; null: the default intents. */
  readonly intentsFile: string | null;
  readonly synonyms: SynonymsChoice;
  readonly branding: BrandingChoice;
  readonly app: AppConfig | null;
  readonly generator: ModelChoice;
  readonly encoder: ModelChoice;
  readonly modelHub: string;
  readonly modelSha256: string | null;
  readonly modelCache: string;
  readonly questionsFile: string | null;
  readonly expectedFile: string | null;
  readonly nearMissesFile: string | null;
  readonly runtime: RuntimeChoice | null;
  readonly engines: readonly EngineChoice[] | null;
  readonly lead: LeadConfig | null;
  readonly flagged: FlaggedChoice;
  readonly remarks: readonly string[];
}

const KEYS = [
  'app',
  'name',
  'languages',
  'sources',
  'intents',
  'synonyms',
  'branding',
  'model',
  'generator',
  'encoder',
  'modelHub',
  'modelSha256',
  'questions',
  'expected',
  'nearMisses',
  'runtime',
  'engines',
  'lead',
  'flagged',
  ...APP_KEYS,
];
const SOURCE_KEYS = ['path', 'language', 'url', 'tags', 'encoding'];
const BRANDING_KEYS = ['title', 'greeting', 'accent', 'suggestions', 'contactUrl'];
const APP_ID = /^[a-z0-9][a-z0-9._-]{0,99}$/;

/**
 * Accepts an understudy.yml; paths are relative to its folder.
 * @param appPath - The app it is for, where that is known without its `dify`.
 * @throws UnderstudyError `cli/config-invalid` with file, line and column.
 */
export function parseConfig(text: string, configPath: string, appPath: string | null = null): ParsedConfig {
  const file = basename(configPath);
  const [secret] = findSecrets(text);
  if (secret !== undefined) {
    const { line, column, kind } = secret;
    const what = `this looks like ${kind}; everything in a bundle is public, so no key may be written here`;
    throw configError({ file, line, column }, what);
  }
  const fields = yamlFields(readYaml(text, file));
  const folder = dirname(resolve(configPath));
  const root = fields.map([], KEYS);
  const appId = fields.text(['app']) ?? appIdFrom(appPath?.replace(/\.[^.\\/]*$/, '') ?? folder);
  if (!APP_ID.test(appId)) {
    throw fields.fail(
      ['app'],
      `is "${appId}"; it must be lower-case letters, digits, "-", "_" and ".", at most 100`,
    );
  }
  const name = fields.text(['name']) ?? appId;
  const languages = parseLanguages(fields);
  const intents = fields.text(['intents']);
  const questions = fields.text(['questions']);
  const expected = fields.text(['expected']);
  const nearMisses = fields.text(['nearMisses']);
  const engines = parseEngines(fields);
  const generator = parseGenerator(fields, folder);
  const app = parseApp(fields, folder, appPath, parseOwnerChoices(text, file));
  return {
    appId,
    name,
    languages,
    // The folder of an app holds its export: pages are those that are named.
    sources: parseSources(fields, folder, app === null),
    app,
    intentsFile: intents === null ? null : resolve(folder, intents),
    synonyms: parseSynonyms(fields, root['synonyms'], folder),
    branding: parseBranding(fields, languages),
    generator,
    encoder: parseModelAt(fields, 'encoder', 'none', folder),
    ...parseFetching(fields, folder, generator),
    questionsFile: questions === null ? null : resolve(folder, questions),
    expectedFile: expected === null ? null : resolve(folder, expected),
    nearMissesFile: nearMisses === null ? null : resolve(folder, nearMisses),
    runtime: parseRuntime(fields, engines),
    engines,
    lead: parseLead(fields),
    flagged: parseFlagged(fields),
    remarks: fields.remarks,
  };
}

/** Makes an app id from the name of a folder. */
export function appIdFrom(folder: string): string {
  const id = basename(resolve(folder))
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+|-+$/g, '')
    .slice(0, 100);
  return id === '' ? 'understudy' : id;
}

/** `generator` is the other name of `model`. */
function parseGenerator(fields: YamlFields, folder: string): ModelChoice {
  if (!fields.has(['model'])) return parseModelAt(fields, 'generator', 'default', folder);
  if (fields.has(['generator']))
    throw fields.fail(['generator'], 'says the same as "model"; write one of them');
  return parseModelAt(fields, 'model', 'default', folder);
}

function parseModelAt(fields: YamlFields, key: string, fallback: string, folder: string): ModelChoice {
  const choice = parseModel(fields.text([key]) ?? fallback, folder);
  const url = urlOf(choice);
  const fault = url === null ? null : addressFault(url);
  if (fault !== null) throw fields.fail([key], fault);
  return choice;
}

function parseFetching(
  fields: YamlFields,
  folder: string,
  generator: ModelChoice,
): Pick<ParsedConfig, 'modelHub' | 'modelSha256' | 'modelCache'> {
  const modelHub = fields.text(['modelHub']) ?? DEFAULT_MODEL_HUB;
  const fault = addressFault(modelHub);
  if (fault !== null) throw fields.fail(['modelHub'], fault);
  const digits = fields.text(['modelSha256']);
  const modelSha256 = digits === null ? null : parseSha256(digits);
  if (digits !== null && modelSha256 === null)
    throw fields.fail(['modelSha256'], 'is no SHA-256 of 64 digits');
  if (modelSha256 !== null && !isFetched(generator))
    throw fields.fail(['modelSha256'], 'belongs to a model that is fetched: name its id or address');
  return { modelHub, modelSha256, modelCache: modelCacheIn(folder) };
}

/** Folder beside a configuration in which fetched sites are kept. */
export function siteCacheIn(folder: string): string {
  return join(folder, CACHE_FOLDER, 'sites');
}

/** Folder beside a configuration in which fetched models are kept. */
export function modelCacheIn(folder: string): string {
  return join(folder, CACHE_FOLDER, 'models');
}

function parseLanguages(fields: YamlFields): readonly string[] {
  return fields.texts(['languages']).map((language, index) => {
    if (!/^[a-z]{2,3}$/.test(language)) {
      throw fields.fail(['languages', index], `is "${language}"; write a language such as en or zh`);
    }
    return language;
  });
}

function parseSources(fields: YamlFields, folder: string, isWhole: boolean): readonly Source[] {
  const sources = [...fields.list(['sources']).entries()].map(([index, entry]): Source => {
    const path: YamlPath = ['sources', index];
    // A plain text is short for {path: text}.
    const isShort = typeof entry === 'string';
    if (!isShort) fields.map(path, SOURCE_KEYS);
    const name = isShort ? entry : fields.text([...path, 'path']);
    if (name === null || name === '') throw fields.fail(path, 'has no path');
    const language = isShort ? null : fields.text([...path, 'language']);
    if (language !== null && !/^[a-z]{2,3}$/.test(language)) {
      throw fields.fail([...path, 'language'], `is "${language}"; write a language such as en or zh`);
    }
    const encoding = isShort ? null : fields.text([...path, 'encoding']);
    if (encoding !== null && !isKnownEncoding(encoding)) {
      throw fields.fail(
        [...path, 'encoding'],
        `is "${encoding}"; write a name such as gb18030, big5, shift_jis or windows-1252`,
      );
    }
    const url = isShort ? null : fields.text([...path, 'url']);
    const fault = isAddress(name) ? addressFault(name) : null;
    if (fault !== null) throw fields.fail(isShort ? path : [...path, 'path'], fault);
    if (isAddress(name) && url !== null)
      throw fields.fail([...path, 'url'], 'belongs to files; pages of a site have their own addresses');
    const where = isAddress(name)
      ? siteSource(name, siteCacheIn(folder))
      : {
          path: resolve(folder, name),
          name: name.replace(/^\.\/(?=.)|\/+$/g, '').replaceAll('\\', '/'),
        };
    return {
      ...where,
      language,
      url,
      tags: isShort ? [] : fields.texts([...path, 'tags']).map((tag) => tag.toLowerCase()),
      ...(encoding === null ? {} : { encoding }),
    };
  });
  return sources.length > 0 || !isWhole
    ? sources
    : [{ path: folder, name: '.', language: null, url: null, tags: [] }];
}

function parseBranding(fields: YamlFields, languages: readonly string[]): BrandingChoice {
  fields.map(['branding'], BRANDING_KEYS);
  const accent = fields.text(['branding', 'accent']);
  if (accent !== null && !/^#[0-9a-f]{6}$/i.test(accent)) {
    throw fields.fail(['branding', 'accent'], `is "${accent}"; write a color as "#rrggbb", in quotes`);
  }
  const contactUrl = fields.text(['branding', 'contactUrl']);
  if (
    contactUrl !== null &&
    !/^(?:https?:\/\/|\/|\.{0,2}\/|mailto:|tel:|[\w-]+\/|[\w-]+\.html?)/i.test(contactUrl)
  ) {
    throw fields.fail(
      ['branding', 'contactUrl'],
      `is "${contactUrl}"; write an address of a page, mailto: or tel:`,
    );
  }
  const suggestions = fields.localizedLists(
    ['branding', 'suggestions'],
    languages.length > 0 ? languages : ['en'],
  );
  return {
    title: fields.localized(['branding', 'title']),
    greeting: fields.localized(['branding', 'greeting']),
    accent: accent?.toLowerCase() ?? null,
    suggestions: Object.keys(suggestions).length === 0 ? null : suggestions,
    contactUrl,
  };
}

function parseFlagged(fields: YamlFields): FlaggedChoice {
  const flagged = fields.text(['flagged']) ?? 'keep';
  if (flagged !== 'keep' && flagged !== 'drop') throw fields.fail(['flagged'], 'must be keep or drop');
  return flagged;
}

function parseLead(fields: YamlFields): LeadConfig | null {
  const value = fields.map(['lead'], ['kind', 'baseUrl', 'appCode']);
  if (Object.keys(value).length === 0) return null;
  const kind = fields.text(['lead', 'kind']);
  if (kind !== 'dify' && kind !== 'openai') throw fields.fail(['lead', 'kind'], 'must be dify or openai');
  const baseUrl = fields.text(['lead', 'baseUrl']) ?? '';
  if (!/^(?:https?:\/\/|\/)/i.test(baseUrl)) {
    throw fields.fail(['lead', 'baseUrl'], 'must begin with https://, http:// or /');
  }
  return { kind, baseUrl, appCode: fields.text(['lead', 'appCode']) ?? '' };
}
