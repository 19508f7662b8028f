import type { DatasetOrigin } from '../config/build-config.ts';
import type { AppOptions, LoadConfigOptions } from '../config/load-config.ts';
import { annotationsFrom, datasetFrom } from '../config/parse-app.ts';
import type { CommandOptions } from './command.ts';
import { usageError } from './command.ts';

/** Options of every command that builds an app. */
export const APP_OPTIONS = {
  config: { type: 'string' },
  dataset: { type: 'string', multiple: true },
  tenant: { type: 'string' },
  annotations: { type: 'string' },
  'dify-url': { type: 'string' },
} as const;

/**
 * Reads {@link APP_OPTIONS}; paths are relative to the working folder.
 * @throws UnderstudyError `cli/usage`.
 */
export function readAppOptions(options: CommandOptions): LoadConfigOptions {
  const datasets = new Map<string, DatasetOrigin>();
  for (const text of options.texts('dataset')) {
    // Encrypted ids are base64 and may end in "=": the last one that is followed by something else parts the two.
    const cut = /^(.+?=*)=([^=].*)$/.exec(text);
    const [, id, where] = cut ?? [];
    if (id === undefined || where === undefined)
      throw usageError(`--dataset must be ID=FOLDER, ID=FILE or ID=pull, not "${text}".`);
    if (datasets.has(id)) throw usageError(`--dataset names "${id}" twice.`);
    datasets.set(id, datasetFrom(where, id, '.'));
  }
  const tenant = options.text('tenant');
  const annotations = options.text('annotations');
  const difyUrl = options.text('dify-url');
  if (difyUrl !== null && !(/^https?:\/\/[^/]/i.test(difyUrl) && URL.canParse(difyUrl)))
    throw usageError(`--dify-url must begin with https:// or http://, not "${difyUrl}".`);
  const app: AppOptions = {
    ...(datasets.size === 0 ? {} : { datasets }),
    ...(tenant === null ? {} : { tenant }),
    ...(annotations === null ? {} : { annotations: annotationsFrom(annotations, '.') }),
    ...(difyUrl === null ? {} : { difyUrl }),
  };
  const config = options.text('config');
  return { app, ...(config === null ? {} : { config }) };
}
