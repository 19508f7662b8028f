import { readFileSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { UnderstudyError } from '../../src/contracts/errors.ts';
import { decodeText } from '../ingest/decode-text.ts';
import { configError } from '../ingest/source-error.ts';
import type { BuildConfig, GeneratorChoice, IntentsConfig } from './build-config.ts';
import { findSecrets } from './find-secrets.ts';
import type { ParsedConfig } from './parse-config.ts';
import { DEFAULT_GREETING, appIdFrom, parseConfig } from './parse-config.ts';
import { parseIntents } from './parse-intents.ts';
import { STARTER_INTENTS } from './starter-intents.ts';

/** Name of the configuration in a folder. */
export const CONFIG_FILE = 'understudy.yml';
/** Name of the intents file that a folder without configuration may hold. */
export const INTENTS_FILE = 'intents.yml';

/** Options of {@link loadConfig}. */
export interface LoadConfigOptions {
  /** Wins over the configuration's `generator`. */
  readonly generator?: GeneratorChoice;
}

/**
 * Reads an understudy.yml, or a folder with or without one: without, every page in the folder is a source.
 * @throws UnderstudyError `cli/not-found`, `cli/config-invalid`.
 */
export function loadConfig(target: string, options: LoadConfigOptions = {}): BuildConfig {
  const path = resolve(target);
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) {
    throw new UnderstudyError('cli/not-found', `"${target}" does not exist.`, { facts: { path: target } });
  }
  const configPath = stats.isDirectory() ? join(path, CONFIG_FILE) : path;
  const hasConfig = statSync(configPath, { throwIfNoEntry: false })?.isFile() === true;
  const parsed = hasConfig ? parseConfig(readConfigText(configPath), configPath) : defaultConfig(path);
  const { intents, remarks } = loadIntents(parsed);
  const { intentsFile, ...rest } = parsed;
  return {
    ...rest,
    generator: options.generator ?? parsed.generator,
    runtime: parsed.runtime,
    intents,
    files: new Set([configPath, ...(intentsFile === null ? [] : [intentsFile])]),
    remarks: [...parsed.remarks, ...remarks],
  };
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
    branding: {
      title: { '*': name },
      greeting: DEFAULT_GREETING,
      accent: null,
      suggestions: {},
      contactUrl: null,
    },
    generator: { kind: 'default' },
    runtime: 'kernel',
    engines: null,
    lead: null,
    remarks: [],
  };
}

function loadIntents(parsed: ParsedConfig): { intents: IntentsConfig; remarks: readonly string[] } {
  const languages = parsed.languages.length > 0 ? parsed.languages : ['en'];
  const path = parsed.intentsFile;
  if (path === null) return parseIntents(STARTER_INTENTS, 'starter intents', languages);
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) {
    throw new UnderstudyError('cli/not-found', `The intents file "${basename(path)}" does not exist.`, {
      facts: { path },
    });
  }
  const text = readConfigText(path);
  const [secret] = findSecrets(text);
  if (secret !== undefined) {
    const { line, column, kind } = secret;
    throw configError({ file: basename(path), line, column }, `this looks like ${kind}; a bundle is public`);
  }
  return parseIntents(text, basename(path), languages);
}

function readConfigText(path: string): string {
  return decodeText(readFileSync(path), basename(path)).replace(/^\ufeff/, '');
}
