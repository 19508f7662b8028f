import { readFileSync, statSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { UnderstudyError } from '../../src/contracts/errors.ts';
import { NO_CHOICES } from '../dify/owner-choices.ts';
import type { FlaggedChoice } from '../ingest/examine-document.ts';
import { addressFault, isAddress } from '../fetch/address-fault.ts';
import { siteSource } from '../ingest/live-site/site-source.ts';
import { decodeText } from '../ingest/decode-text.ts';
import { configError } from '../ingest/source-error.ts';
import type {
  AnnotationsOrigin,
  AppConfig,
  BuildConfig,
  DatasetOrigin,
  ModelChoice,
  IntentsConfig,
} from './build-config.ts';
import { findSecrets } from './find-secrets.ts';
import { isDifyExport } from './is-dify-export.ts';
import { CACHE_FOLDER, DEFAULT_DIFY_URL } from './parse-app.ts';
import type { ParsedConfig } from './parse-config.ts';
import { appIdFrom, modelCacheIn, parseConfig, siteCacheIn } from './parse-config.ts';
import { DEFAULT_MODEL_HUB, isFetched } from './parse-model.ts';
import { parseIntents } from './parse-intents.ts';
import { parseSynonymsFile } from './parse-synonyms.ts';
import { STARTER_INTENTS } from './starter-intents.ts';

/** Name of the configuration in a folder. */
export const CONFIG_FILE = 'understudy.yml';
/** Name of the intents file that a folder without configuration may hold. */
export const INTENTS_FILE = 'intents.yml';

/** What the command line says of an app; each wins over the configuration. */
export interface AppOptions {
  readonly datasets?: ReadonlyMap<string, DatasetOrigin>;
  readonly tenant?: string;
  readonly annotations?: AnnotationsOrigin;
  readonly difyUrl?: string;
}

/** Options of {@link loadConfig}. */
export interface LoadConfigOptions {
  /** Wins over the configuration's `generator`. */
  readonly generator?: ModelChoice;
  /** Wins over the configuration's `encoder`. */
  readonly encoder?: ModelChoice;
  /** Wins over the configuration's `modelHub`. */
  readonly modelHub?: string;
  /** Wins over the configuration's `modelSha256`. */
  readonly modelSha256?: string;
  /** Absolute path; wins over the configuration's `questions`. */
  readonly questionsFile?: string;
  /** Absolute path; wins over the configuration's `expected`. */
  readonly expectedFile?: string;
  /** Absolute path; wins over the configuration's `nearMisses`. */
  readonly nearMissesFile?: string;
  /** Path of the configuration where the target is an exported app. */
  readonly config?: string;
  readonly app?: AppOptions;
  /** Wins over the configuration's `flagged`. */
  readonly flagged?: FlaggedChoice;
}

/**
 * Reads an understudy.yml, a folder with or without one, an exported Dify app, or the address of a site. Without a configuration, every
 * page in the folder is a source, and an app has none; of a site, what is fetched is kept in the working folder.
 * @throws UnderstudyError `cli/not-found`, `cli/config-invalid`, `cli/usage` for options that belong to an app where there is none.
 */
export function loadConfig(target: string, options: LoadConfigOptions = {}): BuildConfig {
  const path = isAddress(target) ? null : existing(target);
  const isApp = path !== null && statSync(path).isFile() && isDifyExport(path);
  if (!isApp && options.config !== undefined)
    throw new UnderstudyError('cli/usage', '--config belongs to an exported app: name that first.');
  const parsed =
    path === null ? siteConfig(target) : isApp ? appConfig(path, options.config) : pagesConfig(path);
  const { intents, remarks } = loadIntents(parsed.config);
  const { intentsFile, synonyms, ...rest } = parsed.config;
  const app = withOptions(parsed.config.app, options.app ?? {});
  const questionsFile = options.questionsFile ?? parsed.config.questionsFile;
  const expectedFile = options.expectedFile ?? parsed.config.expectedFile;
  const nearMissesFile = options.nearMissesFile ?? parsed.config.nearMissesFile;
  const generator = options.generator ?? parsed.config.generator;
  // The configuration's hash is that of its own model.
  const ownSha256 = options.generator === undefined ? parsed.config.modelSha256 : null;
  const modelSha256 = options.modelSha256 ?? ownSha256;
  if (modelSha256 !== null && !isFetched(generator))
    throw new UnderstudyError(
      'cli/usage',
      'A hash belongs to a model that is fetched: name its id or address.',
    );
  return {
    ...rest,
    app,
    flagged: options.flagged ?? parsed.config.flagged,
    generator,
    encoder: options.encoder ?? parsed.config.encoder,
    modelHub: options.modelHub ?? parsed.config.modelHub,
    modelSha256,
    questionsFile,
    expectedFile,
    nearMissesFile,
    intents,
    synonyms:
      synonyms.file === null
        ? synonyms.rules
        : parseSynonymsFile(readNamed(synonyms.file, 'synonyms'), basename(synonyms.file)),
    files: new Set(
      [
        parsed.path,
        intentsFile,
        synonyms.file,
        questionsFile,
        expectedFile,
        nearMissesFile,
        app?.path ?? null,
      ].filter((file): file is string => file !== null),
    ),
    remarks: [...parsed.config.remarks, ...remarks],
  };
}

interface FoundConfig {
  readonly config: ParsedConfig;
  /** Of the configuration file, which need not exist. */
  readonly path: string | null;
}

function existing(target: string): string {
  const path = resolve(target);
  if (statSync(path, { throwIfNoEntry: false }) !== undefined) return path;
  throw new UnderstudyError('cli/not-found', `"${target}" does not exist.`, { facts: { path: target } });
}

function siteConfig(address: string): FoundConfig {
  const fault = addressFault(address);
  if (fault !== null) throw new UnderstudyError('cli/usage', `"${address}" ${fault}.`);
  const { host } = new URL(address);
  const folder = resolve('.');
  return {
    config: {
      ...defaultConfig(folder),
      appId: appIdFrom(host),
      name: host,
      sources: [siteSource(address, siteCacheIn(folder))],
      intentsFile: null,
    },
    path: null,
  };
}

function pagesConfig(path: string): FoundConfig {
  const configPath = statSync(path).isDirectory() ? join(path, CONFIG_FILE) : path;
  const hasConfig = statSync(configPath, { throwIfNoEntry: false })?.isFile() === true;
  const config = hasConfig ? parseConfig(readConfigText(configPath), configPath) : defaultConfig(path);
  return { config, path: configPath };
}

/** An app with a configuration that need not name it, or with none: then its id is the name of its file. */
function appConfig(path: string, configTarget: string | undefined): FoundConfig {
  if (configTarget !== undefined) {
    const configPath = existing(configTarget);
    const config = parseConfig(readConfigText(configPath), configPath, path);
    return { config, path: configPath };
  }
  const name = basename(path, extname(path));
  const app: AppConfig = {
    path,
    datasets: new Map(),
    tenant: null,
    annotations: null,
    difyUrl: DEFAULT_DIFY_URL,
    choices: NO_CHOICES,
    classes: {},
    cache: join(dirname(path), CACHE_FOLDER),
  };
  return {
    config: {
      ...defaultConfig(dirname(path)),
      appId: appIdFrom(name),
      name,
      sources: [],
      intentsFile: null,
      app,
    },
    path: null,
  };
}

function withOptions(app: AppConfig | null, options: AppOptions): AppConfig | null {
  if (app === null) {
    if (Object.keys(options).length === 0) return null;
    throw new UnderstudyError(
      'cli/usage',
      'Datasets, tenant and annotations belong to a Dify app, and none is named.',
    );
  }
  const { datasets = new Map<string, DatasetOrigin>(), ...rest } = options;
  return { ...app, ...rest, datasets: new Map([...app.datasets, ...datasets]) };
}

function defaultConfig(folder: string): ParsedConfig {
  const intentsPath = join(folder, INTENTS_FILE);
  const name = basename(folder);
  return {
    appId: appIdFrom(folder),
    name,
    languages: [],
    sources: [{ path: folder, name: '.', language: null, url: null, tags: [] }],
    intentsFile: statSync(intentsPath, { throwIfNoEntry: false })?.isFile() === true ? intentsPath : null,
    synonyms: { rules: [], file: null },
    branding: { title: null, greeting: null, accent: null, suggestions: null, contactUrl: null },
    app: null,
    generator: { kind: 'default' },
    encoder: { kind: 'none' },
    modelHub: DEFAULT_MODEL_HUB,
    modelSha256: null,
    modelCache: modelCacheIn(folder),
    questionsFile: null,
    expectedFile: null,
    nearMissesFile: null,
    runtime: null,
    engines: null,
    lead: null,
    flagged: 'keep',
    remarks: [],
  };
}

function loadIntents(parsed: ParsedConfig): { intents: IntentsConfig; remarks: readonly string[] } {
  const languages = parsed.languages.length > 0 ? parsed.languages : ['en'];
  const path = parsed.intentsFile;
  // An app says itself what it answers to a greeting.
  if (path === null && parsed.app !== null)
    return { intents: { definitions: [], examples: {}, none: [] }, remarks: [] };
  if (path === null) return parseIntents(STARTER_INTENTS, 'starter intents', languages);
  return parseIntents(readNamed(path, 'intents'), basename(path), languages);
}

/** Reads a file that the configuration names. */
function readNamed(path: string, what: string): string {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) {
    throw new UnderstudyError('cli/not-found', `The ${what} file "${basename(path)}" does not exist.`, {
      facts: { path },
    });
  }
  const text = readConfigText(path);
  const [secret] = findSecrets(text);
  if (secret !== undefined) {
    const { line, column, kind } = secret;
    throw configError({ file: basename(path), line, column }, `this looks like ${kind}; a bundle is public`);
  }
  return text;
}

function readConfigText(path: string): string {
  return decodeText(readFileSync(path), basename(path)).replace(/^\ufeff/, '');
}
