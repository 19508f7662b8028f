import type { CatalogueModel, ModelTask } from '../../src/contracts/model-catalogue.ts';
import { MODEL_TASKS } from '../../src/contracts/model-catalogue.ts';
import type { CommandOptions } from '../commands/command.ts';
import { usageError } from '../commands/command.ts';
import { suggestName } from '../config/suggest-name.ts';
import type { ModelChoice } from './choose-format.ts';
import { chooseFormat } from './choose-format.ts';
import type { EngineName } from './engine-fit.ts';
import { ENGINES } from './engine-fit.ts';
import type { Device } from './judge-device.ts';
import { known } from './load-catalogue.ts';

/** Which models are wanted; null leaves a field free. What is unknown of a model meets no wish. */
export interface ModelFilter {
  readonly engine: EngineName | null;
  readonly task: ModelTask | null;
  readonly language: string | null;
  /** `permissive`, or the license itself. */
  readonly licence: string | null;
  readonly maxBytes: number | null;
}

export const FILTER_OPTIONS = {
  engine: { type: 'string' },
  task: { type: 'string' },
  language: { type: 'string' },
  licence: { type: 'string' },
  'max-size': { type: 'string' },
} as const;

const PERMISSIVE = new Set(['Apache-2.0', 'MIT', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC']);
const UNITS: ReadonlyMap<string, number> = new Map([
  ['B', 1],
  ['KB', 1e3],
  ['MB', 1e6],
  ['GB', 1e9],
]);

/** Reads a filter from the command line. @throws UnderstudyError `cli/usage` for names and sizes that are none. */
export function filterFrom(options: CommandOptions): ModelFilter {
  const size = options.text('max-size');
  return {
    engine: oneOf(options, 'engine', ENGINES),
    task: oneOf(options, 'task', MODEL_TASKS),
    language: options.text('language')?.toLowerCase() ?? null,
    licence: options.text('licence')?.toLowerCase() ?? null,
    maxBytes: size === null ? null : parseSize(size),
  };
}

/** Gives the models that meet a filter, each in the form in which an engine would run it. */
export function selectModels(
  models: readonly CatalogueModel[],
  filter: ModelFilter,
  device: Device,
): readonly ModelChoice[] {
  return models.flatMap((model) => {
    const choice = chooseFormat(model, filter.engine, device);
    return choice !== null && meets(choice, filter) ? [choice] : [];
  });
}

function meets({ model, weights }: ModelChoice, filter: ModelFilter): boolean {
  const { task, language, licence, maxBytes } = filter;
  if (task !== null && known(model.task) !== task) return false;
  if (language !== null && known(model.languages)?.includes(language) !== true) return false;
  if (maxBytes !== null && (weights === null || weights.bytes > maxBytes)) return false;
  if (licence === null) return true;
  const of = known(model.licence);
  if (of === null) return false;
  return licence === 'permissive' ? PERMISSIVE.has(of) : of.toLowerCase() === licence;
}

function parseSize(text: string): number {
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?) ?([kmg]?b)$/i.exec(text.trim()) ?? [];
  const factor = UNITS.get(unit.toUpperCase());
  if (factor === undefined) throw usageError(`--max-size is a size such as 200MB or 1.5GB, not "${text}".`);
  return Number(number) * factor;
}

function oneOf<Name extends string>(
  options: CommandOptions,
  option: string,
  names: readonly Name[],
): Name | null {
  const text = options.text(option);
  if (text === null) return null;
  const name = names.find((candidate) => candidate === text);
  if (name !== undefined) return name;
  const close = suggestName(text, names);
  const hint = close === null ? '' : `; did you mean "${close}"?`;
  throw usageError(`--${option} is one of ${names.join(', ')}, not "${text}"${hint === '' ? '.' : hint}`);
}
