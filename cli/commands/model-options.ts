import { resolve } from 'node:path';
import process from 'node:process';
import type { ModelChoice } from '../config/build-config.ts';
import type { LoadConfigOptions } from '../config/load-config.ts';
import { parseModel, parseSha256, urlOf } from '../config/parse-model.ts';
import { addressFault } from '../fetch/address-fault.ts';
import type { CommandOptions } from './command.ts';
import { usageError } from './command.ts';

/** Environment variable with the base of the hub; `--model-hub` wins over it, and it over the configuration. */
export const MODEL_HUB = 'UNDERSTUDY_MODEL_HUB';

/** Options of a command that packs models; `generator` is the other name of `model`. */
export const MODEL_OPTIONS = {
  model: { type: 'string' },
  generator: { type: 'string' },
  encoder: { type: 'string' },
  'model-hub': { type: 'string' },
  'model-sha256': { type: 'string' },
  questions: { type: 'string' },
} as const;

/** Reads {@link MODEL_OPTIONS}; paths are relative to the working folder. @throws UnderstudyError `cli/usage`. */
export function readModelOptions(options: CommandOptions): LoadConfigOptions {
  if (options.text('model') !== null && options.text('generator') !== null)
    throw usageError('--model and --generator say the same: give one of them.');
  const generator = modelOption(options, 'model') ?? modelOption(options, 'generator');
  const encoder = modelOption(options, 'encoder');
  const digits = options.text('model-sha256');
  const modelSha256 = digits === null ? null : parseSha256(digits);
  if (digits !== null && modelSha256 === null)
    throw usageError(`--model-sha256 must be 64 hexadecimal digits, not "${digits}".`);
  const questions = options.text('questions');
  return {
    ...(generator === null ? {} : { generator }),
    ...(encoder === null ? {} : { encoder }),
    ...namedModelHub(options.text('model-hub')),
    ...(modelSha256 === null ? {} : { modelSha256 }),
    ...(questions === null ? {} : { questionsFile: resolve(questions) }),
  };
}

/** Reads a choice of model from an option; null when it is not given. @throws UnderstudyError `cli/usage`. */
export function modelOption(options: CommandOptions, name: string): ModelChoice | null {
  const text = options.text(name);
  if (text === null) return null;
  const choice = parseModel(text, '.');
  const url = urlOf(choice);
  const fault = url === null ? null : addressFault(url);
  if (fault !== null) throw usageError(`--${name}: "${text}" ${fault}.`);
  return choice;
}

/** The hub that wins over the configuration's, for commands that build; empty when none is named. @throws UnderstudyError `cli/usage`. */
export function namedModelHub(given: string | null = null): Pick<LoadConfigOptions, 'modelHub'> {
  const modelHub = readModelHub(given);
  return modelHub === null ? {} : { modelHub };
}

/** The hub of the command line, else of the environment; null when neither names one. @throws UnderstudyError `cli/usage`. */
export function readModelHub(given: string | null): string | null {
  const hub = given ?? process.env[MODEL_HUB] ?? '';
  if (hub === '') return null;
  const fault = addressFault(hub);
  if (fault === null) return hub;
  throw usageError(`${given === null ? MODEL_HUB : '--model-hub'}: "${hub}" ${fault}.`);
}
