import { readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { CONFIG_FILE } from '../config/load-config.ts';
import { readYaml } from '../config/read-yaml.ts';
import { yamlFields } from '../config/yaml-fields.ts';
import type { AppReport } from './app-report.ts';
import { compileApp } from './compile-app.ts';
import { NO_CHOICES, loadOwnerChoices } from './owner-choices.ts';
import { loadDifyApp } from './read-app.ts';

/**
 * Compiles an exported app to say what runs where; writes nothing.
 * @param target - Path of the export, or of an understudy.yml that names it under `dify`.
 * @param config - Path of the understudy.yml; null: the one beside the app, if there is one.
 * @throws UnderstudyError as of `loadDifyApp`, `loadOwnerChoices` and `compileApp`.
 */
export function inspectApp(target: string, config: string | null): AppReport {
  const named = basename(target) === CONFIG_FILE ? appOf(target) : null;
  const path = named ?? target;
  const app = loadDifyApp(path);
  const beside = named === null ? join(dirname(path), CONFIG_FILE) : target;
  const choices =
    config !== null
      ? loadOwnerChoices(config)
      : statSync(beside, { throwIfNoEntry: false })?.isFile() === true
        ? loadOwnerChoices(beside)
        : NO_CHOICES;
  return compileApp(app, { choices, path }).report;
}

/** The app that an understudy.yml names; null when it names none. */
function appOf(config: string): string | null {
  const fields = yamlFields(readYaml(readFileSync(config, 'utf8'), basename(config)));
  const named = fields.text(['dify']) ?? '';
  return named === '' ? null : resolve(dirname(config), named);
}
